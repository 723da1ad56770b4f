package io.github.divio4j.client.internal;

import io.github.divio4j.client.wait.TimeSource;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import java.util.function.DoubleSupplier;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/** The retry table: which attempt is followed by another one, and after how long. */
final class RetryRules {
    private static final Set<String> REPEATABLE = Set.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE");
    private static final Set<Integer> TEMPORARY = Set.of(429, 502, 503, 504);

    private final int maxAttempts;
    private final Duration retryDelay;
    private final Duration maxRetryDelay;
    private final Duration maxRetryAfter;
    private final Duration totalTimeout;
    private final TimeSource time;
    private final DoubleSupplier jitter;

    RetryRules(TransportSettings settings) {
        this.maxAttempts = settings.maxAttempts();
        this.retryDelay = settings.retryDelay();
        this.maxRetryDelay = settings.maxRetryDelay();
        this.maxRetryAfter = settings.maxRetryAfter();
        this.totalTimeout = settings.totalTimeout();
        this.time = settings.time();
        this.jitter = settings.jitter();
    }

    /**
     * Returns how long to wait before the next attempt, or null when there must be none.
     *
     * @param number the number of the attempt that was made, 1 for the first
     * @param spent the time since the first attempt began
     */
    @Nullable
    Duration delayAfter(String method, Attempt<?> attempt, int number, Duration spent) {
        if (number >= maxAttempts || !worthAnother(method, attempt)) {
            return null;
        }
        Duration asked =
                attempt.answer() == null ? null : retryAfter(attempt.answer().headers());
        if (asked != null && asked.compareTo(maxRetryAfter) > 0) {
            return null;
        }
        Duration own = backoff(number);
        Duration delay = asked == null || asked.compareTo(own) < 0 ? own : asked;
        return spent.plus(delay).compareTo(totalTimeout) >= 0 ? null : delay;
    }

    private static boolean worthAnother(String method, Attempt<?> attempt) {
        IOException failure = attempt.failure();
        if (failure instanceof NotSentException) {
            return true;
        }
        if (!REPEATABLE.contains(method)) {
            return false;
        }
        if (failure != null) {
            return !(failure instanceof AnswerTooLargeException);
        }
        return attempt.answer() != null && TEMPORARY.contains(attempt.answer().status());
    }

    /** Returns for how long nobody should call after a 429. */
    Duration pause(Headers headers, int number) {
        Duration asked = retryAfter(headers);
        if (asked == null) {
            return backoff(number);
        }
        return asked.compareTo(maxRetryAfter) > 0 ? maxRetryAfter : asked;
    }

    private Duration backoff(int number) {
        // The shift cannot overflow: the builder allows at most 20 attempts.
        Duration full = retryDelay.multipliedBy(1L << (number - 1));
        Duration capped = full.compareTo(maxRetryDelay) > 0 ? maxRetryDelay : full;
        long half = capped.toNanos() / 2;
        return Duration.ofNanos(half + (long) (half * jitter.getAsDouble()));
    }

    /** Returns what the server asks to wait, in either form of the header, or null when it asks nothing that can be read. */
    @Nullable
    Duration retryAfter(Headers headers) {
        String value = headers.get(SendWitness.RETRY_AFTER);
        if (value == null) {
            return null;
        }
        String text = value.strip();
        if (text.matches("\\d{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(text));
        }
        try {
            Duration until = Duration.between(
                    time.now(),
                    ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
            return until.isNegative() ? Duration.ZERO : until;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
