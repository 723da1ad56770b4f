package io.github.divio4j.upgrade.run;

import static java.util.Objects.requireNonNull;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradePlan;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Is told what a run does, on the thread that called {@link UpgradeRunner#run(io.github.divio4j.upgrade.UpgradeSpec)}, one event after the other, also when
 * environments go side by side. What a listener throws is not caught: it stops the run, which can be resumed. What takes
 * long in a listener holds up the run. All methods do nothing unless overridden.
 */
public interface RunListener {

    /** A listener that does nothing. */
    RunListener NONE = new RunListener() {};

    /** A listener that tells several others, in the given order. If one throws, those after it are not told. */
    static RunListener all(RunListener... listeners) {
        return new SeveralListeners(List.of(listeners));
    }

    /**
     * A listener that writes a line for each event: what fails as ERROR, what is blocked or not finished as WARNING, looks at
     * steps under way as DEBUG, and all else as INFO.
     */
    static RunListener logging(System.Logger logger) {
        return new LoggingListener(requireNonNull(logger, "logger"));
    }

    /** The run begins; {@code plan} is its first plan. */
    default void planned(UpgradePlan plan) {}

    /** The gate was asked for a wave. */
    default void gateAsked(WaveGate.Wave wave, WaveGate.Answer answer) {}

    /**
     * A wave begins to migrate.
     *
     * @param wave its number, from 0
     * @param environments those of its environments that are to be migrated
     */
    default void waveBegan(int wave, List<EnvironmentRef> environments) {}

    /** The migration of all environments of a wave is over, well or badly; old instances may still be deleted. */
    default void waveEnded(int wave) {}

    /** A step begins. */
    default void started(Step step) {}

    /**
     * A step is under way: told after each look.
     *
     * @param elapsed since the step began
     */
    default void inProgress(Step step, StepOutcome.InProgress outcome, Duration elapsed) {}

    /**
     * A step is still under way: told at regular intervals, however often it is looked at (see
     * {@link UpgradeRunner.Builder#heartbeat}).
     *
     * @param elapsed since the step began
     * @param expected how long steps of this kind took in this run so far, on average; null while none has ended
     */
    default void heartbeat(Step step, Duration elapsed, @Nullable Duration expected) {}

    /**
     * A step ended, well or badly.
     *
     * @param elapsed since the step began
     */
    default void ended(Step step, StepOutcome outcome, Duration elapsed) {}

    /** An environment's plan cannot go on for now, for a reason that passes by itself. */
    default void waiting(EnvironmentRef environment, String reason) {}

    /** The run is through with an environment: told once for each, those that the run did not get to at its end. */
    default void environmentEnded(RunReport.EnvironmentResult result) {}
}
