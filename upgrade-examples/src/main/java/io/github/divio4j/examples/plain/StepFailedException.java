package io.github.divio4j.examples.plain;

import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.run.StepOutcome;

/** A step failed; the message says which, why, what is true now and what to do. */
public final class StepFailedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    StepFailedException(Step step, StepOutcome.Failed failed) {
        super(step.environment() + ": failed to " + step.describe() + ": " + failed.message() + " " + failed.trueNow()
                + (failed.mayRetry() ? " Run again to retry." : " Look at the environment first, then run again."));
    }
}
