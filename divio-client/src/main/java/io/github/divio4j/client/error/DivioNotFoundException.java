package io.github.divio4j.client.error;

import org.jspecify.annotations.Nullable;

/**
 * There is no such resource, or the account of the token cannot see it.
 *
 * <p>{@link #status()} is 404, or 200 when a search gave no result.
 */
public final class DivioNotFoundException extends DivioApiException {
    private static final long serialVersionUID = 1;
    private static final String ADVICE = "Check the id or slug, and that the account of the token can see it.";

    /**
     * Creates one for a 404; meant for tests of code that handles it.
     *
     * @param call which call it is about
     * @param errors what the body said
     * @param requestId the {@code X-Request-Id} of the answer, or null
     */
    public DivioNotFoundException(ApiCall call, ErrorDetails errors, @Nullable String requestId) {
        super(call, 404, errors, requestId, false, ADVICE);
    }

    /**
     * Creates one for a search without result.
     *
     * @param call the search
     * @param searched what was looked for, as in {@code application "shop"}
     */
    public DivioNotFoundException(ApiCall call, String searched) {
        super(call, 200, ErrorDetails.NONE, null, false, "knows no " + searched, ADVICE);
    }
}
