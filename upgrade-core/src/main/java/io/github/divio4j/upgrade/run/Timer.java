package io.github.divio4j.upgrade.run;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * The time that a runner lives in: the machine's, or a virtual one in tests. In any other time than {@link #SYSTEM}, calls
 * take no time: the runner waits for those under way before it lets time pass, so that a run is the same each time.
 */
public interface Timer {

    /** The machine's time. */
    Timer SYSTEM = new Timer() {
        private final Clock clock = Clock.systemUTC();

        @Override
        public Instant now() {
            return clock.instant();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            Thread.sleep(duration.toMillis());
        }
    };

    /** The time of day. */
    Instant now();

    /**
     * Returns when the time has passed.
     *
     * @throws InterruptedException if the thread was interrupted
     */
    void sleep(Duration duration) throws InterruptedException;
}
