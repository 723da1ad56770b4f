package io.github.divio4j.examples.sandbox;

import java.time.Duration;

/** Lets so many requests through in a second, and as many at once. Safe for use by several threads. */
final class RequestLimit {
    private static final double SECOND = Duration.ofSeconds(1).toNanos();

    private final int perSecond;
    private double left;
    private long filledAt = System.nanoTime();

    /** Creates one; 0 lets all through. */
    RequestLimit(int perSecond) {
        this.perSecond = perSecond;
        this.left = perSecond;
    }

    synchronized boolean lets() {
        if (perSecond == 0) {
            return true;
        }
        long now = System.nanoTime();
        left = Math.min(perSecond, left + (now - filledAt) / SECOND * perSecond);
        filledAt = now;
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }
}
