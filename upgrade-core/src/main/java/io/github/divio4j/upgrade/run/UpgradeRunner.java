package io.github.divio4j.upgrade.run;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import io.github.divio4j.upgrade.Blocker;
import io.github.divio4j.upgrade.EnvironmentPlan;
import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.StepId;
import io.github.divio4j.upgrade.UpgradePlan;
import io.github.divio4j.upgrade.UpgradePlanner;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.run.RunReport.EnvironmentResult;
import io.github.divio4j.upgrade.run.RunReport.Result;
import io.github.divio4j.upgrade.run.RunReport.StepRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Brings environments to where a spec wants them, one step after the other: observe, plan, do the first step, observe
 * again. It keeps nothing between two steps that a fresh look would not tell, so a run that was killed is resumed by
 * running again.
 *
 * <p>The first failure ends the run: the other environments stay where they are, and the report says where that is.
 *
 * <p>Defaults: the machine's time, no listener, 2 hours for each step, 30 minutes for a blocker that passes by itself.
 * Safe for use by several threads, if observer and executor are.
 */
public final class UpgradeRunner {

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(3);
    /** A platform may show an effect a little later than it confirms it. */
    private static final int LOOKS_FOR_AN_EFFECT = 10;
    /** In the middle of an upgrade it is worth while to wait for a platform that cannot be reached for a moment. */
    private static final int TRIES_TO_LOOK = 10;

    private final Observer observer;
    private final StepExecutor executor;
    private final Timer timer;
    private final RunListener listener;
    private final Duration stepDeadline;
    private final Duration blockerDeadline;

    private UpgradeRunner(Builder builder) {
        this.observer = builder.observer;
        this.executor = builder.executor;
        this.timer = builder.timer;
        this.listener = builder.listener;
        this.stepDeadline = builder.stepDeadline;
        this.blockerDeadline = builder.blockerDeadline;
    }

    /** Starts the settings of a runner. */
    public static Builder builder(Observer observer, StepExecutor executor) {
        return new Builder(observer, executor);
    }

    /**
     * Observes all environments and plans, and changes nothing.
     *
     * @throws ObservationException if an environment cannot be looked at
     */
    public UpgradePlan plan(UpgradeSpec spec) {
        return new Run(spec).observeAll();
    }

    /**
     * Runs until all environments are up to date, something fails, or something stands in the way.
     *
     * @return what was done and what is true now; it says so, rather than throwing, when a step fails or an environment is
     *     blocked
     * @throws ObservationException if an environment cannot be looked at before anything was done
     * @throws InterruptedException if the thread was interrupted; what was begun goes on at the platform, and the next run
     *     finds it
     */
    public RunReport run(UpgradeSpec spec) throws InterruptedException {
        Run run = new Run(spec);
        UpgradePlan first = run.observeAll();
        listener.planned(first);
        try {
            return run.run(first);
        } catch (ObservationException e) {
            return run.reportBlind(e);
        }
    }

    /** The state of one run. */
    private final class Run {
        private final UpgradeSpec spec;
        private final Instant startedAt = timer.now();
        private final Map<EnvironmentRef, Observation> observations = new LinkedHashMap<>();
        private final List<StepRun> steps = new ArrayList<>();
        private final Set<EnvironmentRef> touched = new LinkedHashSet<>();
        /** Those that were waited for in vain before anything was done to them. */
        private final Set<EnvironmentRef> givenUp = new LinkedHashSet<>();

        private @Nullable EnvironmentRef lastLookedAt;
        private int looks;

        Run(UpgradeSpec spec) {
            this.spec = spec;
        }

        UpgradePlan observeAll() {
            for (EnvironmentRef environment : observer.environments()) {
                observations.put(environment, observer.observe(environment));
                looks++;
            }
            return plan();
        }

        RunReport run(UpgradePlan first) throws InterruptedException {
            UpgradePlan plan = first;
            while (true) {
                Optional<EnvironmentRef> waitFor = worthWaitingFor(plan);
                if (waitFor.isPresent()) {
                    plan = waitWhilePassinglyBlocked(waitFor.get(), plan);
                    if (isPassinglyBlocked(plan, waitFor.get())) {
                        if (touched.contains(waitFor.get())) {
                            return report(plan, null, "");
                        }
                        givenUp.add(waitFor.get());
                    }
                    continue;
                }
                if (plan.steps().isEmpty() || touchedAndBlocked(plan)) {
                    return report(plan, null, "");
                }
                Step step = plan.steps().get(0);
                if (!step.environment().equals(lastLookedAt)) {
                    // Others had their turn since it was looked at.
                    observe(step.environment());
                    plan = plan();
                    continue;
                }
                touched.add(step.environment());
                StepOutcome outcome = execute(step);
                if (outcome instanceof StepOutcome.Failed failed) {
                    lookAfterFailure(step.environment());
                    return report(
                            plan(),
                            step,
                            "Failed to " + step.describe() + ": " + failed.message() + " " + failed.trueNow()
                                    + (failed.mayRetry() ? " Run again to retry." : ""));
                }
                Optional<UpgradePlan> next = planWithout(step);
                if (next.isEmpty()) {
                    return report(plan(), step, whyStillMissing(step));
                }
                plan = next.get();
            }
        }

