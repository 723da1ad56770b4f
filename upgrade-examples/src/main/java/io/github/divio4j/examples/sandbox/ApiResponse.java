package io.github.divio4j.examples.sandbox;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is answered: a JSON value, a file, or nothing. */
record ApiResponse(
        int status, @Nullable Object body, @Nullable Path file, Map<String, String> headers) {

    static ApiResponse ok(@Nullable Object body) {
        return of(200, body);
    }

    static ApiResponse of(int status, @Nullable Object body) {
        return new ApiResponse(status, body, null, Map.of());
    }

    static ApiResponse created(Object body) {
        return of(201, body);
    }

    static ApiResponse empty(int status) {
        return of(status, null);
    }

    static ApiResponse file(Path file) {
        return new ApiResponse(200, null, file, Map.of("Content-Type", "application/octet-stream"));
    }

    ApiResponse withHeader(String name, String value) {
        Map<String, String> all = new java.util.HashMap<>(headers);
        all.put(name, value);
        return new ApiResponse(status, body, file, Map.copyOf(all));
    }
}
