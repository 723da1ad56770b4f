package io.github.divio4j.upgrade.run;

import static java.util.Objects.requireNonNull;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a run did and what is true after it.
 *
 * @param startedAt when it began
 * @param endedAt when it ended
 * @param environments a result for each observed environment
 * @param steps what was executed, in order
 * @param observations how many times an environment was looked at
 */
public record RunReport(
        Instant startedAt,
        Instant endedAt,
        List<EnvironmentResult> environments,
        List<StepRun> steps,
        int observations) {

    /** Copies the lists. */
    public RunReport {
        requireNonNull(startedAt, "startedAt");
        requireNonNull(endedAt, "endedAt");
        environments = List.copyOf(environments);
        steps = List.copyOf(steps);
    }

    /** How an environment came out of a run. */
    public enum Result {
        /** It was moved to the target in this run, or the rest of an earlier run was done. */
        UPGRADED,
        /** There was nothing to do. */
        UP_TO_DATE,
        /** The spec leaves it alone. */
        LEFT_ALONE,
        /** Something stood in the way; the detail says what, and the remedy. */
        BLOCKED,
        /** A step failed; the detail says what is true now. */
        FAILED,
        /** The run ended before its turn, or in the middle of it. It can be resumed. */
        NOT_FINISHED
    }

    /**
     * The result of one environment.
     *
     * @param environment the environment
     * @param result how it came out
     * @param detail for people: why, what is true now, what to do next
     */
    public record EnvironmentResult(EnvironmentRef environment, Result result, String detail) {
        /** Checks that nothing is missing. */
        public EnvironmentResult {
            requireNonNull(environment, "environment");
            requireNonNull(result, "result");
            requireNonNull(detail, "detail");
        }
    }

    /**
     * One step's execution.
     *
     * @param step the step
     * @param startedAt when it began
     * @param endedAt when it ended
     * @param executions how many times the executor was called for it
     * @param outcome how it ended; null if the run was interrupted in it
     */
    public record StepRun(
            Step step,
            Instant startedAt,
            Instant endedAt,
            int executions,
            @Nullable StepOutcome outcome) {
        /** Checks that nothing is missing. */
        public StepRun {
            requireNonNull(step, "step");
            requireNonNull(startedAt, "startedAt");
            requireNonNull(endedAt, "endedAt");
        }
    }

    /** Whether every environment is where the spec wants it. */
    public boolean succeeded() {
        return environments.stream()
                .allMatch(e -> e.result() == Result.UPGRADED
                        || e.result() == Result.UP_TO_DATE
                        || e.result() == Result.LEFT_ALONE);
    }

    /** The result of one environment; empty if it was not observed. */
    public Optional<EnvironmentResult> environment(EnvironmentRef environment) {
        return environments.stream()
                .filter(e -> e.environment().equals(environment))
                .findFirst();
    }

    /**
     * From the beginning of the last backup to the end of the deployment: without a fence, what the application wrote in
     * this time may be missing in the target. Empty if this run did not do both.
     */
    public Optional<Duration> unprotectedWindow(EnvironmentRef environment) {
        Optional<Instant> from = ofKind(environment, Step.Kind.BACK_UP).map(StepRun::startedAt);
        Optional<Instant> until = ofKind(environment, Step.Kind.DEPLOY).map(StepRun::endedAt);
        return from.flatMap(f -> until.map(u -> Duration.between(f, u)));
    }

    private Optional<StepRun> ofKind(EnvironmentRef environment, Step.Kind kind) {
        return steps.stream()
                .filter(s -> s.step().environment().equals(environment)
                        && s.step().kind() == kind
                        && s.outcome() != null
                        && s.outcome().isDone())
                .reduce((earlier, later) -> later);
    }
}
