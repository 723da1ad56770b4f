package io.github.divio4j.client.internal;

import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.Moshi;
import io.github.divio4j.client.error.ErrorDetails;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/** Reads the body of an error answer. */
final class ErrorBody {
    /** The first part of an error body that is read. */
    static final long MAX_BYTES = 64 * 1024;

    private static final int EXCERPT_LENGTH = 300;

    private final Moshi moshi;
    private final Redaction redaction;

    ErrorBody(Moshi moshi, Redaction redaction) {
        this.moshi = moshi;
        this.redaction = redaction;
    }

    static String firstPart(ResponseBody body) {
        Buffer part = new Buffer();
        try {
            BufferedSource source = body.source();
            while (part.size() < MAX_BYTES && source.read(part, MAX_BYTES - part.size()) != -1) {
                // The status is what counts; its explanation may stay incomplete.
            }
        } catch (IOException e) {
            // An explanation that broke off is still one.
        }
        try (ResponseBody kept = ResponseBody.create(part, body.contentType(), part.size())) {
            return kept.string();
        } catch (IOException e) {
            // It is in memory; only an unknown character set can be the reason, and the status says enough.
            return "";
        }
    }

    ErrorDetails read(String body) {
        if (body.isBlank()) {
            return ErrorDetails.NONE;
        }
        Object value;
        try {
            value = moshi.adapter(Object.class).fromJson(body);
        } catch (IOException | JsonDataException e) {
            return excerpt(body);
        }
        Map<String, List<String>> fields = new LinkedHashMap<>();
        List<String> general = new ArrayList<>();
        String detail = null;
        if (value instanceof Map<?, ?> object) {
            for (Map.Entry<?, ?> entry : object.entrySet()) {
                String name = String.valueOf(entry.getKey());
                if (name.equals("detail") && entry.getValue() instanceof String text) {
                    detail = redaction.clean(text);
                } else if (name.equals("non_field_errors")) {
                    collect("", entry.getValue(), fields, general);
                } else {
                    collect(redaction.clean(name), entry.getValue(), fields, general);
                }
            }
        } else {
            collect("", value, fields, general);
        }
        return fields.isEmpty() && general.isEmpty() && detail == null
                ? excerpt(body)
                : new ErrorDetails(fields, general, detail, "");
    }

    private ErrorDetails excerpt(String body) {
        String text = redaction.clean(body).replaceAll("\\s+", " ").strip();
        String cut = text.length() <= EXCERPT_LENGTH ? text : text.substring(0, EXCERPT_LENGTH);
        return new ErrorDetails(Map.of(), List.of(), null, cut);
    }

    private void collect(String field, @Nullable Object value, Map<String, List<String>> fields, List<String> general) {
        if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                Object item = list.get(i);
                boolean nested = item instanceof Map<?, ?> || item instanceof List<?>;
                collect(nested ? field + "[" + i + "]" : field, item, fields, general);
            }
        } else if (value instanceof Map<?, ?> object) {
            object.forEach((name, item) -> {
                String inner = redaction.clean(String.valueOf(name));
                collect(field.isEmpty() ? inner : field + "." + inner, item, fields, general);
            });
        } else if (value != null) {
            String text = redaction.clean(String.valueOf(value));
            if (field.isEmpty()) {
                general.add(text);
            } else {
                fields.computeIfAbsent(field, unused -> new ArrayList<>()).add(text);
            }
        }
    }
}
