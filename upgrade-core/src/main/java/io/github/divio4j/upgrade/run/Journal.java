package io.github.divio4j.upgrade.run;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where runs write down what they do, so that the next run finds an operation by its id rather than by looking, and people
 * can read what happened. To be implemented for each kind of storage.
 *
 * <p>A fresh look outweighs the journal: without it, or with the end of it lost, a run goes on all the same and takes a
 * little longer. One journal belongs to one run at a time: a run takes the other runs that it finds in it at its start
 * for dead ones of its own.
 *
 * <p>Called on the thread of the run, never by two threads at once.
 */
public interface Journal {

    /** Keeps nothing. */
    Journal NONE = new Journal() {
        @Override
        public void append(Entry entry) {}

        @Override
        public List<Entry> records() {
            return List.of();
        }
    };

    /** A journal that lives as long as this process. Safe for use by several threads. */
    static Journal inMemory() {
        return new MemoryJournal();
    }

    /**
     * Adds an entry. When it returns, the entry outlives the process: the next change is made only then.
     *
     * @throws RuntimeException if it cannot be kept, such as when the disk is full: the run stops before its next change
     */
    void append(Entry entry);

    /** All entries, in the order in which they were added; without those that got lost. */
    List<Entry> records();

    /** What an entry is about. */
    enum Kind {
        /** A run began. */
        RUN_STARTED,
        /** A step is about to be executed. */
        STEP_STARTED,
        /** A step is under way; the facts tell by which ids to find it. */
        IN_PROGRESS,
        /** A step ended; the message says how. */
        STEP_ENDED,
        /** A run ended. */
        RUN_ENDED
    }

    /**
     * One entry: plain data, never a secret.
     *
     * @param at when it was written
     * @param run the id of the run
     * @param environment the environment, as {@code shop/test}; null if it is about the whole run
     * @param step the id of the step; null if it is about the whole run
     * @param kind what it is about
     * @param facts the facts of the step's last outcome
     * @param message for people
     */
    record Entry(
            Instant at,
            String run,
            @Nullable String environment,
            @Nullable String step,
            Kind kind,
            Map<String, String> facts,
            String message) {
        /** Copies the facts. */
        public Entry {
            requireNonNull(at, "at");
            requireNonNull(run, "run");
            requireNonNull(kind, "kind");
            requireNonNull(message, "message");
            facts = Collections.unmodifiableMap(new TreeMap<>(facts));
        }
    }
}
