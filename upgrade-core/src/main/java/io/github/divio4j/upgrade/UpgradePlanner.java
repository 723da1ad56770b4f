package io.github.divio4j.upgrade;

import io.github.divio4j.upgrade.EnvironmentPlan.Blocked;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Turns what was observed into the steps that are missing. A pure function: it asks nobody, reads no clock, remembers
 * nothing, and gives the same plan for the same input in whatever order the input comes.
 *
 * <p>That is also why a plan can be made at any moment of an upgrade that somebody began, with or without this library: a
 * step is in the plan exactly when its effect is not there yet. The way back is planned in the same manner, and either way
 * can be turned round in the middle.
 */
public final class UpgradePlanner {

    static final Comparator<EnvironmentPlan> BY_NAME = Comparator.comparing(
                    (EnvironmentPlan p) -> p.environment().application())
            .thenComparing(p -> p.environment().slug())
            .thenComparing(p -> p.environment().id());

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
                (seen, wave, versions) -> new UpgradePath(seen, spec, wave, versions).plan(versions));
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
                (seen, wave, versions) -> new RollbackPath(seen, spec, wave, versions, delete).plan(versions));
    }

    private interface Path {
        EnvironmentPlan plan(Observation seen, int wave, ServiceVersions versions);
    }

    private static UpgradePlan plan(
            Collection<Observation> observations, UpgradeSpec spec, UpgradePlan.Goal goal, Path path) {
        Set<EnvironmentRef> planned = new HashSet<>();
        List<EnvironmentPlan> environments = new ArrayList<>(observations.size());
        ServiceVersions versions = new ServiceVersions();
        for (Observation seen : observations) {
            EnvironmentRef environment = seen.environment();
            if (!planned.add(environment)) {
                throw new IllegalArgumentException(environment + " is observed twice");
            }
            OptionalInt wave = spec.waveOf(environment);
            environments.add(
                    wave.isEmpty()
                            ? new EnvironmentPlan.LeftAlone(environment)
                            : path.plan(seen, wave.getAsInt(), versions));
        }
        environments.sort(BY_NAME);
        return new UpgradePlan(spec, goal, environments);
    }
}
