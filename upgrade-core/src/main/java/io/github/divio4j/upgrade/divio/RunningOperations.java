package io.github.divio4j.upgrade.divio;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which operations of one kind still run, as the platform's list of the newest shows: one call in place of one for each of
 * them. Whoever asks gets what was read after the time that he names; a read of somebody else will do.
 *
 * <p>That one runs is all that is believed, and only of a list that shows others to have ended; what ended, or is not in it, is
 * to be read itself. So it is not read before one has ended, and never again after it was of no use {@value #PATIENCE} times in
 * a row. Safe for use by several threads.
 */
final class RunningOperations {

    private static final int PATIENCE = 10;

    private final Clock clock;
    private final Supplier<Map<String, Boolean>> endedById;
    private Instant readAt = Instant.MIN;
    private Map<String, Boolean> ended = Map.of();
    // Told without waiting for a read.
    private volatile boolean oneHasEnded;
    private volatile int useless;

    /**
     * Creates one.
     *
     * @param endedById reads whether the newest operations have ended
     */
    RunningOperations(Clock clock, Supplier<Map<String, Boolean>> endedById) {
        this.clock = clock;
        this.endedById = endedById;
    }

    /** Notes that an operation has ended: a list that tells of ends shows one from now on. */
    void oneHasEnded() {
        oneHasEnded = true;
    }

    /** Whether it is worth while to ask. */
    boolean isUseful() {
        return oneHasEnded && useless < PATIENCE;
    }

    /** When, after the given time, an operation was seen to run; null if it is to be read itself. */
    synchronized @Nullable Instant runsAt(String id, Instant after) {
        if (!isUseful()) {
            return null;
        }
        if (!readAt.isAfter(after)) {
            Instant at = clock.instant();
            ended = endedById.get();
            readAt = at;
        }
        Boolean hasEnded = ended.get(id);
        boolean believed = hasEnded != null && ended.containsValue(true);
        useless = believed ? 0 : useless + 1;
        return believed && Boolean.FALSE.equals(hasEnded) ? readAt : null;
    }
}