        private void observe(EnvironmentRef environment) throws InterruptedException {
            for (int attempt = 1; ; attempt++) {
                looks++;
                lastLookedAt = environment;
                try {
                    observations.put(environment, observer.observe(environment));
                    return;
                } catch (ObservationException e) {
                    if (attempt == TRIES_TO_LOOK) {
                        throw e;
                    }
                    listener.waiting(environment, String.valueOf(e.getMessage()));
                    timer.sleep(LOOK_AGAIN);
                }
            }
        }

        /** What is known already is reported even if the platform cannot be reached any more. */
        private void lookAfterFailure(EnvironmentRef environment) throws InterruptedException {
            try {
                observe(environment);
            } catch (ObservationException e) {
                listener.waiting(environment, String.valueOf(e.getMessage()));
            }
        }

        private UpgradePlan plan() {
            return UpgradePlanner.plan(observations.values(), spec);
        }

        private StepOutcome execute(Step step) throws InterruptedException {
            Instant began = timer.now();
            listener.started(step);
            int executions = 0;
            StepOutcome outcome = null;
            try {
                StepContext context = StepContext.of(observation(step));
                while (true) {
                    executions++;
                    outcome = executed(step, context);
                    Duration elapsed = Duration.between(began, timer.now());
                    if (!(outcome instanceof StepOutcome.InProgress progress)) {
                        listener.ended(step, outcome, elapsed);
                        return outcome;
                    }
                    listener.inProgress(step, progress, elapsed);
                    if (elapsed.plus(progress.lookAgainAfter()).compareTo(stepDeadline) > 0) {
                        outcome = new StepOutcome.Failed(
                                "it is still " + progress.state() + " after " + elapsed.toSeconds() + " s.",
                                "It may still end well at the platform.",
                                true,
                                progress.facts());
                        listener.ended(step, outcome, elapsed);
                        return outcome;
                    }
                    timer.sleep(progress.lookAgainAfter());
                    observe(step.environment());
                    context = new StepContext(observation(step), progress.facts());
                }
            } finally {
                steps.add(new StepRun(step, began, timer.now(), executions, outcome));
            }
        }

        private StepOutcome executed(Step step, StepContext context) throws InterruptedException {
            try {
                return executor.execute(step, context);
            } catch (RuntimeException e) {
                // Any executor may be behind the interface: its defects must not cost the report of what was done
                // before.
                return new StepOutcome.Failed(
                        "the executor threw " + e + ".",
                        "What it had begun may go on at the platform.",
                        true,
                        context.facts());
            }
        }

        private Observation observation(Step step) {
            return requireNonNull(observations.get(step.environment()));
        }

        /** The plan of a fresh look, once the step is no longer in it; empty if that does not come about. */
        private Optional<UpgradePlan> planWithout(Step step) throws InterruptedException {
            for (int look = 1; look <= LOOKS_FOR_AN_EFFECT; look++) {
                observe(step.environment());
                UpgradePlan plan = plan();
                if (ids(plan).stream().noneMatch(step.id()::equals)) {
                    return Optional.of(plan);
                }
                timer.sleep(LOOK_AGAIN);
            }
            return Optional.empty();
        }

        private List<StepId> ids(UpgradePlan plan) {
            return plan.steps().stream().map(Step::id).toList();
        }

        private String whyStillMissing(Step step) {
            boolean tooOld = plan().environment(step.environment()).orElseThrow().steps().stream()
                    .anyMatch(s -> s instanceof Step.BackUp again
                            && (step.kind() == Step.Kind.RESTORE
                                    || (step instanceof Step.BackUp first
                                            && !first.unusable().containsAll(again.unusable()))));
            return tooOld
                    ? "The backup grew older than the allowed " + spec.maximumBackupAge()
                            + " before the application could move; it runs as before. Allow an older backup"
                            + " (maximumBackupAge), then run again."
                    : "The platform confirmed to " + step.describe()
                            + ", but does not show it. Look at the environment, then run again.";
        }

        /**
         * An environment that meets something that passes by itself, such as somebody else's deployment. Those that this
         * run has worked on come first: they may be half-way. The others are waited for as well, so that all are prepared
         * before the first one is migrated, and waves go in order.
         */
        private Optional<EnvironmentRef> worthWaitingFor(UpgradePlan plan) {
            return Stream.concat(touched.stream(), observations.keySet().stream())
                    .filter(e -> !givenUp.contains(e) && isPassinglyBlocked(plan, e))
                    .findFirst();
        }

