package io.github.divio4j.upgrade;

import io.github.divio4j.upgrade.EnvironmentPlan.Blocked;
import io.github.divio4j.upgrade.EnvironmentPlan.Ready;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is missing until all environments are on the wished version: made by {@link UpgradePlanner}, immutable, and a
 * picture of the moment of the observations. After every step, a fresh plan outweighs a stored one.
 */
public final class UpgradePlan {

    /** Where a plan leads. */
    public enum Goal {
        /** The application on the target. */
        UPGRADE,
        /** The application on the source again. */
        ROLLBACK
    }

    private final UpgradeSpec spec;
    private final Goal goal;
    private final List<EnvironmentPlan> environments;
    private final List<Ready> inOrder;
    private final List<Step> steps;

    UpgradePlan(UpgradeSpec spec, Goal goal, List<EnvironmentPlan> environments) {
        this(spec, goal, environments, StepOrder.of(environments));
    }

    UpgradePlan(UpgradeSpec spec, Goal goal, List<EnvironmentPlan> environments, StepOrder order) {
        this.spec = spec;
        this.goal = goal;
        this.environments = List.copyOf(environments);
        this.inOrder = order.environments();
        this.steps = order.steps();
    }

    private static boolean prepares(Step step) {
        return step.kind().phase() == Step.Phase.PREPARE;
    }

    private static boolean migrates(Step step) {
        return step.kind().phase() == Step.Phase.MIGRATE;
    }

    /** The wish that the plan fulfils. */
    public UpgradeSpec spec() {
        return spec;
    }

    /** Where it leads. */
    public Goal goal() {
        return goal;
    }

    /** The result for each environment that was observed, in the order of application and slug. */
    public List<EnvironmentPlan> environments() {
        return environments;
    }

    /** The result for one environment; empty if it was not observed. */
    public Optional<EnvironmentPlan> environment(EnvironmentRef environment) {
        return environments.stream()
                .filter(e -> e.environment().equals(environment))
                .findFirst();
    }

    /** Everything that stands in the way anywhere. */
    public List<Blocker> blockers() {
        return environments.stream()
                .filter(Blocked.class::isInstance)
                .flatMap(e -> ((Blocked) e).blockers().stream())
                .toList();
    }

    /**
     * All missing steps, in an order that is right for a caller who does one after the other: environments whose
     * prefixes are being swapped first, then the preparation of all environments, then wave by wave.
     */
    public List<Step> steps() {
        return steps;
    }

    /** Whether nothing is left to do and nothing stands in the way. */
    public boolean isUpToDate() {
        return steps.isEmpty() && blockers().isEmpty();
    }

    /**
     * The steps that may be done now, side by side, by a caller who has done some: at most one per environment.
     *
     * <p>A migration waits for the preparation of all environments and for the migration of all earlier waves; nothing
     * waits for a deletion.
     *
     * @param done the ids of the steps that were done since the plan was made
     */
    public List<Step> ready(Set<StepId> done) {
        boolean allPrepared = steps.stream().filter(UpgradePlan::prepares).allMatch(s -> done.contains(s.id()));
        int openWave = inOrder.stream()
                .filter(e -> e.steps().stream().anyMatch(s -> migrates(s) && !done.contains(s.id())))
                .mapToInt(Ready::wave)
                .min()
                .orElse(Integer.MAX_VALUE);
        List<Step> ready = new ArrayList<>();
        for (Ready environment : inOrder) {
            environment.steps().stream()
                    .filter(s -> !done.contains(s.id()))
                    .findFirst()
                    .filter(s ->
                            !migrates(s) || environment.inCutover() || (allPrepared && environment.wave() <= openWave))
                    .ifPresent(ready::add);
        }
        return ready;
    }

    @Override
    public String toString() {
        return "UpgradePlan[" + environments.size() + " environments, " + steps.size() + " steps, "
                + blockers().size() + " blockers]";
    }
}
