package io.github.divio4j.client.error;

import org.jspecify.annotations.Nullable;

/** The token is missing, invalid, or may not do this (401 or 403). */
public final class DivioAuthenticationException extends DivioApiException {
    private static final long serialVersionUID = 1;

    /**
     * Creates one; meant for tests of code that handles it.
     *
     * @param call which call it is about
     * @param status the HTTP status
     * @param errors what the body said
     * @param requestId the {@code X-Request-Id} of the answer, or null
     */
    public DivioAuthenticationException(ApiCall call, int status, ErrorDetails errors, @Nullable String requestId) {
        super(
                call,
                status,
                errors,
                requestId,
                false,
                status == 401
                        ? "Check the token: Divio does not accept it."
                        : "Check the token: its account may not do this, or may not see this resource.");
    }
}
