package io.github.divio4j.upgrade.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.SavedPlan;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradePlanner.TargetAfterRollback;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.run.RunReport.Result;
import io.github.divio4j.upgrade.testing.SimulatedCrash;
import io.github.divio4j.upgrade.testing.SimulatedWorld;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs that do what was planned before, and nothing else. */
class SavedPlanRunTest {

    private static final UpgradeSpec TO_15 = UpgradeSpec.to("15").build();

    private final SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");
    private final EnvironmentRef test = world.addEnvironment("test");
    private final EnvironmentRef live = world.addEnvironment("live");
    private final String sourceOfTest = world.addPostgres(test, "13", "DEFAULT", InstanceStatus.ATTACHED);
    private final String sourceOfLive = world.addPostgres(live, "13", "DEFAULT", InstanceStatus.ATTACHED);
    private final UpgradeRunner runner =
            UpgradeRunner.builder(world, world).timer(world).build();

    @Test
    void aSavedPlanIsRunToItsEnd() throws InterruptedException {
        SavedPlan saved = runner.planToSave(TO_15);

        RunReport report = runner.run(saved);

        assertThat(report.succeeded()).isTrue();
        assertThat(report.steps())
                .extracting(s -> s.step().id())
                .containsExactlyElementsOf(
                        saved.plan().steps().stream().map(Step::id).toList());
        assertThat(runner.run(saved).succeeded()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("io.github.divio4j.upgrade.run.KindsOfAnUpgrade#all")
    void aSavedPlanIsResumedAfterACrash(Step.Kind kind) throws InterruptedException {
        SavedPlan saved = runner.planToSave(TO_15);
        world.crashAfterNext(kind);
        assertThatThrownBy(() -> runner.run(saved)).isInstanceOf(SimulatedCrash.class);

        assertThat(runner.run(saved).succeeded()).isTrue();
        assertThat(world.changes()).hasSize(18).doesNotHaveDuplicates();
        assertThat(world.violations()).isEmpty();
    }

    @Test
    void aSavedRollbackIsRunToItsEnd() throws InterruptedException {
        world.failNext(Step.Kind.DEPLOY);
        runner.run(TO_15);

        RunReport report = runner.run(runner.planRollbackToSave(TO_15, TargetAfterRollback.DELETE));

        assertThat(report.succeeded()).isTrue();
        assertThat(world.instances(test)).containsExactly("PostgreSQL Database 13 (DEFAULT) ATTACHED");
    }

    @Test
    void nothingIsBegunAnywhereIfOneEnvironmentHasLeftThePlan() throws InterruptedException {
        SavedPlan saved = runner.planToSave(TO_15);
        world.rename(sourceOfLive, "MAIN");

        RunReport report = runner.run(saved);

        assertThat(world.changes()).isEmpty();
        assertThat(report.stopped())
                .contains(
                        "nothing was changed",
                        "shop/live: It has left the saved plan",
                        "Seen then: PostgreSQL Database 13 (DEFAULT",
                        "Seen now: PostgreSQL Database 13 (MAIN");
        assertThat(report.environment(live).orElseThrow().result()).isEqualTo(Result.BLOCKED);
        assertThat(report.environment(test).orElseThrow().result()).isEqualTo(Result.NOT_FINISHED);
    }

    @Test
    void anEnvironmentThatLeavesThePlanUnderWayIsBlockedBeforeAnythingElseIsDoneThere() throws InterruptedException {
        SavedPlan saved = runner.planToSave(TO_15);
        StepExecutor disturbed = (step, context) -> {
            StepOutcome outcome = world.execute(step, context);
            if (step.kind() == Step.Kind.PROVISION && step.environment().equals(test) && outcome.isDone()) {
                world.removeInstance(sourceOfTest);
                world.addPostgres(test, "13", "DEFAULT", InstanceStatus.ATTACHED);
            }
            return outcome;
        };

        RunReport report =
                UpgradeRunner.builder(world, disturbed).timer(world).build().run(saved);

        assertThat(report.environment(test).orElseThrow()).satisfies(r -> {
            assertThat(r.result()).isEqualTo(Result.BLOCKED);
            assertThat(r.detail()).contains("It has left the saved plan", "which was not there");
        });
        assertThat(report.steps(test)).extracting(s -> s.step().kind()).doesNotContain(Step.Kind.BACK_UP);
    }

    @Test
    void somebodyElsesDeploymentIsWaitedFor() throws InterruptedException {
        SavedPlan saved = runner.planToSave(TO_15);
        world.deploy(test);

        assertThat(runner.run(saved).succeeded()).isTrue();
    }
}
