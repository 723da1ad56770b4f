package io.github.divio4j.client.error;

import org.jspecify.annotations.Nullable;

/** Divio refused the content of the request (400 or 422). */
public final class DivioValidationException extends DivioApiException {
    private static final long serialVersionUID = 1;

    /**
     * Creates one; meant for tests of code that handles it.
     *
     * @param call which call it is about
     * @param status the HTTP status
     * @param errors what the body said
     * @param requestId the {@code X-Request-Id} of the answer, or null
     */
    public DivioValidationException(ApiCall call, int status, ErrorDetails errors, @Nullable String requestId) {
        super(call, status, errors, requestId, false, "Correct the request.");
    }
}
