package io.github.divio4j.upgrade.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradePlan;
import io.github.divio4j.upgrade.UpgradePlanner;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.testing.SimulatedCrash;
import io.github.divio4j.upgrade.testing.SimulatedWorld;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One call for one step, made by somebody who knows nothing but an old plan. */
class StepByStepTest {

    private static final UpgradeSpec TO_15 = UpgradeSpec.to("15").build();

    private final SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");
    private final EnvironmentRef live = world.addEnvironment("live");
    private final String source = world.addPostgres(live, "13", "DEFAULT", InstanceStatus.ATTACHED);
    private final UpgradePlan plan = UpgradePlanner.plan(List.of(world.observe(live)), TO_15);

    private StepByStep calls() {
        return StepByStep.of(world, world, TO_15);
    }

    private Step step(Step.Kind kind) {
        return plan.steps().stream().filter(s -> s.kind() == kind).findFirst().orElseThrow();
    }

    private void upgradeUntil(Step.Kind kind) throws InterruptedException {
        for (Step step : plan.steps()) {
            if (step.kind() == kind) {
                return;
            }
            makeTrue(step);
        }
    }

    private StepOutcome makeTrue(Step step) throws InterruptedException {
        StepOutcome outcome = calls().execute(step, Map.of());
        while (outcome instanceof StepOutcome.InProgress progress) {
            world.sleep(progress.lookAgainAfter());
            outcome = calls().execute(step, progress.facts());
        }
        return outcome;
    }

    @Test
    void goesThroughAPlanWithANewCallerForEachCall() throws Exception {
        for (Step step : plan.steps()) {
            assertThat(makeTrue(step)).isInstanceOf(StepOutcome.Done.class);
        }

        assertThat(world.instances(live)).containsExactly("PostgreSQL Database 15 (DEFAULT) ATTACHED");
        assertThat(world.violations()).isEmpty();
    }

    @Test
    void doesNothingForAStepThatIsDone() throws Exception {
        upgradeUntil(Step.Kind.RESTORE);
        int changes = world.changes().size();

        StepOutcome outcome = calls().execute(step(Step.Kind.BACK_UP), Map.of());

        assertThat(outcome).isInstanceOf(StepOutcome.AlreadyDone.class);
        assertThat(world.changes()).hasSize(changes);
    }

    @Test
    void doesNothingForAStepWhosePredecessorIsMissing() throws Exception {
        StepOutcome outcome = calls().execute(step(Step.Kind.DELETE_SERVICE), Map.of());

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        StepOutcome.Failed.class,
                        failed -> assertThat(failed.message())
                                .isEqualTo(
                                        "a fresh look at shop/live shows that it has to add PostgreSQL Database 15 (NEW)"
                                                + " first."));
        assertThat(world.changes()).isEmpty();
    }

    @Test
    void waitsWhileSomebodyDeploys() throws Exception {
        world.deploy(live);

        StepOutcome outcome = calls().execute(step(Step.Kind.ADD_SERVICE), Map.of());

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        StepOutcome.InProgress.class,
                        progress -> assertThat(progress.state()).startsWith("waiting: shop/live: "));
        assertThat(world.changes()).isEmpty();
    }

    @Test
    void saysWhatStandsInTheWay() throws Exception {
        world.removeInstance(source);

        StepOutcome outcome = calls().execute(step(Step.Kind.ADD_SERVICE), Map.of());

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        StepOutcome.Failed.class,
                        failed -> assertThat(failed.mayRetry()).isFalse());
    }

    @Test
    void findsWhatACrashedCallHasDone() throws Exception {
        upgradeUntil(Step.Kind.BACK_UP);
        world.crashAfterNext(Step.Kind.BACK_UP);
        try {
            calls().execute(step(Step.Kind.BACK_UP), Map.of());
        } catch (SimulatedCrash crash) {
            // The call that follows knows nothing of it.
        }

        assertThat(makeTrue(step(Step.Kind.BACK_UP)).isDone()).isTrue();
        assertThat(world.changes()).filteredOn(c -> c.contains("back-up")).hasSize(1);
    }
}
