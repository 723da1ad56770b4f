package io.github.divio4j.client.wait;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How often a wait looks. Safe for use by several threads; a client has one, so that its waits learn from each other.
 *
 * <p>As long as nothing is known about a kind of operation, the delay is a quarter of the time waited so far: whoever waits, waits at most
 * about a quarter longer than the operation takes. Once such operations have been seen to end, their median duration is the expected end,
 * and the delay is half the distance from it, before and after: few looks while the end is far, many around it. The delay is at least 1 s
 * and at most 30 s, and then made up to a quarter longer or shorter at random, so that many waits do not look at the same moment.
 *
 * <p>A duration is learned from a wait that saw its operation unfinished at first and ended well later. The last 15 of each kind count.
 */
public final class Pace {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final int REMEMBERED = 15;

    private final TimeSource time;
    private final DoubleSupplier random;
    private final Map<String, Deque<Duration>> durations = new HashMap<>();

    /**
     * Creates one that has learned nothing.
     *
     * @param time the clock, which is also what sleeps
     * @param random numbers from 0 (inclusive) to 1 (exclusive); it is called by several threads
     */
    public Pace(TimeSource time, DoubleSupplier random) {
        this.time = Objects.requireNonNull(time, "time");
        this.random = Objects.requireNonNull(random, "random");
    }

    TimeSource time() {
        return time;
    }

    Duration delay(String kind, Duration elapsed) {
        long nanos = elapsed.toNanos();
        Duration expected = expected(kind);
        long wished = expected == null ? nanos / 4 : Math.abs(expected.toNanos() - nanos) / 2;
        long bounded = Math.max(SHORTEST.toNanos(), Math.min(LONGEST.toNanos(), wished));
        return Duration.ofNanos((long) (bounded * (0.75 + random.getAsDouble() / 2)));
    }

    @Nullable
    Duration expected(String kind) {
        synchronized (durations) {
            Deque<Duration> known = durations.get(kind);
            return known == null
                    ? null
                    : known.stream()
                            .sorted()
                            .skip((known.size() - 1) / 2)
                            .findFirst()
                            .orElse(null);
        }
    }

    void learn(String kind, Duration duration) {
        synchronized (durations) {
            Deque<Duration> known = durations.computeIfAbsent(kind, unused -> new ArrayDeque<>());
            known.addLast(duration);
            if (known.size() > REMEMBERED) {
                known.removeFirst();
            }
        }
    }
}
