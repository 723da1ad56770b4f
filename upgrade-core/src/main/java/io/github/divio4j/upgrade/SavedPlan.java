package io.github.divio4j.upgrade;

import static java.util.Objects.requireNonNull;

import io.github.divio4j.upgrade.EnvironmentPlan.Blocked;
import io.github.divio4j.upgrade.UpgradePlan.Goal;
import io.github.divio4j.upgrade.UpgradePlanner.TargetAfterRollback;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A plan to be kept, together with what it was made from: for showing it to somebody who agrees to it, and doing later what
 * was agreed to and nothing else. Plain data; {@code io.github.divio4j.upgrade.store} writes it to files.
 *
 * <p>A fresh look outweighs it all the same: {@link #replan} plans afresh and lets an environment go on only if each of its
 * missing steps is in the saved plan, in the same order, and the databases under the plan's prefixes are those that it was
 * made for. What of the plan has been done meanwhile, by whomever, is no difference.
 *
 * @param goal where the plan leads
 * @param spec the wish that it fulfils, without functions
 * @param environments what was planned for each environment, in the order of application and slug
 */
public record SavedPlan(Goal goal, UpgradeSpec spec, List<Planned> environments) {

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if the spec holds functions, which cannot be kept; see {@link #of}
     */
    public SavedPlan {
        requireNonNull(goal, "goal");
        requireNonNull(spec, "spec");
        if (spec.targetSelector() != null || spec.waveFunction() != null) {
            throw new IllegalArgumentException("a function cannot be saved, only what it came to");
        }
        environments = List.copyOf(environments);
    }

    /**
     * What was planned for one environment, and why.
     *
     * @param plan the result
     * @param seen what it was made from
     * @param targetServiceId the catalogue entry that the spec's selector chose; null if there was none, or no choice
     */
    public record Planned(
            EnvironmentPlan plan, Sighting seen, @Nullable String targetServiceId) {
        /** Checks that nothing is missing. */
        public Planned {
            requireNonNull(plan, "plan");
            requireNonNull(seen, "seen");
        }
    }

    /**
     * Puts a plan and its observations together. In place of the functions of a spec it has what they came to: the listed
     * waves, and the target service of each environment.
     *
     * @param observations those that the plan was made from
     * @throws IllegalArgumentException if an environment of the plan was not observed, or a function put environments of the
     *     same slug into several waves
     */
    public static SavedPlan of(UpgradePlan plan, Collection<Observation> observations) {
        Map<EnvironmentRef, Observation> seen = byEnvironment(observations);
        List<Planned> planned = new ArrayList<>();
        for (EnvironmentPlan environment : plan.environments()) {
            Observation observation = seen.get(environment.environment());
            if (observation == null) {
                throw new IllegalArgumentException(
                        environment.environment() + " is in the plan, and not among the observations");
            }
            planned.add(new Planned(environment, Sighting.of(observation), selected(plan.spec(), observation)));
        }
        return new SavedPlan(plan.goal(), withoutFunctions(plan), planned);
    }

    private static @Nullable String selected(UpgradeSpec spec, Observation seen) {
        Predicate<CatalogueService> selector = spec.targetSelector();
        if (selector == null) {
            return null;
        }
        List<String> selected = seen.catalogue().stream()
                .filter(s -> s.isPostgres()
                        && s.postgresVersion()
                                .filter(spec.targetVersion()::equals)
                                .isPresent()
                        && selector.test(s))
                .map(CatalogueService::id)
                .toList();
        return selected.size() == 1 ? selected.get(0) : null;
    }

    private static UpgradeSpec withoutFunctions(UpgradePlan plan) {
        UpgradeSpec spec = plan.spec();
        if (spec.targetSelector() != null) {
            spec = spec.withTargetService(null);
        }
        return spec.waveFunction() == null ? spec : spec.withWaves(waves(plan));
    }

    private static List<List<String>> waves(UpgradePlan plan) {
        Map<Integer, Set<String>> waves = new TreeMap<>();
        for (EnvironmentPlan environment : plan.environments()) {
            EnvironmentRef ref = environment.environment();
            plan.spec()
                    .waveOf(ref)
                    .ifPresent(wave ->
                            waves.computeIfAbsent(wave, w -> new TreeSet<>()).add(ref.slug()));
        }
        return waves.values().stream().map(List::copyOf).toList();
    }

    private static Map<EnvironmentRef, Observation> byEnvironment(Collection<Observation> observations) {
        Map<EnvironmentRef, Observation> seen = new HashMap<>();
        observations.forEach(o -> seen.put(o.environment(), o));
        return seen;
    }

    /** The plan as it was made. */
    public UpgradePlan plan() {
        return new UpgradePlan(
                spec, goal, environments.stream().map(Planned::plan).toList());
    }

    /**
     * What is left of the plan: a fresh plan in which every environment that has moved elsewhere is blocked by
     * {@link Blocker.Reason#LEFT_SAVED_PLAN}, with what was seen and planned then and what is now.
     *
     * @param now fresh observations, of all environments or of some
     * @throws IllegalArgumentException if an environment is observed twice
     */
    public UpgradePlan replan(Collection<Observation> now) {
        Map<EnvironmentRef, Observation> seen = byEnvironment(now);
        Map<EnvironmentRef, Planned> planned = new HashMap<>();
        environments.forEach(p -> planned.put(p.plan().environment(), p));
        List<EnvironmentPlan> rest = new ArrayList<>();
        for (EnvironmentPlan environment : planAfresh(now)) {
            EnvironmentRef ref = environment.environment();
            Sighting sighting = Sighting.of(requireNonNull(seen.get(ref)));
            Planned then = planned.get(ref);
            List<String> differences = then == null
                    ? PlanDifferences.ofUnknown(environment)
                    : new PlanDifferences(spec, then, environment, sighting).all();
            rest.add(
                    differences.isEmpty()
                            ? environment
                            : new Blocked(
                                    ref,
                                    List.of(left(
                                            ref,
                                            differences,
                                            then == null
                                                    ? "nothing"
                                                    : then.seen().toString(),
                                            sighting.toString()))));
        }
        return new UpgradePlan(spec, goal, rest);
    }

    private List<EnvironmentPlan> planAfresh(Collection<Observation> now) {
        Map<EnvironmentRef, String> targetServices = new HashMap<>();
        for (Planned then : environments) {
            if (then.targetServiceId() != null) {
                targetServices.put(then.plan().environment(), then.targetServiceId());
            }
        }
        Map<UpgradeSpec, List<Observation>> wishes = new HashMap<>();
        for (Observation seen : now) {
            String targetService = targetServices.get(seen.environment());
            UpgradeSpec wish = targetService == null ? spec : spec.withTargetService(targetService);
            wishes.computeIfAbsent(wish, w -> new ArrayList<>()).add(seen);
        }
        List<EnvironmentPlan> fresh = new ArrayList<>();
        wishes.forEach((wish, seen) -> fresh.addAll(planAfresh(seen, wish).environments()));
        fresh.sort((a, b) -> UpgradePlanner.byName(a.environment(), b.environment()));
        return fresh;
    }

    private UpgradePlan planAfresh(List<Observation> now, UpgradeSpec wish) {
        return switch (goal) {
            case UPGRADE -> UpgradePlanner.plan(now, wish);
            case ROLLBACK -> {
                boolean deletes = environments.stream()
                        .flatMap(p -> p.plan().steps().stream())
                        .anyMatch(s -> s.kind() == Step.Kind.DELETE_SERVICE);
                yield UpgradePlanner.planRollback(
                        now, wish, deletes ? TargetAfterRollback.DELETE : TargetAfterRollback.KEEP);
            }
        };
    }

    /**
     * Where the world has left the plan: one entry for each environment in which something else is to be done than was
     * planned, or stands in the way, and for each that is gone before its steps were done. Empty if all can go on.
     *
     * @param now fresh observations of all environments
     * @throws IllegalArgumentException if an environment is observed twice
     */
    public List<Blocker> differences(Collection<Observation> now) {
        List<Blocker> differences = new ArrayList<>();
        for (Blocker blocker : replan(now).blockers()) {
            if (blocker.reason() == Blocker.Reason.LEFT_SAVED_PLAN) {
                differences.add(blocker);
            }
        }
        Set<EnvironmentRef> present = new HashSet<>();
        now.forEach(o -> present.add(o.environment()));
        for (Planned then : environments) {
            EnvironmentRef ref = then.plan().environment();
            if (!present.contains(ref) && PlanDifferences.isOfInterest(then.plan())) {
                differences.add(left(
                        ref, List.of("the environment is gone"), then.seen().toString(), "nothing"));
            }
        }
        return differences;
    }

    private static Blocker left(EnvironmentRef environment, List<String> differences, String then, String now) {
        return new Blocker(
                Blocker.Reason.LEFT_SAVED_PLAN,
                environment,
                "It has left the saved plan: " + String.join("; ", differences) + ". Seen then: " + then
                        + ". Seen now: " + now + ".",
                "If it is right as it is, plan again and go by the new plan; if not, put it back first.");
    }
}
