package io.github.divio4j.client.internal;

import io.github.divio4j.client.wait.TimeSource;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Spreads the attempts of all threads of a client, and holds all of them back once the server says that there are too many. */
final class Throttle {
    /** Longer than a second: of two requests the later one may reach the server sooner after the earlier than it was sent. */
    private static final Duration WINDOW = Duration.ofMillis(1_050);

    private final TimeSource time;
    /** When each of the last attempts was let through, or will be; as many as may be made within the window. */
    private final Duration[] passed;

    private int oldest;
    /** Null as long as it never was. */
    private volatile @Nullable Duration closedUntil;

    /**
     * Creates one.
     *
     * @param callsPerSecond 0 for no limit
     */
    Throttle(int callsPerSecond, TimeSource time) {
        this.time = time;
        this.passed = new Duration[callsPerSecond];
        Arrays.fill(passed, time.elapsed().minus(WINDOW));
    }

    /** Waits until an attempt may be made. */
    void pass() throws InterruptedException {
        if (passed.length > 0) {
            Duration wait = reserve();
            if (!wait.isZero()) {
                time.sleep(wait);
            }
        }
        // Another answer may have closed it again meanwhile.
        for (Duration left = left(); !left.isZero(); left = left()) {
            time.sleep(left);
        }
    }

    /** Lets nobody pass for this long. */
    synchronized void close(Duration duration) {
        Duration until = time.elapsed().plus(duration);
        if (closedUntil == null || until.compareTo(closedUntil) > 0) {
            closedUntil = until;
        }
    }

    private Duration left() {
        Duration until = closedUntil;
        Duration left = until == null ? Duration.ZERO : until.minus(time.elapsed());
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** Takes the place of the oldest attempt as soon as that is out of the window, and says how long that takes. */
    private synchronized Duration reserve() {
        Duration now = time.elapsed();
        Duration free = passed[oldest].plus(WINDOW);
        Duration at = free.compareTo(now) > 0 ? free : now;
        passed[oldest] = at;
        oldest = (oldest + 1) % passed.length;
        return at.minus(now);
    }
}
