package io.github.divio4j.client.error;

import org.jspecify.annotations.Nullable;

/** A status that no other type covers: a redirect, which is never followed, or an unusual 4xx. */
public final class DivioUnexpectedStatusException extends DivioApiException {
    private static final long serialVersionUID = 1;

    /**
     * Creates one; meant for tests of code that handles it.
     *
     * @param call which call it is about
     * @param status the HTTP status
     * @param errors what the body said
     * @param requestId the {@code X-Request-Id} of the answer, or null
     */
    public DivioUnexpectedStatusException(ApiCall call, int status, ErrorDetails errors, @Nullable String requestId) {
        super(call, status, errors, requestId, effect(status), advice(call, status));
    }

    // A server may answer a finished POST with a redirect to its result; 307 and 308 ask for the same request elsewhere
    // instead.
    private static boolean effect(int status) {
        return status == 408 || (status < 400 && status != 307 && status != 308);
    }

    private static String advice(ApiCall call, int status) {
        if (status >= 300 && status < 400) {
            return "Redirects are not followed, so that the token stays with the API: check the base URL.";
        }
        return effect(status) && !call.readOnly()
                ? "The call may have taken effect: look at the resource before it is made again."
                : "Check the base URL and whether this version of the client fits the API.";
    }
}
