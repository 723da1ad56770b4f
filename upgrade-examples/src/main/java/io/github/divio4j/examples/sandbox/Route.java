package io.github.divio4j.examples.sandbox;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One operation of the API: a method and a path, what it takes and gives, and the code that does it.
 *
 * @param path ends in a slash; parts in braces match anything
 * @param open whether it works without a token
 * @param listed whether the OpenAPI document tells of it
 * @param parameters of the query
 * @param page whether it answers with a page of {@code response}
 */
record Route(
        String method,
        String path,
        String name,
        int status,
        boolean open,
        boolean listed,
        List<String> parameters,
        @Nullable Shape request,
        @Nullable Shape response,
        boolean page,
        Handler handler) {

    /** Does what a request asks for. */
    @FunctionalInterface
    interface Handler {
        ApiResponse handle(ApiRequest request);
    }

    static Route get(String path, String name, @Nullable Shape response, Handler handler) {
        return new Route("GET", path, name, 200, false, true, List.of(), null, response, false, handler);
    }

    static Route list(String path, String name, Shape response, List<String> parameters, Handler handler) {
        return new Route("GET", path, name, 200, false, true, parameters, null, response, true, handler);
    }

    static Route post(
            String path, String name, int status, @Nullable Shape request, @Nullable Shape response, Handler handler) {
        return new Route("POST", path, name, status, false, true, List.of(), request, response, false, handler);
    }

    static Route patch(String path, String name, Shape request, Shape response, Handler handler) {
        return new Route("PATCH", path, name, 200, false, true, List.of(), request, response, false, handler);
    }

    static Route delete(String path, String name, Handler handler) {
        return new Route("DELETE", path, name, 204, false, true, List.of(), null, null, false, handler);
    }

    /** A route that no document tells of: clients get its address in an answer. */
    static Route presigned(String method, String path, String name, Handler handler) {
        return new Route(method, path, name, 200, true, false, List.of(), null, null, false, handler);
    }

    Route withoutToken() {
        return new Route(method, path, name, status, true, listed, parameters, request, response, page, handler);
    }

    /** The path variables if the path of a request fits, with or without a slash at its end. */
    Optional<Map<String, String>> match(List<String> segments) {
        List<String> template = segments(path);
        if (template.size() != segments.size()) {
            return Optional.empty();
        }
        Map<String, String> variables = new LinkedHashMap<>();
        for (int i = 0; i < template.size(); i++) {
            String expected = template.get(i);
            String actual = segments.get(i);
            if (expected.startsWith("{")) {
                variables.put(expected.substring(1, expected.length() - 1), actual);
            } else if (!expected.equals(actual)) {
                return Optional.empty();
            }
        }
        return Optional.of(variables);
    }

    boolean hasVariables() {
        return path.contains("{");
    }

    static List<String> segments(String path) {
        String trimmed = path.startsWith("/") ? path.substring(1) : path;
        if (trimmed.endsWith("/")) {
            trimmed = trimmed.substring(0, trimmed.length() - 1);
        }
        return List.of(trimmed.split("/", -1));
    }
}
