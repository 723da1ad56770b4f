package io.github.divio4j.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.upgrade.UpgradePlanner.TargetAfterRollback;
import io.github.divio4j.upgrade.run.StepContext;
import io.github.divio4j.upgrade.run.StepOutcome;
import io.github.divio4j.upgrade.testing.SimulatedWorld;
import java.util.List;

/** Drives steps in a simulated world by hand, as a caller without a runner would. */
final class Driving {

    /** More looks or steps than anything here takes: a test that never ends would be worse than one that fails. */
    static final int MANY = 100;

    private Driving() {}

    static UpgradePlan plan(SimulatedWorld world, UpgradeSpec spec) {
        return UpgradePlanner.plan(
                world.environments().stream().map(world::observe).toList(), spec);
    }

    static UpgradePlan planRollback(SimulatedWorld world, UpgradeSpec spec) {
        return planRollback(world, spec, TargetAfterRollback.KEEP);
    }

    static UpgradePlan planRollback(SimulatedWorld world, UpgradeSpec spec, TargetAfterRollback target) {
        return UpgradePlanner.planRollback(
                world.environments().stream().map(world::observe).toList(), spec, target);
    }

    static List<StepId> ids(UpgradePlan plan) {
        return ids(plan.steps());
    }

    static List<StepId> ids(List<Step> steps) {
        return steps.stream().map(Step::id).toList();
    }

    static StepOutcome executeOnce(SimulatedWorld world, Step step) {
        return world.execute(step, StepContext.of(world.observe(step.environment())));
    }

    /** Executes a step until it has ended, in virtual time. */
    static StepOutcome executeToTheEnd(SimulatedWorld world, Step step) {
        StepOutcome outcome = executeOnce(world, step);
        for (int looks = 0; outcome instanceof StepOutcome.InProgress progress; looks++) {
            assertThat(looks).as("looks at %s", step.id()).isLessThan(MANY);
            world.sleep(progress.lookAgainAfter());
            outcome = world.execute(step, new StepContext(world.observe(step.environment()), progress.facts()));
        }
        return outcome;
    }

    static void complete(SimulatedWorld world, Step step) {
        assertThat(executeToTheEnd(world, step).isDone())
                .as("%s is done", step.id())
                .isTrue();
    }

    /** Plans and completes the first step again and again, up to and without the first step of a kind. */
    static Step runUpTo(SimulatedWorld world, UpgradeSpec spec, Step.Kind kind) {
        for (int done = 0; done < MANY; done++) {
            Step next = plan(world, spec).steps().get(0);
            if (next.kind() == kind) {
                return next;
            }
            complete(world, next);
        }
        throw new AssertionError("no plan ever begins with " + kind);
    }

    /** Plans and completes the first step again and again, until a step of the kind with this name is done. */
    static void runThrough(SimulatedWorld world, UpgradeSpec spec, String stepName) {
        for (int done = 0; done < MANY; done++) {
            Step next = plan(world, spec).steps().get(0);
            complete(world, next);
            if (next.id().text().contains("/" + stepName + "/")) {
                return;
            }
        }
        throw new AssertionError("no plan ever begins with " + stepName);
    }

    static void runToTheEnd(SimulatedWorld world, UpgradeSpec spec) {
        UpgradePlan plan = plan(world, spec);
        for (int done = 0; !plan.steps().isEmpty(); done++) {
            assertThat(done).as("steps without an end").isLessThan(MANY);
            complete(world, plan.steps().get(0));
            plan = plan(world, spec);
        }
    }
}
