package io.github.divio4j.upgrade;

import io.github.divio4j.upgrade.EnvironmentPlan.Blocked;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;

/**
 * Turns what was observed into the steps that are missing. A pure function: it asks nobody, reads no clock, remembers
 * nothing, and gives the same plan for the same input in whatever order the input comes.
 *
 * <p>That is also why a plan can be made at any moment of an upgrade that somebody began, with or without this library: a
 * step is in the plan exactly when its effect is not there yet. The way back is planned in the same manner, and either way
 * can be turned round in the middle.
 */
public final class UpgradePlanner {

    private UpgradePlanner() {}

    /** What becomes of the target when an upgrade is rolled back. */
    public enum TargetAfterRollback {
        /** It stays, under the staging prefix, invisible to the application or about to become so. */
        KEEP,
        /** It is deleted with what it holds, if divio4j filled it or nobody ever set it up. */
        DELETE
    }

    /**
     * Plans the upgrade of all observed environments. An environment that cannot be planned is {@linkplain Blocked
     * blocked}, with everything that stands in its way, and hides none of the others.
     *
     * @throws IllegalArgumentException if an environment is observed twice
     */
    public static UpgradePlan plan(Collection<Observation> observations, UpgradeSpec spec) {
        return plan(
                observations,
                spec,
                UpgradePlan.Goal.UPGRADE,
                (seen, wave, versions) -> new UpgradePath(seen, spec, wave, versions).plan());
    }

    /**
     * Plans the way back: the application on the source again, under its original prefix. It can be planned from every
     * position before the source is deleted; {@link EnvironmentPlan.Ready#loss} says what it would lose.
     *
     * <p>An environment whose upgrade has not begun is up to date; one whose source is gone is blocked.
     *
     * @param spec the wish that the upgrade was planned with
     * @throws IllegalArgumentException if an environment is observed twice
     */
    public static UpgradePlan planRollback(
            Collection<Observation> observations, UpgradeSpec spec, TargetAfterRollback target) {
        boolean delete = target == TargetAfterRollback.DELETE;
        return plan(
                observations,
                spec,
                UpgradePlan.Goal.ROLLBACK,
                (seen, wave, versions) -> new RollbackPath(seen, spec, wave, versions, delete).plan());
    }

    private interface Path {
        EnvironmentPlan plan(Observation seen, int wave, ServiceVersions versions);
    }

    private static UpgradePlan plan(
            Collection<Observation> observations, UpgradeSpec spec, UpgradePlan.Goal goal, Path path) {
        List<Observation> inOrder = new ArrayList<>(observations);
        inOrder.sort((a, b) -> byName(a.environment(), b.environment()));
        List<EnvironmentPlan> environments = new ArrayList<>(inOrder.size());
        StepOrder order = new StepOrder();
        ServiceVersions.Known versions = new ServiceVersions.Known();
        EnvironmentRef before = null;
        for (Observation seen : inOrder) {
            EnvironmentRef environment = seen.environment();
            if (environment.equals(before)) {
                throw new IllegalArgumentException(environment + " is observed twice");
            }
            before = environment;
            OptionalInt wave = spec.waveOf(environment);
            EnvironmentPlan plan = wave.isEmpty()
                    ? new EnvironmentPlan.LeftAlone(environment)
                    : path.plan(seen, wave.getAsInt(), versions.of(seen.catalogue()));
            environments.add(plan);
            order.add(plan);
        }
        return new UpgradePlan(spec, goal, environments, order);
    }

    static int byName(EnvironmentRef a, EnvironmentRef b) {
        int order = a.application().compareTo(b.application());
        if (order == 0) {
            order = a.slug().compareTo(b.slug());
        }
        return order == 0 ? a.id().compareTo(b.id()) : order;
    }
}
