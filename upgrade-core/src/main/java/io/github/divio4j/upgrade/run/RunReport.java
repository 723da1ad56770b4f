package io.github.divio4j.upgrade.run;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import io.github.divio4j.upgrade.DatabaseFacts.Retired;
import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a run did and what is true after it. Holds no secret.
 *
 * @param run the id of the run, as in the notes of its operations
 * @param startedAt when it began
 * @param endedAt when it ended
 * @param environments a result for each observed environment
 * @param steps what was executed, in the order in which it ended
 * @param observations how many times an environment was looked at
 * @param calls how many calls to the platform were made meanwhile; empty if the observer does not count them
 * @param stopped why the run ended before everything was done, as a sentence; null if nothing held it up as a whole
 */
public record RunReport(
        String run,
        Instant startedAt,
        Instant endedAt,
        List<EnvironmentResult> environments,
        List<StepRun> steps,
        int observations,
        OptionalLong calls,
        @Nullable String stopped) {

    /** Copies the lists. */
    public RunReport {
        requireNonNull(run, "run");
        requireNonNull(startedAt, "startedAt");
        requireNonNull(endedAt, "endedAt");
        environments = List.copyOf(environments);
        steps = List.copyOf(steps);
        requireNonNull(calls, "calls");
    }

    /** How an environment came out of a run. */
    public enum Result {
        /** It was moved to the target in this run, or the rest of an earlier run was done. */
        UPGRADED,
        /** It was moved back to the source in this run, or the rest of an earlier run was done. */
        ROLLED_BACK,
        /** There was nothing to do. */
        UP_TO_DATE,
        /** The spec leaves it alone. */
        LEFT_ALONE,
        /** Something stood in the way; the detail says what, and the remedy. */
        BLOCKED,
        /** A step failed; the detail says what is true now. */
        FAILED,
        /** The run ended before its turn, or in the middle of it. It can be resumed. */
        NOT_FINISHED;

        /** Whether the environment is where the spec wants it. */
        public boolean isGood() {
            return this == UPGRADED || this == ROLLED_BACK || this == UP_TO_DATE || this == LEFT_ALONE;
        }
    }

    /**
     * The result of one environment.
     *
     * @param environment the environment
     * @param result how it came out
     * @param detail for people: why, what is true now, what to do next
     * @param trueNow its databases when it was last looked at, as a sentence
     * @param next the next safe action, as a sentence
     * @param unprotected the unprotected window, if the application moved and it is known when the backup was begun whose
     *     data the target holds; null otherwise, and if a fence was up
     * @param writesRefused how long the application could not write, if it moved under a fence and it is known since when
     *     that was up; null otherwise
     * @param retired what became of the database that the application has left: what was lost, as far as that was measured, and who
     *     is still connected to it; null if it has not moved, as far as this run knows
     */
    public record EnvironmentResult(
            EnvironmentRef environment,
            Result result,
            String detail,
            String trueNow,
            String next,
            @Nullable Window unprotected,
            @Nullable Window writesRefused,
            @Nullable Retired retired) {
        /** Checks that nothing is missing. */
        public EnvironmentResult {
            requireNonNull(environment, "environment");
            requireNonNull(result, "result");
            requireNonNull(detail, "detail");
            requireNonNull(trueNow, "trueNow");
            requireNonNull(next, "next");
        }
    }

    /**
     * A time.
     *
     * @param from its beginning
     * @param until its end
     */
    public record Window(Instant from, Instant until) {
        /** Checks that nothing is missing. */
        public Window {
            requireNonNull(from, "from");
            requireNonNull(until, "until");
        }

        /** How long it is. */
        public Duration length() {
            return Duration.between(from, until);
        }
    }

    /**
     * One step's execution.
     *
     * @param step the step
     * @param startedAt when it began
     * @param endedAt when it ended
     * @param executed when the executor was called for it: first to begin it, then to look how it goes
     * @param outcome how it ended; null if the run ended, or gave way, before the step did
     */
    public record StepRun(
            Step step,
            Instant startedAt,
            Instant endedAt,
            List<Instant> executed,
            @Nullable StepOutcome outcome) {
        /** Checks that nothing is missing. */
        public StepRun {
            requireNonNull(step, "step");
            requireNonNull(startedAt, "startedAt");
            requireNonNull(endedAt, "endedAt");
            executed = List.copyOf(executed);
        }

        /** How many times the executor was called for it. */
        public int executions() {
            return executed.size();
        }
    }

    /** Whether every environment is where the spec wants it. */
    public boolean succeeded() {
        return environments.stream().allMatch(e -> e.result().isGood());
    }

    /** The result of one environment; empty if it was not observed. */
    public Optional<EnvironmentResult> environment(EnvironmentRef environment) {
        return environments.stream()
                .filter(e -> e.environment().equals(environment))
                .findFirst();
    }

    /** What was executed in one environment, in order. */
    public List<StepRun> steps(EnvironmentRef environment) {
        return steps.stream()
                .filter(s -> s.step().environment().equals(environment))
                .toList();
    }

    /**
     * From the beginning of the backup whose data the target holds to the end of the deployment: without a fence, what the
     * application wrote in this time may be missing in the target. By the platform's times, where it tells them, so that a
     * resumed run states it too. Empty if this run did nothing in the environment, the application has not moved, or a fence
     * was up.
     */
    public Optional<Duration> unprotectedWindow(EnvironmentRef environment) {
        return environment(environment)
                .flatMap(e -> Optional.ofNullable(e.unprotected()))
                .map(Window::length);
    }

    /**
     * In short: how many environments came out how, and in how many it was measured what was lost; why those did not go well that did
     * not; and what was lost, where anything was, and who is still connected to an old database.
     */
    @Override
    public String toString() {
        Map<Result, Integer> counts = new EnumMap<>(Result.class);
        environments.forEach(e -> counts.merge(e.result(), 1, Integer::sum));
        String reasons = environments.stream()
                .filter(e -> !e.result().isGood())
                .map(e -> "; " + e.environment() + " " + e.result() + ": " + e.detail())
                .collect(joining());
        List<Retired> left = environments.stream()
                .flatMap(e -> Stream.ofNullable(e.retired()))
                .toList();
        long unmeasured = left.stream().filter(r -> r.lost() == null).count();
        String lost = environments.stream()
                .flatMap(e -> Stream.ofNullable(e.retired())
                        .filter(r -> !r.isClear())
                        .map(r -> "; " + e.environment() + ": " + r.describe()))
                .collect(joining());
        String measured = left.isEmpty()
                ? ""
                : ", lost writes measured in " + (left.size() - unmeasured) + " of " + left.size() + " environments";
        return "RunReport[" + run + ", " + counts + ", " + steps.size() + " steps in "
                + Duration.between(startedAt, endedAt).toSeconds() + " s" + measured + reasons + lost + "]";
    }
}
