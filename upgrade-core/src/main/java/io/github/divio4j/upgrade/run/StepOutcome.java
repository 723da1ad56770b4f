package io.github.divio4j.upgrade.run;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** How far a step is after {@link StepExecutor#execute}. */
public sealed interface StepOutcome {

    /** Ids and times worth keeping: for the next call, the journal and the report. Never a secret. */
    Map<String, String> facts();

    /**
     * The step's effect is there, and this call or an earlier one of this run brought it about.
     *
     * @param facts see {@link StepOutcome#facts}
     */
    record Done(Map<String, String> facts) implements StepOutcome {
        /** Copies the facts. */
        public Done {
            facts = sorted(facts);
        }
    }

    /**
     * The step's effect was there before: nothing was done.
     *
     * @param facts see {@link StepOutcome#facts}
     */
    record AlreadyDone(Map<String, String> facts) implements StepOutcome {
        /** Copies the facts. */
        public AlreadyDone {
            facts = sorted(facts);
        }
    }

    /**
     * The step is under way, or it is not known yet whether it is.
     *
     * @param lookAgainAfter when to call again
     * @param state what is going on, in a few words
     * @param facts to be handed to the next call
     */
    record InProgress(Duration lookAgainAfter, String state, Map<String, String> facts) implements StepOutcome {
        /** Copies the facts. */
        public InProgress {
            requireNonNull(lookAgainAfter, "lookAgainAfter");
            requireNonNull(state, "state");
            facts = sorted(facts);
        }
    }

    /**
     * The step failed.
     *
     * @param message what happened, with the platform's own words
     * @param trueNow what is true now, as a sentence: above all, what the application runs on
     * @param mayRetry whether executing the step again is safe without anybody looking first
     * @param facts see {@link StepOutcome#facts}
     */
    record Failed(String message, String trueNow, boolean mayRetry, Map<String, String> facts) implements StepOutcome {
        /** Copies the facts. */
        public Failed {
            requireNonNull(message, "message");
            requireNonNull(trueNow, "trueNow");
            facts = sorted(facts);
        }
    }

    /** Whether the effect is there. */
    default boolean isDone() {
        return this instanceof Done || this instanceof AlreadyDone;
    }

    private static Map<String, String> sorted(Map<String, String> facts) {
        return Collections.unmodifiableMap(new TreeMap<>(facts));
    }
}
