package io.github.divio4j.client.error;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The time that the caller gave is over. What was waited for may still go on, and may still end well: it can be waited for again. */
public final class DivioWaitTimeoutException extends DivioWaitException {
    private static final long serialVersionUID = 1;

    /**
     * Creates one; meant for tests of code that handles it, and for {@link io.github.divio4j.client.wait.Waiter}.
     *
     * @param call the last poll, with the number of polls as its attempts
     * @param subject what was waited for
     * @param waited how long
     * @param lastValue what the last successful poll saw, or null when none succeeded
     * @param state its state, in a word
     * @param lastFailure why the last poll saw nothing, or null when it did
     */
    public DivioWaitTimeoutException(
            ApiCall call,
            String subject,
            Duration waited,
            @Nullable Object lastValue,
            String state,
            @Nullable DivioException lastFailure) {
        super(
                call,
                lastFailure == null ? Delivery.ANSWERED : lastFailure.delivery(),
                subject,
                waited,
                lastValue,
                "did not see the end of the " + subject + " within " + waited.toSeconds() + " s; "
                        + (lastValue == null ? "no poll was answered" : "the last state was " + state),
                lastFailure == null
                        ? "It may still go on: wait again, or look at it in the control panel."
                        : "The last poll failed (see the cause); the operation may go on: wait again later.",
                lastFailure);
    }
}
