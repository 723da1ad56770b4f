package io.github.divio4j.examples.sandbox;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Describes a route table as an OpenAPI document. */
final class OpenApi {
    private final Map<String, Shape> shapes = new TreeMap<>();

    private OpenApi() {}

    static Map<String, @Nullable Object> document(List<Route> routes) {
        return new OpenApi().describe(routes);
    }

    private Map<String, @Nullable Object> describe(List<Route> routes) {
        Map<String, Map<String, @Nullable Object>> paths = new LinkedHashMap<>();
        for (Route route : routes) {
            if (route.listed()) {
                paths.computeIfAbsent(route.path(), path -> new LinkedHashMap<>())
                        .put(route.method().toLowerCase(Locale.ROOT), operation(route));
            }
        }
        JsonObject components = new JsonObject();
        // Describing one shape may name others: go on until none is left.
        Map<String, Object> schemas = new TreeMap<>();
        while (schemas.size() < shapes.size()) {
            for (Shape shape : List.copyOf(shapes.values())) {
                if (!schemas.containsKey(shape.name())) {
                    schemas.put(shape.name(), schema(shape));
                }
            }
        }
        components.put("schemas", schemas);
        components.put(
                "securitySchemes",
                Map.of(
                        "tokenAuth",
                        new JsonObject()
                                .put("type", "apiKey")
                                .put("in", "header")
                                .put("name", "Authorization")
                                .put("description", "Token-based authentication with required prefix \"Token\"")
                                .fields()));
        return new JsonObject()
                .put("openapi", "3.0.3")
                .put(
                        "info",
                        new JsonObject()
                                .put("title", "Divio API (sandbox)")
                                .put("version", "3")
                                .fields())
                .put("paths", paths)
                .put("components", components.fields())
                .fields();
    }

    private Map<String, @Nullable Object> operation(Route route) {
        JsonObject operation = new JsonObject().put("operationId", route.name());
        List<Object> parameters = new ArrayList<>();
        for (String segment : Route.segments(route.path())) {
            if (segment.startsWith("{")) {
                parameters.add(parameter(segment.substring(1, segment.length() - 1), "path", true));
            }
        }
        for (String name : route.parameters()) {
            parameters.add(parameter(name, "query", false));
        }
        if (route.page()) {
            parameters.add(parameter("page", "query", false));
            parameters.add(parameter("page_size", "query", false));
        }
        operation.put("parameters", parameters);
        operation.put("security", route.open() ? List.of() : List.of(Map.of("tokenAuth", List.of())));
        Shape request = route.request();
        if (request != null) {
            operation.put(
                    "requestBody",
                    new JsonObject()
                            .put("required", request.fields().stream().anyMatch(Field::required))
                            .put("content", content(reference(request)))
                            .fields());
        }
        JsonObject answer = new JsonObject().put("description", "");
        Shape response = route.response();
        if (response != null) {
            answer.put("content", content(route.page() ? page(reference(response)) : reference(response)));
        }
        return operation
                .put("responses", Map.of(String.valueOf(route.status()), answer.fields()))
                .fields();
    }

    private static Map<String, @Nullable Object> parameter(String name, String in, boolean required) {
        return new JsonObject()
                .put("name", name)
                .put("in", in)
                .put("required", required)
                .put("schema", Map.of("type", "string"))
                .fields();
    }

    private static Map<String, Object> content(Object schema) {
        return Map.of("application/json", Map.of("schema", schema));
    }

    private static Map<String, @Nullable Object> page(Object element) {
        Map<String, Object> link = new TreeMap<>(Map.of("type", "string", "format", "uri", "nullable", true));
        return new JsonObject()
                .put("type", "object")
                .put("required", List.of("count", "results"))
                .put(
                        "properties",
                        new JsonObject()
                                .put("count", Map.of("type", "integer"))
                                .put("next", link)
                                .put("previous", link)
                                .put("results", new TreeMap<>(Map.of("type", "array", "items", element)))
                                .fields())
                .fields();
    }

    private Map<String, Object> reference(Shape shape) {
        shapes.putIfAbsent(shape.name(), shape);
        return Map.of("$ref", "#/components/schemas/" + shape.name());
    }

    private Map<String, @Nullable Object> schema(Shape shape) {
        JsonObject properties = new JsonObject();
        for (Field field : shape.fields()) {
            properties.put(field.name(), property(field));
        }
        JsonObject schema = new JsonObject().put("type", "object").put("properties", properties.fields());
        List<String> required =
                shape.fields().stream().filter(Field::required).map(Field::name).toList();
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        return schema.fields();
    }

    private Map<String, @Nullable Object> property(Field field) {
        JsonObject property = new JsonObject();
        switch (field.kind()) {
            case TEXT, NOTES, ID, SLUG -> property.put("type", "string");
            case URL -> property.put("type", "string").put("format", "uri");
            case DATETIME -> property.put("type", "string").put("format", "date-time");
            case BOOLEAN -> property.put("type", "boolean");
            case INTEGER -> property.put("type", "integer");
            case NUMBER -> property.put("type", "number");
            case OBJECT -> property.put("type", "object");
            case LIST -> property.put("type", "array").put("items", Map.of());
            case IDS -> property.put("type", "array").put("items", Map.of("type", "string"));
            case OBJECTS -> {
                Shape shape = field.shape();
                property.put("type", "array").put("items", shape == null ? Map.of() : reference(shape));
            }
        }
        if (field.nullable()) {
            property.put("nullable", true);
        }
        if (!field.choices().isEmpty()) {
            property.put("enum", field.choices());
        }
        return property.fields();
    }
}
