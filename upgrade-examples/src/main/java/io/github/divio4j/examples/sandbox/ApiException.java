package io.github.divio4j.examples.sandbox;

import java.util.List;
import java.util.Map;

/** A request that is refused, with the status and the body that Django REST Framework would give. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Map<String, ?> body;

    private ApiException(int status, Map<String, ?> body) {
        super(status + " " + body, null, false, false);
        this.status = status;
        this.body = body;
    }

    int status() {
        return status;
    }

    Map<String, ?> body() {
        return body;
    }

    /** An answer of the form {@code {"detail": "..."}}. */
    static ApiException detail(int status, String text) {
        return new ApiException(status, Map.of("detail", text));
    }

    static ApiException notFound() {
        return detail(404, "Not found.");
    }

    /** A rule that is broken by the request as a whole. */
    static ApiException refused(String reason) {
        return new ApiException(400, Map.of("non_field_errors", List.of(reason)));
    }

    static ApiException invalid(Map<String, ?> errors) {
        return new ApiException(400, errors);
    }
}
