package io.github.divio4j.client.error;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Too many calls (429). Assumed: no source of Divio shows its limits. */
public final class DivioRateLimitedException extends DivioApiException {
    private static final long serialVersionUID = 1;

    private final @Nullable Duration retryAfter;

    /**
     * Creates one; meant for tests of code that handles it.
     *
     * @param call which call it is about
     * @param errors what the body said
     * @param requestId the {@code X-Request-Id} of the answer, or null
     * @param retryAfter how long the server asked to wait, or null
     */
    public DivioRateLimitedException(
            ApiCall call, ErrorDetails errors, @Nullable String requestId, @Nullable Duration retryAfter) {
        super(call, 429, errors, requestId, false, advice(retryAfter));
        this.retryAfter = retryAfter;
    }

    private static String advice(@Nullable Duration retryAfter) {
        return retryAfter == null
                ? "Make fewer calls at a time, and try again later."
                : "Try again in " + retryAfter.toSeconds() + " s, as the server asks.";
    }

    /** Returns how long the server asked to wait, from the moment of its answer. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
