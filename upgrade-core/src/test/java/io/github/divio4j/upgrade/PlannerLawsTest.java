package io.github.divio4j.upgrade;

import static io.github.divio4j.upgrade.Driving.complete;
import static io.github.divio4j.upgrade.Driving.executeOnce;
import static io.github.divio4j.upgrade.Driving.executeToTheEnd;
import static io.github.divio4j.upgrade.Driving.ids;
import static io.github.divio4j.upgrade.Driving.plan;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.upgrade.report.Report;
import io.github.divio4j.upgrade.run.StepOutcome;
import io.github.divio4j.upgrade.testing.SimulatedCrash;
import io.github.divio4j.upgrade.testing.SimulatedWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The laws of planning, in every small world and after every prefix of its plan. */
@Tag("large")
class PlannerLawsTest {

    /** The steps that go on at the platform after they were asked for. */
    private static final Set<Step.Kind> LONG = EnumSet.of(
            Step.Kind.CLAIM_TARGET,
            Step.Kind.PROVISION,
            Step.Kind.BACK_UP,
            Step.Kind.UPLOAD_BACKUP,
            Step.Kind.RESTORE,
            Step.Kind.DEPLOY);

    private static final List<SmallWorld> WORLDS = SmallWorld.all();
    private static int prefixes;

    @AfterAll
    static void tellHowMuchWasChecked() {
        System.out.println("Planner laws: " + WORLDS.size() + " worlds, " + prefixes + " prefixes of their plans");
    }

    /** What a law says at one point of one plan: the steps from {@code at} on are missing. */
    @FunctionalInterface
    private interface Law {
        void check(SimulatedWorld world, UpgradeSpec spec, List<Step> steps, int at);
    }

    /** Walks through the plan of every world; the law does step {@code at} or leaves that to the walk. */
    private static void everywhere(Law law) {
        for (SmallWorld small : WORLDS) {
            SimulatedWorld world = small.build();
            UpgradeSpec spec = small.spec();
            List<Step> steps = plan(world, spec).steps();
            try {
                for (int at = 0; at < steps.size(); at++) {
                    law.check(world, spec, steps, at);
                    prefixes++;
                    complete(world, missing(world, spec, steps, at));
                }
                assertThat(plan(world, spec).isUpToDate()).as("up to date").isTrue();
                assertThat(world.violations()).as("violations").isEmpty();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("in " + small + ": " + e.getMessage(), e);
            }
        }
    }

    /** Step {@code at} as a fresh plan has it; the step of the first plan if it is done. */
    private static Step missing(SimulatedWorld world, UpgradeSpec spec, List<Step> steps, int at) {
        return plan(world, spec).steps().stream()
                .filter(s -> s.id().equals(steps.get(at).id()))
                .findFirst()
                .orElse(steps.get(at));
    }

    private static void assertMissing(SimulatedWorld world, UpgradeSpec spec, List<Step> steps, int from) {
        UpgradePlan now = plan(world, spec);
        assertThat(now.blockers()).isEmpty();
        assertThat(ids(now))
                .as("the plan after %s of %s steps", from, steps.size())
                .isEqualTo(ids(steps.subList(from, steps.size())));
    }

    @Test
    void afterTheWholePlanEverythingIsUpToDateAndForeignInstancesAreAsBefore() {
        for (SmallWorld small : WORLDS) {
            SimulatedWorld world = small.build();

            plan(world, small.spec()).steps().forEach(step -> complete(world, step));

            assertThat(plan(world, small.spec()).isUpToDate()).as("%s", small).isTrue();
            assertThat(world.violations()).as("%s", small).isEmpty();
            assertThat(world.environments())
                    .as("%s", small)
                    .allSatisfy(e -> assertThat(world.instances(e)).isEqualTo(small.expectedInstances()));
        }
    }

    @Test
    void aFirstPlanHoldsAllStepsForEveryEnvironment() {
        for (SmallWorld small : WORLDS) {
            int each = small.manner().steps + (small.oldInstance() == UpgradeSpec.OldInstance.DELETE ? 1 : 0);

            assertThat(plan(small.build(), small.spec()).steps())
                    .as("%s", small)
                    .hasSize(small.environments().size() * each);
        }
    }

    @Test
    void afterEveryPrefixThePlanIsTheRestWithTheSameIds() {
        everywhere(PlannerLawsTest::assertMissing);
    }

    @Test
    void everyStepMayBeDoneWhenThePlanReachesIt() {
        everywhere((world, spec, steps, at) -> assertThat(SafetyCheck.violation(
                        steps.get(at), world.observe(steps.get(at).environment())))
                .as("%s", steps.get(at).id())
                .isEmpty());
    }

