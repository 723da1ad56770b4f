package io.github.divio4j.client.wait;

import java.time.Duration;
import java.time.Instant;

/**
 * Where the client gets its time from: the system, or in a test something faster.
 *
 * <p>Implementations have to be safe for use by several threads.
 */
public interface TimeSource {
    /** Returns the time of day; used to read a {@code Retry-After} that is a date. */
    Instant now();

    /** Returns the time since a moment that is arbitrary but fixed; it never runs backwards. */
    Duration elapsed();

    /**
     * Waits.
     *
     * @param duration how long, zero or more
     * @throws InterruptedException when the thread is interrupted before or meanwhile
     */
    void sleep(Duration duration) throws InterruptedException;

    /** Returns the time of the system. */
    static TimeSource system() {
        return SystemTime.INSTANCE;
    }
}
