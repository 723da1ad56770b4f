package io.github.divio4j.upgrade.run;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradePlan;
import java.time.Duration;

/**
 * Is told what a run does, on the thread that does it. What a listener throws is not caught: it stops the run, which can
 * be resumed. All methods do nothing unless overridden.
 */
public interface RunListener {

    /** A listener that does nothing. */
    RunListener NONE = new RunListener() {};

    /** The run begins; {@code plan} is its first plan. */
    default void planned(UpgradePlan plan) {}

    /** A step begins. */
    default void started(Step step) {}

    /**
     * A step is under way.
     *
     * @param elapsed since the step began
     */
    default void inProgress(Step step, StepOutcome.InProgress outcome, Duration elapsed) {}

    /**
     * A step ended, well or badly.
     *
     * @param elapsed since the step began
     */
    default void ended(Step step, StepOutcome outcome, Duration elapsed) {}

    /** An environment's plan cannot go on for now, for a reason that passes by itself. */
    default void waiting(EnvironmentRef environment, String reason) {}
}
