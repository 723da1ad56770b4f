package io.github.divio4j.client.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a description of the API in OpenAPI 3 or Swagger 2 says about calls. */
public final class Schema {
    private static final int DEEPEST = 8;

    private final Map<?, ?> document;
    private final Map<String, Map<?, ?>> paths = new TreeMap<>();

    private Schema(String root, Map<?, ?> document, Map<?, ?> described) {
        this.document = document;
        described.forEach((path, operations) -> {
            if (operations instanceof Map<?, ?> map) {
                String text = String.valueOf(path);
                // Paths may be relative to the root of this part of the API.
                paths.put(normal(text.startsWith(root) ? text : root + text.replaceFirst("^/", "")), map);
            }
        });
    }

    /** Returns what a document says, or empty when it is no description. */
    public static Optional<Schema> parse(String root, @Nullable Object document) {
        return document instanceof Map<?, ?> map && map.get("paths") instanceof Map<?, ?> paths && !paths.isEmpty()
                ? Optional.of(new Schema(root, map, paths))
                : Optional.empty();
    }

    /** Returns the fields that an answer of Django REST Framework to OPTIONS names, by method. */
    public static Map<String, Set<String>> fields(@Nullable Object answer) {
        Map<String, Set<String>> fields = new TreeMap<>();
        if (answer instanceof Map<?, ?> map && map.get("actions") instanceof Map<?, ?> actions) {
            actions.forEach((method, names) -> fields.put(String.valueOf(method), keys(names)));
            // It describes the fields of a PATCH as those of a PUT.
            if (fields.containsKey("PUT")) {
                fields.putIfAbsent("PATCH", fields.get("PUT"));
            }
        }
        return fields;
    }

    /** Tells whether it describes the call at all. */
    public boolean covers(KnownCall call) {
        return operation(call) != null;
    }

    /** Returns what of the call it does not describe. */
    public List<String> differences(KnownCall call) {
        List<String> differences = new ArrayList<>();
        Map<?, ?> operation = operation(call);
        if (operation == null) {
            return differences;
        }
        Set<String> parameters = new TreeSet<>();
        Set<String> fields = new TreeSet<>();
        if (operation.get("parameters") instanceof List<?> list) {
            for (Object item : list) {
                if (resolved(item) instanceof Map<?, ?> parameter) {
                    if ("query".equals(parameter.get("in"))) {
                        parameters.add(String.valueOf(parameter.get("name")));
                    } else if ("body".equals(parameter.get("in"))) {
                        fields.addAll(properties(parameter.get("schema"), 0));
                    }
                }
            }
        }
        if (resolved(operation.get("requestBody")) instanceof Map<?, ?> body
                && body.get("content") instanceof Map<?, ?> content) {
            content.values().forEach(type -> {
                if (type instanceof Map<?, ?> map) {
                    fields.addAll(properties(map.get("schema"), 0));
                }
            });
        }
        // A list without any parameter is one whose description leaves them out: every list has pages.
        if (!parameters.isEmpty()) {
            call.parameters().stream()
                    .filter(name -> !parameters.contains(name))
                    .forEach(name -> differences.add("the parameter " + name + " is not described"));
        }
        if (!fields.isEmpty()) {
            call.fields().stream()
                    .filter(name -> !fields.contains(name))
                    .forEach(name -> differences.add("the field " + name + " is not described"));
        }
        return differences;
    }

    private @Nullable Map<?, ?> operation(KnownCall call) {
        Map<?, ?> operations = paths.get(normal(call.path()));
        return operations != null
                        && operations.get(call.method().toLowerCase(Locale.ROOT)) instanceof Map<?, ?> operation
                ? operation
                : null;
    }

    private Set<String> properties(@Nullable Object schema, int depth) {
        Set<String> names = new TreeSet<>();
        if (depth < DEEPEST && resolved(schema) instanceof Map<?, ?> map) {
            names.addAll(keys(map.get("properties")));
            for (String combined : List.of("allOf", "oneOf", "anyOf")) {
                if (map.get(combined) instanceof List<?> parts) {
                    parts.forEach(part -> names.addAll(properties(part, depth + 1)));
                }
            }
        }
        return names;
    }

    private @Nullable Object resolved(@Nullable Object value) {
        Object current = value;
        for (int i = 0; i < DEEPEST; i++) {
            if (!(current instanceof Map<?, ?> map)
                    || !(map.get("$ref") instanceof String reference)
                    || !reference.startsWith("#/")) {
                return current;
            }
            Object target = document;
            for (String part : reference.substring(2).split("/", -1)) {
                target = target instanceof Map<?, ?> inner ? inner.get(part) : null;
            }
            current = target;
        }
        return null;
    }

    private static Set<String> keys(@Nullable Object value) {
        Set<String> keys = new TreeSet<>();
        if (value instanceof Map<?, ?> map) {
            map.keySet().forEach(key -> keys.add(String.valueOf(key)));
        }
        return keys;
    }

    private static String normal(String path) {
        String plain = path.replaceAll("\\{[^}]*}", "{}");
        return plain.endsWith("/") ? plain.substring(0, plain.length() - 1) : plain;
    }
}
