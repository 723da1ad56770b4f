package io.github.divio4j.upgrade.divio;

import io.github.divio4j.client.error.DivioApiException;
import io.github.divio4j.client.error.DivioRateLimitedException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which operations of one kind still run, as the platform's list of the newest shows: one call in place of one for each of
 * them. Whoever asks gets what was read after the time that he names; a read of somebody else will do if it is not older than
 * a {@value #READS_PER_SECOND}th of a second, so that many who look often cost no more reads than that.
 *
 * <p>That one runs is all that is believed, and only of a list that shows others to have ended; what ended, or is not in it, is
 * to be read itself. So it is not read before one has ended, and never again after it was of no use {@value #PATIENCE} times in
 * a row. Safe for use by several threads.
 */
final class RunningOperations<T> {

    /** At most, however many look. */
    static final int READS_PER_SECOND = 5;

    private static final Duration FRESH = Duration.ofSeconds(1).dividedBy(READS_PER_SECOND);
    private static final int PATIENCE = 10;

    private final Clock clock;
    private final Supplier<Stream<T>> list;
    private final Function<T, String> id;
    private final Predicate<T> hasEnded;
    private Instant readAt = Instant.MIN;
    private Map<String, T> newest = Map.of();
    private boolean showsEnds;
    // Told without waiting for a read.
    private volatile boolean oneHasEnded;
    private volatile int useless;

    /**
     * One that runs.
     *
     * @param at when it was seen, or before
     */
    record Running<T>(T operation, Instant at) {}

    /**
     * Creates one.
     *
     * @param list reads the newest operations
     */
    RunningOperations(Clock clock, Supplier<Stream<T>> list, Function<T, String> id, Predicate<T> hasEnded) {
        this.clock = clock;
        this.list = list;
        this.id = id;
        this.hasEnded = hasEnded;
    }

    /** Notes that an operation has ended: a list that tells of ends shows one from now on. */
    void oneHasEnded() {
        oneHasEnded = true;
    }

    /** Whether it is worth while to ask. */
    boolean isUseful() {
        return oneHasEnded && useless < PATIENCE;
    }

    /** An operation that was seen to run after the given time; null if it is to be read itself. */
    synchronized @Nullable Running<T> find(String operationId, Instant after) {
        if (!isUseful()) {
            return null;
        }
        Instant at = clock.instant();
        if (!readAt.isAfter(after) || readAt.plus(FRESH).isBefore(at)) {
            newest = read();
            showsEnds = newest.values().stream().anyMatch(hasEnded);
            readAt = at;
            // A read is of no use if nobody finds in it what he looks for. Who comes too late for it says nothing about
            // it.
            useless++;
        }
        T operation = newest.get(operationId);
        if (operation == null || !showsEnds) {
            return null;
        }
        useless = 0;
        return hasEnded.test(operation) ? null : new Running<>(operation, readAt);
    }

    private Map<String, T> read() {
        try {
            return list.get().collect(Collectors.toMap(id, Function.identity(), (earlier, later) -> later));
        } catch (DivioRateLimitedException e) {
            throw e;
        } catch (DivioApiException e) {
            // What is wrong with more than this list comes up again where the operation itself is read.
            return Map.of();
        }
    }
}