    @Test
    void aStepWhoseAnswerWasLostIsNotMissing() {
        everywhere((world, spec, steps, at) -> {
            world.loseAnswerOfNext(steps.get(at).kind());
            executeOnce(world, steps.get(at));
            world.sleep(Duration.ofMinutes(1));

            assertMissing(world, spec, steps, at + 1);
        });
    }

    @Test
    void aStepThatItsCallerDidNotSurviveIsNotMissing() {
        everywhere((world, spec, steps, at) -> {
            world.crashAfterNext(steps.get(at).kind());
            crash(world, steps.get(at));
            world.sleep(Duration.ofMinutes(1));

            assertMissing(world, spec, steps, at + 1);
        });
    }

    @Test
    void aStepBeforeWhichItsCallerDiedIsMissing() {
        everywhere((world, spec, steps, at) -> {
            world.crashBeforeNext(steps.get(at).kind());
            crash(world, steps.get(at));

            assertMissing(world, spec, steps, at);
        });
    }

    private static void crash(SimulatedWorld world, Step step) {
        try {
            executeOnce(world, step);
        } catch (SimulatedCrash expected) {
            return;
        }
        throw new AssertionError("the caller survived " + step.id());
    }

    @Test
    void aLongStepIsMissingWhileItRuns() {
        everywhere((world, spec, steps, at) -> {
            StepOutcome outcome = executeOnce(world, steps.get(at));

            boolean runs = LONG.contains(steps.get(at).kind());
            assertThat(outcome instanceof StepOutcome.InProgress)
                    .as("%s runs", steps.get(at).id())
                    .isEqualTo(runs);
            assertMissing(world, spec, steps, runs ? at : at + 1);
        });
    }

    @Test
    void aStepThatFailedIsMissing() {
        everywhere((world, spec, steps, at) -> {
            world.failNext(steps.get(at).kind());

            assertThat(executeToTheEnd(world, steps.get(at))).isInstanceOf(StepOutcome.Failed.class);
            assertMissing(world, spec, steps, at);
        });
    }

    @Test
    void aBackupThatFailedIsNeverTakenForANewOne() {
        everywhere((world, spec, steps, at) -> {
            if (steps.get(at) instanceof Step.BackUp first) {
                world.failNext(Step.Kind.BACK_UP);
                executeToTheEnd(world, first);

                Step.BackUp again = (Step.BackUp) missing(world, spec, steps, at);

                assertThat(first.unusable()).isEmpty();
                assertThat(world.observe(again.environment()).backups())
                        .filteredOn(b -> b.note().step().equals(first.id()))
                        .extracting(Observation.Backup::id)
                        .containsExactlyElementsOf(again.unusable());
            }
        });
    }

    @Test
    void aStepDoneTwiceChangesTheWorldOnce() {
        everywhere((world, spec, steps, at) -> {
            complete(world, steps.get(at));
            List<String> changes = world.changes();

            complete(world, steps.get(at));

            assertThat(world.changes()).isEqualTo(changes).doesNotHaveDuplicates();
        });
    }

    @Test
    void theOrderOfTheInputDoesNotMatter() {
        Random random = new Random(42);
        everywhere((world, spec, steps, at) -> {
            List<Observation> shuffled = new ArrayList<>();
            world.environments().forEach(e -> shuffled.add(shuffled(world.observe(e), random)));
            Collections.shuffle(shuffled, random);

            UpgradePlan plan = plan(world, spec);
            UpgradePlan same = UpgradePlanner.plan(shuffled, spec);

            assertThat(ids(same)).isEqualTo(ids(plan));
            assertThat(same.steps()).isEqualTo(plan.steps());
            assertThat(same.environments()).isEqualTo(plan.environments());
            assertThat(Report.of(same).text()).isEqualTo(Report.of(plan).text());
        });
    }

    private static Observation shuffled(Observation seen, Random random) {
        return new Observation(
                seen.environment(),
                seen.observedAt(),
                shuffled(seen.catalogue(), random),
                shuffled(seen.instances(), random),
                shuffled(seen.backups(), random),
                shuffled(seen.restores(), random),
                seen.deployments(),
                seen.deployedPrefixes(),
                seen.unsupported(),
                seen.downloads(),
                seen.databases());
    }

    private static <T> List<T> shuffled(List<T> list, Random random) {
        List<T> copy = new ArrayList<>(list);
        Collections.shuffle(copy, random);
        return copy;
    }
}
