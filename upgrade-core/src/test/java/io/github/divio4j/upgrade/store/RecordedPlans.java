package io.github.divio4j.upgrade.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.SavedPlan;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradePlan;
import io.github.divio4j.upgrade.UpgradePlanner;
import io.github.divio4j.upgrade.UpgradePlanner.TargetAfterRollback;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.UpgradeSpec.OldInstance;
import io.github.divio4j.upgrade.run.StepContext;
import io.github.divio4j.upgrade.run.StepOutcome;
import io.github.divio4j.upgrade.testing.SimulatedWorld;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The plans for situations that are worth watching: each is a golden file. */
final class RecordedPlans {

    private static final UpgradeSpec TO_15 = UpgradeSpec.to("15").build();
    private static final UpgradeSpec KEEP =
            UpgradeSpec.to("15").oldInstance(OldInstance.KEEP).build();

    private RecordedPlans() {}

    /** By the name of the golden file. */
    static Map<String, SavedPlan> all() {
        Map<String, SavedPlan> plans = new LinkedHashMap<>();
        plans.put("fresh", fresh());
        SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");
        add(world, "live", "13");
        int done = 0;
        while (true) {
            plans.put(name("back-after", done), back(world, TargetAfterRollback.DELETE));
            List<Step> steps = plan(world, TO_15).steps();
            if (steps.size() == 1) {
                plans.put("kept", save(world, KEEP));
            }
            if (done > 0) {
                plans.put(name("after", done), save(world, TO_15));
            }
            if (steps.isEmpty()) {
                break;
            }
            complete(world, steps.get(0));
            done++;
            assertThat(done).as("steps without an end").isLessThan(100);
        }
        plans.put("back-keeping-the-target", backKeepingTheTarget());
        plans.put("blocked", blocked());
        plans.put("up-to-date", upToDate());
        plans.put("waves", waves());
        plans.put("backup-failed", backupFailed());
        plans.put("selected", selected());
        plans.put("encoded-names", encodedNames());
        plans.put(
                "without-loss",
                save(oneEnvironment(), UpgradeSpec.withoutLoss("15").build()));
        plans.put("by-proven-calls", save(oneEnvironment(), PROVEN));
        plans.put("back-from-behind-the-fence", backFromBehindTheFence());
        return plans;
    }

    private static String name(String position, int done) {
        return position + "-" + done;
    }

    private static EnvironmentRef add(SimulatedWorld world, String slug, String version) {
        EnvironmentRef environment = world.addEnvironment(slug);
        world.addPostgres(environment, version, "DEFAULT", InstanceStatus.ATTACHED);
        return environment;
    }

    private static List<Observation> seen(SimulatedWorld world) {
        return world.environments().stream().map(world::observe).toList();
    }

    private static UpgradePlan plan(SimulatedWorld world, UpgradeSpec spec) {
        return UpgradePlanner.plan(seen(world), spec);
    }

    private static SavedPlan save(SimulatedWorld world, UpgradeSpec spec) {
        return SavedPlan.of(plan(world, spec), seen(world));
    }

    private static SavedPlan back(SimulatedWorld world, TargetAfterRollback target) {
        return SavedPlan.of(UpgradePlanner.planRollback(seen(world), TO_15, target), seen(world));
    }

    private static StepOutcome execute(SimulatedWorld world, Step step) {
        StepOutcome outcome = world.execute(step, StepContext.of(world.observe(step.environment())));
        while (outcome instanceof StepOutcome.InProgress progress) {
            world.sleep(progress.lookAgainAfter());
            outcome = world.execute(step, new StepContext(world.observe(step.environment()), progress.facts()));
        }
        return outcome;
    }

    private static void complete(SimulatedWorld world, Step step) {
        assertThat(execute(world, step).isDone()).as("%s is done", step.id()).isTrue();
    }

    private static void completeUpTo(SimulatedWorld world, Step.Kind kind) {
        for (Step next = plan(world, TO_15).steps().get(0);
                next.kind() != kind;
                next = plan(world, TO_15).steps().get(0)) {
            complete(world, next);
        }
    }

    private static SavedPlan fresh() {
        SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");
        add(world, "test", "13");
        add(world, "live", "13");
        return save(world, TO_15);
    }

    private static SavedPlan backKeepingTheTarget() {
        SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");
        add(world, "live", "13");
        completeUpTo(world, Step.Kind.DELETE_SERVICE);
        return back(world, TargetAfterRollback.KEEP);
    }

    private static SavedPlan blocked() {
        SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");
        world.addEnvironment("empty");
        EnvironmentRef taken = world.addEnvironment("taken");
        world.addPostgres(taken, "13", "DEFAULT", InstanceStatus.PENDING_ATTACHMENT);
        world.addInstance(taken, "MySQL Database 8", Observation.DATABASE, "NEW", InstanceStatus.ATTACHED);
        world.addInstance(taken, "MySQL Database 8", Observation.DATABASE, "OLD", InstanceStatus.ATTACHED);
        world.deploy(taken);
        EnvironmentRef two = add(world, "two", "13");
        world.addPostgres(two, "13", "SEARCH", InstanceStatus.ATTACHED);
        return save(world, TO_15);
    }

    private static SavedPlan upToDate() {
        SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");
        add(world, "test", "15");
        return save(world, TO_15);
    }

    private static SavedPlan waves() {
        SimulatedWorld world = SimulatedWorld.create("shop", "9.6", "15");
        for (String slug : List.of("stage", "test", "live", "demo")) {
            add(world, slug, "9.6");
        }
        return save(
                world, UpgradeSpec.to("15").wave("test", "stage").wave("live").build());
    }

    private static SavedPlan backupFailed() {
        SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");
        add(world, "live", "13");
        completeUpTo(world, Step.Kind.BACK_UP);
        world.failNext(Step.Kind.BACK_UP);
        execute(world, plan(world, TO_15).steps().get(0));
        return save(world, TO_15);
    }

    private static SavedPlan selected() {
        SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");
        world.addService("PostgreSQL Database 15 Large");
        add(world, "test", "13");
        add(world, "live", "13");
        return save(
                world,
                UpgradeSpec.to("15")
                        .targetSelector(service -> service.name().endsWith("Large"))
                        .waves(environment -> environment.slug().equals("live") ? 0 : 7)
                        .downloadBackup()
                        .build());
    }

    private static final UpgradeSpec PROVEN = UpgradeSpec.to("15")
            .provisioning(UpgradeSpec.Provisioning.BY_DEPLOYMENT)
            .restoring(UpgradeSpec.Restoring.BY_UPLOAD)
            .deadline(Step.Kind.UPLOAD_BACKUP, Duration.ofHours(12))
            .build();

    private static SimulatedWorld oneEnvironment() {
        SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");
        add(world, "live", "13");
        return world;
    }

    private static SavedPlan backFromBehindTheFence() {
        SimulatedWorld world = oneEnvironment();
        UpgradeSpec spec = UpgradeSpec.withoutLoss("15").build();
        for (Step next : plan(world, spec).steps()) {
            complete(world, next);
            if (next.kind() == Step.Kind.FENCE_WRITES) {
                break;
            }
        }
        return back(world, TargetAfterRollback.DELETE);
    }

    private static SavedPlan encodedNames() {
        SimulatedWorld world = SimulatedWorld.create("shop/books", "13", "15");
        add(world, "feature/50% \u00e9t\u00e9", "13");
        return save(world, TO_15);
    }
}
