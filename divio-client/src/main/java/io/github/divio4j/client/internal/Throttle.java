package io.github.divio4j.client.internal;

import dev.failsafe.RateLimiter;
import io.github.divio4j.client.wait.TimeSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Spreads the attempts of all threads of a client, and holds all of them back once the server says that there are too many. */
final class Throttle {
    private static final int BURSTS_PER_SECOND = 5;

    private final @Nullable RateLimiter<Object> limiter;
    private final TimeSource time;
    /** Null as long as it never was. */
    private volatile @Nullable Duration closedUntil;

    /**
     * Creates one.
     *
     * @param callsPerSecond 0 for no limit
     */
    Throttle(int callsPerSecond, TimeSource time) {
        this.limiter = callsPerSecond == 0 ? null : limiter(callsPerSecond);
        this.time = time;
    }

    /** The calls of one second at once could follow right after those of the second before: twice what a server allows. */
    private static RateLimiter<Object> limiter(int callsPerSecond) {
        int atOnce = Math.max(1, callsPerSecond / BURSTS_PER_SECOND);
        Duration period = Duration.ofSeconds(atOnce).dividedBy(callsPerSecond);
        return RateLimiter.burstyBuilder(atOnce, period).build();
    }

    /** Waits until an attempt may be made. */
    void pass() throws InterruptedException {
        if (limiter != null) {
            sleep(limiter.reservePermit());
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

    private void sleep(Duration duration) throws InterruptedException {
        if (!duration.isZero() && !duration.isNegative()) {
            time.sleep(duration);
        }
    }
}
