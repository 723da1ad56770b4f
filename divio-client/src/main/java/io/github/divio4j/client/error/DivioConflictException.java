package io.github.divio4j.client.error;

import org.jspecify.annotations.Nullable;

/** The resource is in a state that does not allow the call (409). Assumed: no source of Divio shows this status. */
public final class DivioConflictException extends DivioApiException {
    private static final long serialVersionUID = 1;

    /**
     * Creates one; meant for tests of code that handles it.
     *
     * @param call which call it is about
     * @param status the HTTP status
     * @param errors what the body said
     * @param requestId the {@code X-Request-Id} of the answer, or null
     */
    public DivioConflictException(ApiCall call, int status, ErrorDetails errors, @Nullable String requestId) {
        super(
                call,
                status,
                errors,
                requestId,
                false,
                "Read the resource again: something else has changed it or is working on it.");
    }
}
