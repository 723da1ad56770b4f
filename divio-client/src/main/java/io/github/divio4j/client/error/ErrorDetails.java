package io.github.divio4j.client.error;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the body of an error answer says, in the forms of Django REST Framework.
 *
 * <p>Proven by the official command line tool: {@code non_field_errors} and lists of messages per field. Assumed: {@code detail}.
 *
 * @param fields messages by the field they are about, in the order of the answer; nested fields as {@code services[0].prefix}
 * @param general messages about the request as a whole ({@code non_field_errors}, or a list at the top)
 * @param detail the {@code detail} of the answer, or null
 * @param excerpt the first part of the body when it has none of these forms; otherwise empty
 */
public record ErrorDetails(
        Map<String, List<String>> fields,
        List<String> general,
        @Nullable String detail,
        String excerpt) implements Serializable {
    private static final long serialVersionUID = 1;
    private static final int SUMMARY_LENGTH = 600;

    /** Nothing: an answer without a body. */
    public static final ErrorDetails NONE = new ErrorDetails(Map.of(), List.of(), null, "");

    /** Copies the collections. */
    public ErrorDetails {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        fields.forEach((field, messages) -> copy.put(field, List.copyOf(messages)));
        fields = Collections.unmodifiableMap(copy);
        general = List.copyOf(general);
        Objects.requireNonNull(excerpt, "excerpt");
    }

    /** Returns the messages about one field; empty when there are none. */
    public List<String> field(String name) {
        return fields.getOrDefault(name, List.of());
    }

    /** Returns all of it on one line of at most 600 characters; empty when the answer said nothing. */
    public String summary() {
        List<String> parts = new ArrayList<>();
        if (detail != null && !detail.isBlank()) {
            parts.add(detail);
        }
        parts.addAll(general);
        fields.forEach((field, messages) -> parts.add(field + ": " + String.join(" ", messages)));
        if (parts.isEmpty() && !excerpt.isBlank()) {
            parts.add(excerpt);
        }
        String all = String.join("; ", parts).replaceAll("\\s+", " ").strip();
        return all.length() <= SUMMARY_LENGTH ? all : all.substring(0, SUMMARY_LENGTH - 3) + "...";
    }
}
