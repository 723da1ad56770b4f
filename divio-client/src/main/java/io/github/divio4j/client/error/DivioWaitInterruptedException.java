package io.github.divio4j.client.error;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The waiting thread was interrupted, which is how waiting is cancelled; its interrupt flag is set. What was waited for goes on.
 */
public final class DivioWaitInterruptedException extends DivioWaitException {
    private static final long serialVersionUID = 1;

    /**
     * Creates one; meant for tests of code that handles it, and for {@link io.github.divio4j.client.wait.Waiter}.
     *
     * @param call the last poll, with the number of polls as its attempts
     * @param subject what was waited for
     * @param waited how long
     * @param lastValue what the last successful poll saw, or null when none succeeded
     * @param cause the interrupted poll, or null when the thread slept
     */
    public DivioWaitInterruptedException(
            ApiCall call, String subject, Duration waited, @Nullable Object lastValue, @Nullable DivioException cause) {
        super(
                call,
                cause == null ? Delivery.ANSWERED : cause.delivery(),
                subject,
                waited,
                lastValue,
                "was interrupted while waiting for the " + subject,
                "The operation goes on: wait again to see its end.",
                cause);
    }
}
