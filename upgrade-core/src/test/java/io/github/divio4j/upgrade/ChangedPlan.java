package io.github.divio4j.upgrade;

import java.util.function.UnaryOperator;

/** Makes plans that no planner makes. */
public final class ChangedPlan {

    private ChangedPlan() {}

    /** A plan with every environment's plan changed. */
    public static UpgradePlan of(UpgradePlan plan, UnaryOperator<EnvironmentPlan> change) {
        return new UpgradePlan(
                plan.spec(),
                plan.goal(),
                plan.environments().stream().map(change).toList());
    }
}
