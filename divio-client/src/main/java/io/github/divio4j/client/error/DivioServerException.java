package io.github.divio4j.client.error;

import org.jspecify.annotations.Nullable;

/** Divio failed (5xx). */
public final class DivioServerException extends DivioApiException {
    private static final long serialVersionUID = 1;

    /**
     * Creates one; meant for tests of code that handles it.
     *
     * @param call which call it is about
     * @param status the HTTP status
     * @param errors what the body said
     * @param requestId the {@code X-Request-Id} of the answer, or null
     */
    public DivioServerException(ApiCall call, int status, ErrorDetails errors, @Nullable String requestId) {
        super(
                call,
                status,
                errors,
                requestId,
                true,
                call.readOnly()
                        ? "Try again later."
                        : "The call may have taken effect: look at the resource before it is made again.");
    }
}