        private boolean isPassinglyBlocked(UpgradePlan plan, EnvironmentRef environment) {
            return plan.environment(environment)
                    .filter(p -> p instanceof EnvironmentPlan.Blocked blocked
                            && blocked.blockers().stream()
                                    .allMatch(b -> b.reason().passesByItself()))
                    .isPresent();
        }

        private boolean touchedAndBlocked(UpgradePlan plan) {
            return touched.stream()
                    .anyMatch(e -> plan.environment(e)
                            .filter(EnvironmentPlan.Blocked.class::isInstance)
                            .isPresent());
        }

        /** The plan when nothing that passes by itself blocks the environment any more, or when time is up. */
        private UpgradePlan waitWhilePassinglyBlocked(EnvironmentRef environment, UpgradePlan blocked)
                throws InterruptedException {
            Instant deadline = timer.now().plus(blockerDeadline);
            UpgradePlan plan = blocked;
            while (isPassinglyBlocked(plan, environment) && timer.now().isBefore(deadline)) {
                listener.waiting(environment, blockersOf(plan, environment));
                timer.sleep(LOOK_AGAIN);
                observe(environment);
                plan = plan();
            }
            return plan;
        }

        private String blockersOf(UpgradePlan plan, EnvironmentRef environment) {
            return plan.blockers().stream()
                    .filter(b -> b.environment().equals(environment))
                    .map(b -> b.message() + " " + b.remedy())
                    .collect(joining(" "));
        }

        private RunReport report(UpgradePlan plan, @Nullable Step failed, String failure) {
            List<EnvironmentResult> results = plan.environments().stream()
                    .map(e -> result(e, failed, failure))
                    .toList();
            return new RunReport(startedAt, timer.now(), results, steps, looks);
        }

        /** The report of a run that lost sight of the platform: what was last seen, marked as such. */
        RunReport reportBlind(ObservationException lost) {
            List<EnvironmentResult> results = plan().environments().stream()
                    .map(e -> result(e, null, ""))
                    .map(r -> new EnvironmentResult(
                            r.environment(),
                            r.result() == Result.UPGRADED ? Result.UPGRADED : Result.NOT_FINISHED,
                            "The run stopped because it " + lost.getMessage() + " When last seen: " + r.detail()))
                    .toList();
            return new RunReport(startedAt, timer.now(), results, steps, looks);
        }

        private EnvironmentResult result(EnvironmentPlan plan, @Nullable Step failed, String failure) {
            EnvironmentRef environment = plan.environment();
            if (failed != null && failed.environment().equals(environment)) {
                return new EnvironmentResult(environment, Result.FAILED, failure);
            }
            if (plan instanceof EnvironmentPlan.Blocked blocked) {
                return new EnvironmentResult(
                        environment,
                        Result.BLOCKED,
                        blocked.blockers().stream().map(Blocker::toString).collect(joining("\n")));
            }
            if (plan instanceof EnvironmentPlan.LeftAlone) {
                return new EnvironmentResult(environment, Result.LEFT_ALONE, "It is in none of the spec's waves.");
            }
            if (plan instanceof EnvironmentPlan.UpToDate upToDate) {
                boolean ours = touched.contains(environment);
                return new EnvironmentResult(
                        environment, ours ? Result.UPGRADED : Result.UP_TO_DATE, upToDate.reason());
            }
            return new EnvironmentResult(
                    environment,
                    Result.NOT_FINISHED,
                    "Next: " + plan.steps().get(0).describe() + ". Run again to go on.");
        }
    }

    /** Collects the settings of an {@link UpgradeRunner}. Not safe for use by several threads. */
    public static final class Builder {
        private final Observer observer;
        private final StepExecutor executor;
        private Timer timer = Timer.SYSTEM;
        private RunListener listener = RunListener.NONE;
        private Duration stepDeadline = Duration.ofHours(2);
        private Duration blockerDeadline = Duration.ofMinutes(30);

        private Builder(Observer observer, StepExecutor executor) {
            this.observer = requireNonNull(observer, "observer");
            this.executor = requireNonNull(executor, "executor");
        }

        /** Sets the time to live in. Default: the machine's. */
        public Builder timer(Timer value) {
            this.timer = requireNonNull(value, "timer");
            return this;
        }

        /** Sets who is told what happens. Default: nobody. */
        public Builder listener(RunListener value) {
            this.listener = requireNonNull(value, "listener");
            return this;
        }

        /** Sets how long one step may take before the run ends. Default 2 hours. */
        public Builder stepDeadline(Duration value) {
            this.stepDeadline = positive(value);
            return this;
        }

        /** Sets how long to wait for a blocker that passes by itself, such as a deployment. Default 30 minutes. */
        public Builder blockerDeadline(Duration value) {
            this.blockerDeadline = positive(value);
            return this;
        }

        /** Makes the runner. */
        public UpgradeRunner build() {
            return new UpgradeRunner(this);
        }

        private static Duration positive(Duration value) {
            if (value.isNegative() || value.isZero()) {
                throw new IllegalArgumentException("a deadline must be positive, not " + value);
            }
            return value;
        }
    }
}
