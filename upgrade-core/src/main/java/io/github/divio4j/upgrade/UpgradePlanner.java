package io.github.divio4j.upgrade;

import io.github.divio4j.upgrade.EnvironmentPlan.Blocked;
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
 * step is in the plan exactly when its effect is not there yet.
 */
public final class UpgradePlanner {

    private UpgradePlanner() {}

    /**
     * Plans the upgrade of all observed environments. An environment that cannot be planned is {@linkplain Blocked
     * blocked}, with everything that stands in its way, and hides none of the others.
     *
     * @throws IllegalArgumentException if an environment is observed twice
     */
    public static UpgradePlan plan(Collection<Observation> observations, UpgradeSpec spec) {
        Set<EnvironmentRef> seen = new HashSet<>();
        for (Observation observation : observations) {
            if (!seen.add(observation.environment())) {
                throw new IllegalArgumentException(observation.environment() + " is observed twice");
            }
        }
        List<EnvironmentPlan> environments = observations.stream()
                .map(o -> plan(o, spec))
                .sorted(Comparator.comparing(
                                (EnvironmentPlan p) -> p.environment().application())
                        .thenComparing(p -> p.environment().slug())
                        .thenComparing(p -> p.environment().id()))
                .toList();
        return new UpgradePlan(spec, environments);
    }

    private static EnvironmentPlan plan(Observation observation, UpgradeSpec spec) {
        EnvironmentRef environment = observation.environment();
        OptionalInt wave = spec.waveOf(environment.slug());
        if (wave.isEmpty()) {
            return new EnvironmentPlan.LeftAlone(environment);
        }
        return new EnvironmentPlanner(observation, spec, wave.getAsInt()).plan();
    }
}
