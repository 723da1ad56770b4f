package io.github.divio4j.upgrade.run;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import io.github.divio4j.upgrade.Blocker;
import io.github.divio4j.upgrade.EnvironmentPlan;
import io.github.divio4j.upgrade.EnvironmentPlan.Blocked;
import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.SafetyCheck;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradePlanner;
import io.github.divio4j.upgrade.UpgradeSpec;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The steps of a plan for those who drive them without {@link UpgradeRunner}: a loop, a thread pool, a workflow engine. Each call
 * looks afresh, plans afresh, and lets the executor act only if both still want the step, so that it is right wherever it is
 * made: in another process, on another machine, after a crash in the middle of the call before.
 *
 * <p>When to call, in which order, and how long to go on is up to the caller, who has to keep to the order of the plan and must not
 * make two calls for one environment at once; {@link UpgradeRunner}'s notes about other runs are not written.
 *
 * <p>Keeps nothing that has to outlive it. Safe for use by several threads, if observer and executor are.
 */
public final class StepByStep {

    /** Fact: how many looks have not shown yet what the platform has confirmed. Such a step is not executed again. */
    private static final String NOT_SHOWN = "divio4j.not-shown";

    private static final int LOOKS_FOR_AN_EFFECT = 10;
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(3);

    private final Observer observer;
    private final StepExecutor executor;
    private final Function<Observation, EnvironmentPlan> planning;
    /** For steps under way: what this object saw when it was called for the same step before. */
    private final Map<EnvironmentRef, Look> before = new ConcurrentHashMap<>();

    private record Look(Step step, Observation seen) {}

    private StepByStep(Observer observer, StepExecutor executor, Function<Observation, EnvironmentPlan> planning) {
        this.observer = requireNonNull(observer, "observer");
        this.executor = requireNonNull(executor, "executor");
        this.planning = requireNonNull(planning, "planning");
    }

    /** For the steps of plans that fulfil a wish. */
    public static StepByStep of(Observer observer, StepExecutor executor, UpgradeSpec spec) {
        requireNonNull(spec, "spec");
        return of(
                observer,
                executor,
                seen -> UpgradePlanner.plan(List.of(seen), spec).environments().get(0));
    }

    /**
     * For the steps of plans that are made in another way, such as the way back, or what is left of a saved plan.
     *
     * @param planning plans one environment in that way
     */
    public static StepByStep of(
            Observer observer, StepExecutor executor, Function<Observation, EnvironmentPlan> planning) {
        return new StepByStep(observer, executor, planning);
    }

    /**
     * Makes one call for a step.
     *
     * @param step a step of a plan, however old
     * @param facts those of the outcome before, for a step in progress; otherwise empty
     * @return done only once a fresh look shows the effect; in progress also while something stands in the way that passes by itself;
     *     failed, among other reasons, if a fresh plan wants something else first
     * @throws ObservationException if the environment cannot be looked at; nothing was done, or what was done is found by the next
     *     call
     * @throws InterruptedException as in {@link StepExecutor#execute}
     */
    public StepOutcome execute(Step step, Map<String, String> facts) throws InterruptedException {
        EnvironmentRef environment = step.environment();
        Look last = before.remove(environment);
        boolean begun = !facts.isEmpty();
        Observation seen = begun && last != null && last.step.id().equals(step.id())
                ? observer.observe(environment, last.seen, step)
                : observer.observe(environment);
        EnvironmentPlan plan = planning.apply(seen);
        Optional<Step> missing = missing(step, plan);
        boolean blocked = plan instanceof Blocked;
        if (facts.containsKey(NOT_SHOWN) && !blocked) {
            return missing.isEmpty() ? new StepOutcome.Done(facts) : notShown(step, seen, facts);
        }
        if (begun && StepEffect.mayGoOn(step, seen, missing.isPresent())) {
            return call(step, seen, facts);
        }
        if (plan instanceof Blocked stopped) {
            return blocked(stopped, facts);
        }
        if (missing.isEmpty()) {
            return begun ? new StepOutcome.Done(facts) : new StepOutcome.AlreadyDone(facts);
        }
        Step first = plan.steps().get(0);
        if (!first.id().equals(step.id())) {
            return failed(
                    "a fresh look at " + environment + " shows that it has to " + first.describe() + " first.", facts);
        }
        Optional<String> violation = SafetyCheck.violation(first, seen);
        return violation.isPresent()
                ? failed("it is not safe now: " + violation.get() + ".", facts)
                : call(first, seen, facts);
    }

    private StepOutcome call(Step step, Observation seen, Map<String, String> facts) throws InterruptedException {
        StepOutcome outcome = executor.execute(step, new StepContext(seen, facts));
        if (outcome instanceof StepOutcome.InProgress) {
            before.put(step.environment(), new Look(step, seen));
        }
        if (!outcome.isDone()) {
            return outcome;
        }
        Observation after = observer.observe(step.environment(), seen, step);
        return missing(step, planning.apply(after)).isEmpty() ? outcome : notShown(step, after, outcome.facts());
    }

    private StepOutcome notShown(Step step, Observation seen, Map<String, String> facts) {
        int looks = Integer.parseInt(facts.getOrDefault(NOT_SHOWN, "0")) + 1;
        if (looks > LOOKS_FOR_AN_EFFECT) {
            return failed("the platform confirmed it, but does not show it.", Map.of());
        }
        Map<String, String> more = new HashMap<>(facts);
        more.put(NOT_SHOWN, Integer.toString(looks));
        before.put(step.environment(), new Look(step, seen));
        return new StepOutcome.InProgress(LOOK_AGAIN, "done, and not shown yet", more);
    }

    private static Optional<Step> missing(Step step, EnvironmentPlan plan) {
        return plan.steps().stream().filter(s -> s.id().equals(step.id())).findFirst();
    }

    private static StepOutcome blocked(Blocked plan, Map<String, String> facts) {
        String reasons = plan.blockers().stream().map(Blocker::toString).collect(joining(" "));
        boolean passes = plan.blockers().stream().allMatch(b -> b.reason().passesByItself());
        return passes
                ? new StepOutcome.InProgress(LOOK_AGAIN, "waiting: " + reasons, facts)
                : new StepOutcome.Failed(reasons, "Nothing was done about it.", false, facts);
    }

    private static StepOutcome failed(String message, Map<String, String> facts) {
        return new StepOutcome.Failed(message, "Nothing was done.", true, facts);
    }
}
