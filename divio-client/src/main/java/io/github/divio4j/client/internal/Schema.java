package io.github.divio4j.client.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
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
    private static final int LONGEST_CHAIN = 8;

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

    /** Returns the descriptions of bodies in an answer of Django REST Framework to OPTIONS, by method. */
    public static Map<String, Object> bodies(@Nullable Object answer) {
        Map<String, Object> bodies = new TreeMap<>();
        if (answer instanceof Map<?, ?> map && map.get("actions") instanceof Map<?, ?> actions) {
            actions.forEach((method, fields) -> {
                if (fields instanceof Map<?, ?>) {
                    bodies.put(String.valueOf(method), Map.of("children", fields));
                }
            });
            // It describes the fields of a PATCH as those of a PUT.
            if (bodies.containsKey("PUT")) {
                bodies.putIfAbsent("PATCH", bodies.get("PUT"));
            }
        }
        return bodies;
    }

    /**
     * What a description says about a call.
     *
     * @param different what of the call it does not know, or misses in it
     * @param open what of the call it does not describe at all
     */
    public record Comparison(List<String> different, List<String> open) {}

    /** Compares the body of a call with one of {@link #bodies}; null when there is none. */
    public static Comparison compare(KnownCall call, @Nullable Object body) {
        Comparison comparison = new Comparison(new ArrayList<>(), new ArrayList<>());
        new Schema("", Map.of(), Map.of()).compareBody(call, Collections.singletonList(body), comparison);
        return comparison;
    }

    /** Tells whether it describes the call at all. */
    public boolean covers(KnownCall call) {
        return operation(call) != null;
    }

    /** Compares a call that it {@link #covers}. */
    public Comparison compare(KnownCall call) {
        Comparison comparison = new Comparison(new ArrayList<>(), new ArrayList<>());
        Map<?, ?> operation = operation(call);
        if (operation == null) {
            return comparison;
        }
        Set<String> parameters = new TreeSet<>();
        List<@Nullable Object> bodies = new ArrayList<>();
        if (operation.get("parameters") instanceof List<?> list) {
            for (Object item : list) {
                if (resolved(item) instanceof Map<?, ?> parameter) {
                    if ("query".equals(parameter.get("in"))) {
                        parameters.add(String.valueOf(parameter.get("name")));
                    } else if ("body".equals(parameter.get("in"))) {
                        bodies.add(parameter.get("schema"));
                    }
                }
            }
        }
        if (resolved(operation.get("requestBody")) instanceof Map<?, ?> body
                && body.get("content") instanceof Map<?, ?> content) {
            content.values().forEach(type -> {
                if (type instanceof Map<?, ?> map) {
                    bodies.add(map.get("schema"));
                }
            });
        }
        // A list without any parameter is one whose description leaves them out: every list has pages.
        if (!parameters.isEmpty()) {
            call.parameters().stream()
                    .filter(name -> !parameters.contains(name))
                    .forEach(name -> comparison.different.add("the parameter " + name + " is not described"));
        }
        compareBody(call, bodies, comparison);
        return comparison;
    }

    private void compareBody(KnownCall call, List<?> bodies, Comparison comparison) {
        // By the place that holds them: "" is the body, "a[]" are the objects in its list "a".
        Map<String, List<String>> sent = new LinkedHashMap<>();
        for (String field : call.fields()) {
            int dot = field.lastIndexOf('.');
            sent.computeIfAbsent(field.substring(0, Math.max(dot, 0)), unused -> new ArrayList<>())
                    .add(field.substring(dot + 1));
        }
        sent.forEach((place, names) -> {
            String path = place.isEmpty() ? "" : place + ".";
            List<Map<?, ?>> holders = at(place, bodies);
            Map<String, List<@Nullable Object>> known = properties(holders);
            if (known.isEmpty()) {
                String what = place.isEmpty() ? "the body" : "the field " + place;
                comparison.open.add("what " + what + " holds is not described");
                return;
            }
            for (String name : names) {
                List<?> descriptions = known.get(name);
                if (descriptions == null) {
                    comparison.different.add("the field " + path + name + " is not described");
                } else if (descriptions.stream().allMatch(this::readOnly)) {
                    comparison.different.add("the field " + path + name + " is answered, and not taken");
                }
            }
            if (call.method().equals("POST")) {
                known.forEach((name, descriptions) -> {
                    if (!names.contains(name) && required(name, holders, descriptions)) {
                        comparison.different.add("the field " + path + name + " is required, and is not sent");
                    }
                });
            }
        });
    }

    /** Returns the descriptions of what is at a place in the body. */
    private List<Map<?, ?>> at(String place, List<?> bodies) {
        if (place.isEmpty()) {
            return parts(bodies);
        }
        int dot = place.lastIndexOf('.');
        String list = place.substring(dot + 1, place.length() - "[]".length());
        List<?> lists =
                properties(at(place.substring(0, Math.max(dot, 0)), bodies)).getOrDefault(list, List.of());
        List<@Nullable Object> items = new ArrayList<>();
        for (Map<?, ?> part : parts(lists)) {
            items.add(part.get("items"));
            items.add(part.get("child"));
        }
        return parts(items);
    }

    /** Returns these descriptions and all that they are combined of. */
    private List<Map<?, ?>> parts(List<?> descriptions) {
        Set<Map<?, ?>> parts = Collections.newSetFromMap(new IdentityHashMap<>());
        List<@Nullable Object> left = new ArrayList<>(descriptions);
        for (int i = 0; i < left.size(); i++) {
            if (resolved(left.get(i)) instanceof Map<?, ?> map && parts.add(map)) {
                for (String combined : List.of("allOf", "oneOf", "anyOf")) {
                    if (map.get(combined) instanceof List<?> more) {
                        left.addAll(more);
                    }
                }
            }
        }
        return List.copyOf(parts);
    }

    private static Map<String, List<@Nullable Object>> properties(List<Map<?, ?>> holders) {
        Map<String, List<@Nullable Object>> properties = new TreeMap<>();
        for (Map<?, ?> holder : holders) {
            for (String key : List.of("properties", "children")) {
                if (holder.get(key) instanceof Map<?, ?> named) {
                    named.forEach((name, description) -> properties
                            .computeIfAbsent(String.valueOf(name), unused -> new ArrayList<>())
                            .add(description));
                }
            }
        }
        return properties;
    }

    private boolean required(String name, List<Map<?, ?>> holders, List<?> descriptions) {
        boolean named = holders.stream()
                .anyMatch(holder -> holder.get("required") instanceof List<?> names && names.contains(name));
        // With alternatives, each may require something else.
        boolean alternatives =
                holders.stream().anyMatch(holder -> holder.containsKey("oneOf") || holder.containsKey("anyOf"));
        return !alternatives
                && descriptions.stream()
                        .anyMatch(description -> !readOnly(description) && (named || says(description, "required")));
    }

    // One description may be that of what is sent and of what is answered.
    private boolean readOnly(@Nullable Object description) {
        return says(description, "readOnly") || says(description, "read_only");
    }

    private boolean says(@Nullable Object description, String word) {
        return parts(Collections.singletonList(description)).stream()
                .anyMatch(part -> Boolean.TRUE.equals(part.get(word)));
    }

    private @Nullable Map<?, ?> operation(KnownCall call) {
        Map<?, ?> operations = paths.get(normal(call.path()));
        return operations != null
                        && operations.get(call.method().toLowerCase(Locale.ROOT)) instanceof Map<?, ?> operation
                ? operation
                : null;
    }

    private @Nullable Object resolved(@Nullable Object value) {
        Object current = value;
        for (int i = 0; i < LONGEST_CHAIN; i++) {
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

    private static String normal(String path) {
        String plain = path.replaceAll("\\{[^}]*}", "{}");
        return plain.endsWith("/") ? plain.substring(0, plain.length() - 1) : plain;
    }
}
