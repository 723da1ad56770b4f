package io.github.divio4j.client.wait;

import io.github.divio4j.client.error.DivioException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One look at what is waited for.
 *
 * @param subject what is waited for, as in {@code backup b1}
 * @param number 1 for the first
 * @param elapsed the time since waiting began
 * @param value what was seen; null when the poll failed
 * @param verdict what it means; null when the poll failed
 * @param failure why nothing was seen, for a failure that may pass; null when something was
 * @param nextDelay how long it will be until the next poll; null when this is the last
 * @param <T> what is waited for
 */
public record Poll<T>(
        String subject,
        int number,
        Duration elapsed,
        @Nullable T value,
        @Nullable Verdict verdict,
        @Nullable DivioException failure,
        @Nullable Duration nextDelay) {}
