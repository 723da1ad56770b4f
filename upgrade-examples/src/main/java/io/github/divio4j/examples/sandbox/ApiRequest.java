package io.github.divio4j.examples.sandbox;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request after routing.
 *
 * @param pathVariables what stood in place of the names in the route's path
 * @param query the query parameters, each with all its values
 * @param body the JSON object or the form that was sent; empty if there was none
 * @param upload the file that was sent, if the route takes one
 */
record ApiRequest(
        String method,
        String path,
        Map<String, String> pathVariables,
        Map<String, List<String>> query,
        Map<String, @Nullable Object> body,
        @Nullable Path upload) {

    String id() {
        return variable("uuid");
    }

    String variable(String name) {
        String value = pathVariables.get(name);
        if (value == null) {
            throw new IllegalStateException("The route has no variable " + name);
        }
        return value;
    }

    Optional<String> parameter(String name) {
        List<String> values = parameters(name);
        return values.isEmpty() ? Optional.empty() : Optional.of(values.get(values.size() - 1));
    }

    /** All values of a parameter that may be repeated; those that are empty say nothing. */
    List<String> parameters(String name) {
        return query.getOrDefault(name, List.of()).stream()
                .filter(value -> !value.isEmpty())
                .toList();
    }
}
