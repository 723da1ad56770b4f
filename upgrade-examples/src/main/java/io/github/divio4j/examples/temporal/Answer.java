package io.github.divio4j.examples.temporal;

import io.github.divio4j.upgrade.run.StepOutcome;
import java.util.Map;

/**
 * A {@link StepOutcome} as a payload.
 *
 * @param kind how far the step is
 * @param text what is going on, or what happened and is true now
 * @param lookAgainMillis when to call again, in milliseconds; 0 unless it is in progress
 * @param mayRetry whether a step that failed may be executed again without anybody looking first
 * @param facts for the next call
 */
public record Answer(Kind kind, String text, long lookAgainMillis, boolean mayRetry, Map<String, String> facts) {

    /** How far a step is. */
    public enum Kind {
        /** Its effect is there. */
        DONE,
        /** It is under way. */
        IN_PROGRESS,
        /** It failed. */
        FAILED
    }

    static Answer of(StepOutcome outcome) {
        if (outcome instanceof StepOutcome.InProgress progress) {
            return new Answer(
                    Kind.IN_PROGRESS,
                    progress.state(),
                    progress.lookAgainAfter().toMillis(),
                    false,
                    progress.facts());
        }
        if (outcome instanceof StepOutcome.Failed failed) {
            return new Answer(
                    Kind.FAILED, failed.message() + " " + failed.trueNow(), 0, failed.mayRetry(), failed.facts());
        }
        String text = outcome instanceof StepOutcome.AlreadyDone ? "was done already" : "done";
        return new Answer(Kind.DONE, text, 0, false, outcome.facts());
    }
}
