package io.github.divio4j.examples.sandbox;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers OPTIONS as Django REST Framework does: what a path is called and which fields its POST takes. */
final class Metadata {
    private Metadata() {}

    static Map<String, @Nullable Object> of(List<Route> routesOfOnePath) {
        JsonObject answer = new JsonObject()
                .put("name", title(routesOfOnePath.get(0).name()))
                .put("description", "")
                .put("renders", List.of("application/json"))
                .put("parses", List.of("application/json", "application/x-www-form-urlencoded"));
        JsonObject actions = new JsonObject();
        for (Route route : routesOfOnePath) {
            Shape request = route.request();
            // The framework tells of POST and PUT only; PATCH shows in the Allow header.
            if (route.method().equals("POST") && request != null) {
                actions.put("POST", fields(request));
            }
        }
        if (!actions.fields().isEmpty()) {
            answer.put("actions", actions.fields());
        }
        return answer.fields();
    }

    private static Map<String, @Nullable Object> fields(Shape shape) {
        JsonObject fields = new JsonObject();
        for (Field field : shape.fields()) {
            JsonObject description = new JsonObject()
                    .put("type", field.choices().isEmpty() ? field.kind().metadataType() : "choice")
                    .put("required", field.required())
                    .put("read_only", false)
                    .put("label", label(field.name()));
            if (!field.choices().isEmpty()) {
                description.put(
                        "choices",
                        field.choices().stream()
                                .map(choice -> Map.of("value", choice, "display_name", choice))
                                .toList());
            }
            Shape element = field.shape();
            if (element != null) {
                description.put(
                        "child",
                        new JsonObject()
                                .put("type", "nested object")
                                .put("children", fields(element))
                                .fields());
            }
            fields.put(field.name(), description.fields());
        }
        return fields.fields();
    }

    private static String label(String name) {
        String words = name.replace('_', ' ');
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    private static String title(String operation) {
        return operation.replaceAll("(?<=[a-z])(?=[A-Z])", " ");
    }
}
