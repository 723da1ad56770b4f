package io.github.divio4j.examples.sandbox;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of a request that fit its {@link Shape}, and what is wrong with the others.
 *
 * <p>Faults are collected per field instead of thrown one by one, because clients send a single field and look whether
 * its own key is among the errors.
 */
final class Input {
    private final Map<String, @Nullable Object> values = new LinkedHashMap<>();
    private final Map<String, List<String>> errors = new LinkedHashMap<>();

    Input(Shape shape, Map<String, @Nullable Object> body, boolean partial) {
        for (Field field : shape.fields()) {
            if (!body.containsKey(field.name())) {
                if (field.required() && !partial) {
                    reject(field.name(), "This field is required.");
                }
            } else {
                accept(field, body.get(field.name()));
            }
        }
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    @Nullable
    String text(String name) {
        return (String) values.get(name);
    }

    /** The text, or what to take if the request does not say. */
    String textOr(String name, String otherwise) {
        String text = text(name);
        return text == null ? otherwise : text;
    }

    @Nullable
    Instant instant(String name) {
        return (Instant) values.get(name);
    }

    List<String> ids(String name) {
        return list(name).stream().map(String::valueOf).toList();
    }

    List<Input> objects(String name) {
        return list(name).stream().map(Input.class::cast).toList();
    }

    private List<?> list(String name) {
        return values.get(name) instanceof List<?> list ? list : List.of();
    }

    void reject(String name, String message) {
        errors.computeIfAbsent(name, key -> new ArrayList<>()).add(message);
    }

    void rejectUnknown(String name, String id) {
        reject(name, "Invalid pk \"" + id + "\" - object does not exist.");
    }

    boolean isRejected(String name) {
        return errors.containsKey(name);
    }

    /** Refuses the request if anything was wrong. */
    void check() {
        if (!errors.isEmpty()) {
            throw ApiException.invalid(errors);
        }
    }

    private void accept(Field field, @Nullable Object value) {
        String name = field.name();
        if (value == null) {
            if (field.nullable()) {
                values.put(name, null);
            } else {
                reject(name, "This field may not be null.");
            }
            return;
        }
        switch (field.kind()) {
            case TEXT, NOTES, ID, SLUG, URL -> acceptText(field, value);
            case DATETIME -> acceptInstant(name, value);
            case IDS -> acceptIds(name, value);
            case OBJECTS -> acceptObjects(field, value);
            case LIST -> acceptList(name, value);
            case BOOLEAN, INTEGER, NUMBER, OBJECT -> values.put(name, value);
        }
    }

    private void acceptText(Field field, Object value) {
        String name = field.name();
        if (!(value instanceof String) && !(value instanceof Number)) {
            reject(name, "Not a valid string.");
            return;
        }
        String text = value.toString().strip();
        if (text.isEmpty() && field.kind() != Field.Kind.NOTES) {
            reject(name, "This field may not be blank.");
        } else if (!field.choices().isEmpty() && !field.choices().contains(text)) {
            reject(name, "\"" + text + "\" is not a valid choice.");
        } else if (field.kind() == Field.Kind.SLUG && !text.matches("[-a-zA-Z0-9_]+")) {
            reject(name, "Enter a valid \"slug\" consisting of letters, numbers, underscores or hyphens.");
        } else if (field.kind() == Field.Kind.URL && !isWebAddress(text)) {
            reject(name, "Enter a valid URL.");
        } else {
            values.put(name, text);
        }
    }

    private static boolean isWebAddress(String text) {
        try {
            URI uri = new URI(text);
            return uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private void acceptInstant(String name, Object value) {
        try {
            values.put(
                    name,
                    OffsetDateTime.parse(value.toString(), DateTimeFormatter.ISO_OFFSET_DATE_TIME)
                            .toInstant());
        } catch (DateTimeException e) {
            reject(
                    name,
                    "Datetime has wrong format. Use one of these formats instead: "
                            + "YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].");
        }
    }

    private void acceptList(String name, Object value) {
        if (value instanceof List) {
            values.put(name, value);
        } else {
            reject(name, "Expected a list of items but got type \"" + pythonType(value) + "\".");
        }
    }

    private void acceptIds(String name, Object value) {
        if (!(value instanceof List<?> list)) {
            reject(name, "Expected a list of items but got type \"" + pythonType(value) + "\".");
        } else if (list.isEmpty()) {
            reject(name, "This list may not be empty.");
        } else {
            values.put(name, list.stream().map(String::valueOf).distinct().toList());
        }
    }

    private void acceptObjects(Field field, Object value) {
        String name = field.name();
        if (!(value instanceof List<?> list)) {
            reject(name, "Expected a list of items but got type \"" + pythonType(value) + "\".");
            return;
        }
        if (list.isEmpty()) {
            reject(name, "This list may not be empty.");
            return;
        }
        Shape shape = field.shape();
        if (shape == null) {
            throw new IllegalStateException("No shape for the elements of " + name);
        }
        List<Input> inputs = new ArrayList<>();
        for (Object element : list) {
            if (!(element instanceof Map<?, ?> map)) {
                reject(name, "Invalid data. Expected a dictionary, but got " + pythonType(element) + ".");
                return;
            }
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            map.forEach((key, item) -> fields.put(String.valueOf(key), item));
            Input input = shape.read(fields);
            input.errors.forEach((key, messages) -> messages.forEach(message -> reject(name, key + ": " + message)));
            inputs.add(input);
        }
        values.put(name, inputs);
    }

    private static String pythonType(@Nullable Object value) {
        if (value == null) {
            return "NoneType";
        } else if (value instanceof String) {
            return "str";
        } else if (value instanceof Map) {
            return "dict";
        } else if (value instanceof List) {
            return "list";
        } else if (value instanceof Boolean) {
            return "bool";
        }
        return "int";
    }
}
