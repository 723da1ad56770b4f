package io.github.divio4j.upgrade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.divio4j.upgrade.Blocker.Reason;
import io.github.divio4j.upgrade.EnvironmentPlan.Ready;
import io.github.divio4j.upgrade.UpgradePlanner.TargetAfterRollback;
import io.github.divio4j.upgrade.UpgradeSpec.OldInstance;
import io.github.divio4j.upgrade.testing.SimulatedWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What counts as going on with a saved plan, and what as having left it. */
class SavedPlanTest {

    private static final UpgradeSpec TO_15 = UpgradeSpec.to("15").build();
    private static final UpgradeSpec KEEP =
            UpgradeSpec.to("15").oldInstance(OldInstance.KEEP).build();

    private final SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");
    private final EnvironmentRef test = world.addEnvironment("test");
    private final String source = world.addPostgres(test, "13", "DEFAULT", InstanceStatus.ATTACHED);

    private List<Observation> now() {
        return world.environments().stream().map(world::observe).toList();
    }

    private SavedPlan save(UpgradeSpec spec) {
        return SavedPlan.of(UpgradePlanner.plan(now(), spec), now());
    }

    private Observation.Instance at(String prefix) {
        return world.observe(test).databaseAt(prefix).orElseThrow();
    }

    private String onlyDifference(SavedPlan saved) {
        List<Blocker> differences = saved.differences(now());
        assertThat(differences).singleElement().satisfies(d -> {
            assertThat(d.reason()).isEqualTo(Reason.LEFT_SAVED_PLAN);
            assertThat(d.message())
                    .contains("Seen then: ", "Seen now: ")
                    .endsWith(".")
                    .doesNotContain("..");
            assertThat(d.remedy()).contains("plan again");
        });
        return differences.get(0).message();
    }

    @Test
    void theRestOfAPlanGoesOnFromEveryPrefixOfItWhicheverOfThemWasSaved() {
        for (UpgradeSpec spec : List.of(TO_15, KEEP)) {
            for (int saved = 0; saved < 9; saved++) {
                checkEveryPrefixAfter(saved, spec);
            }
        }
    }

    private static void checkEveryPrefixAfter(int stepsBefore, UpgradeSpec spec) {
        SimulatedWorld world = new SmallWorld(
                        List.of("test"),
                        "13",
                        15,
                        "DEFAULT",
                        java.util.EnumSet.allOf(SmallWorld.Foreign.class),
                        OldInstance.KEEP,
                        SmallWorld.Manner.AS_IN_THE_MANUAL)
                .build();
        for (int i = 0; i < stepsBefore && !Driving.plan(world, spec).steps().isEmpty(); i++) {
            Driving.complete(world, Driving.plan(world, spec).steps().get(0));
        }
        SavedPlan saved = SavedPlan.of(Driving.plan(world, spec), seen(world));
        List<Step> steps = saved.plan().steps();
        for (int done = 0; done < steps.size(); done++) {
            assertThat(saved.differences(seen(world))).as("after %s", done).isEmpty();
            assertThat(saved.replan(seen(world)).steps()).isEqualTo(steps.subList(done, steps.size()));
            Driving.complete(world, steps.get(done));
        }
        assertThat(saved.differences(seen(world))).isEmpty();
        assertThat(saved.replan(seen(world)).isUpToDate()).isTrue();
    }

    private static List<Observation> seen(SimulatedWorld world) {
        return world.environments().stream().map(world::observe).toList();
    }

    @Test
    void theRestOfARollbackGoesOnFromEveryPrefixOfItFromEveryPosition() {
        for (TargetAfterRollback target : TargetAfterRollback.values()) {
            for (int position = 0; position < 9; position++) {
                SimulatedWorld small = SimulatedWorld.create("shop", "13", "15");
                small.addPostgres(small.addEnvironment("test"), "13", "DEFAULT", InstanceStatus.ATTACHED);
                for (int i = 0; i < position; i++) {
                    Driving.complete(
                            small,
                            Driving.plan(small, KEEP).steps().stream()
                                    .findFirst()
                                    .orElseThrow());
                    if (Driving.plan(small, KEEP).steps().isEmpty()) {
                        break;
                    }
                }
                SavedPlan saved = SavedPlan.of(UpgradePlanner.planRollback(seen(small), KEEP, target), seen(small));
                for (Step step : saved.plan().steps()) {
                    assertThat(saved.differences(seen(small))).isEmpty();
                    assertThat(saved.replan(seen(small)).steps()).first().isEqualTo(step);
                    Driving.complete(small, step);
                }
                assertThat(saved.replan(seen(small)).isUpToDate()).isTrue();
            }
        }
    }

    @Test
    void aBackupThatIsTakenAgainBecauseItFailedOrGrewOldIsTheSameStep() {
        SavedPlan saved = save(TO_15);
        Driving.runUpTo(world, TO_15, Step.Kind.BACK_UP);
        world.failNext(Step.Kind.BACK_UP);
        Driving.executeToTheEnd(world, saved.plan().steps().get(2));
        assertThat(saved.replan(now()).steps().get(0))
                .isInstanceOfSatisfying(
                        Step.BackUp.class, again -> assertThat(again.unusable()).hasSize(1));

        Driving.runUpTo(world, TO_15, Step.Kind.RENAME_PREFIX);
        world.sleep(Duration.ofHours(5));

        assertThat(saved.differences(now())).isEmpty();
        assertThat(saved.replan(now()).steps()).hasSize(7);
    }

    @Test
    void somebodyElsesDeploymentIsWaitedForAndIsNoDifference() {
        SavedPlan saved = save(TO_15);
        world.deploy(test);

        assertThat(saved.differences(now())).isEmpty();
        assertThat(saved.replan(now()).blockers())
                .extracting(Blocker::reason)
                .containsExactly(Reason.DEPLOYMENT_RUNNING);
    }

    @Test
    void aForeignServiceIsNoDifference() {
        SavedPlan saved = save(TO_15);
        world.addInstance(test, "MySQL Database 8", Observation.DATABASE, "BLOG", InstanceStatus.ATTACHED);
        world.addInstance(test, "Object Storage", "STORAGE", "NEW", InstanceStatus.ATTACHED);

        assertThat(saved.differences(now())).isEmpty();
    }

    @Test
    void aRenamedSourceIsADifference() {
        SavedPlan saved = save(TO_15);
        world.rename(source, "MAIN");

        assertThat(onlyDifference(saved))
                .contains(
                        "somebody renamed PostgreSQL Database 13 (DEFAULT, id " + source + ") to MAIN",
                        "Seen then: PostgreSQL Database 13 (DEFAULT, id " + source + ") is attached.",
                        "Seen now: PostgreSQL Database 13 (MAIN, id " + source + ") is attached.");
        assertThat(saved.replan(now()).steps()).isEmpty();
    }

    @Test
    void aSourceThatSomebodyRetiredIsADifference() {
        SavedPlan saved = save(TO_15);
        world.rename(source, "OLD");

        assertThat(onlyDifference(saved)).contains("it is blocked now: ");
    }

    @Test
    void aTargetThatSomebodyRenamedIsADifference() {
        Driving.runUpTo(world, TO_15, Step.Kind.BACK_UP);
        SavedPlan saved = save(TO_15);
        String target = at("NEW").id();
        world.rename(target, "SEARCH");

        assertThat(onlyDifference(saved))
                .contains(
                        "a step is new: add PostgreSQL Database 15 (NEW)",
                        "somebody renamed PostgreSQL Database 15 (NEW, id " + target + ") to SEARCH");
    }

    @Test
    void aDatabaseThatSomebodyRenamedToAPrefixOfThePlanIsADifference() {
        String other = world.addPostgres(test, "15", "SEARCH", InstanceStatus.PENDING_ATTACHMENT);
        SavedPlan saved = save(TO_15);
        world.rename(other, "NEW");

        assertThat(onlyDifference(saved))
                .contains("somebody renamed PostgreSQL Database 15 (SEARCH, id " + other + ") to NEW");
    }

    @Test
    void aSourceThatSomebodyDeletedIsADifference() {
        SavedPlan saved = save(TO_15);
        world.removeInstance(source);

        assertThat(onlyDifference(saved))
                .contains("there is no longer a PostgreSQL Database 13 (DEFAULT, id " + source + ")");
    }

    @Test
    void anotherDatabaseInPlaceOfTheSourceIsADifferenceAlthoughTheStepsAreTheSame() {
        SavedPlan saved = save(TO_15);
        world.removeInstance(source);
        String other = world.addPostgres(test, "13", "DEFAULT", InstanceStatus.ATTACHED);
        assertThat(Driving.plan(world, TO_15).steps()).isEqualTo(saved.plan().steps());

        assertThat(onlyDifference(saved))
                .contains(
                        "there is no longer a PostgreSQL Database 13 (DEFAULT, id " + source + ")",
                        "there is a PostgreSQL Database 13 (DEFAULT, id " + other + "), which was not there");
    }

    @Test
    void anotherDatabaseInPlaceOfTheTargetIsADifference() {
        Driving.runUpTo(world, TO_15, Step.Kind.BACK_UP);
        SavedPlan saved = save(TO_15);
        String target = at("NEW").id();
        world.removeInstance(target);
        String other = world.addPostgres(test, "15", "NEW", InstanceStatus.PENDING_ATTACHMENT);

        assertThat(onlyDifference(saved)).contains("id " + target + ")", "id " + other + "), which was not there");
    }

    @Test
    void ofTwoNewDatabasesOfTheTargetServiceOnlyOneCanBeThePlannedOne() {
        SavedPlan saved = save(TO_15);
        String planned = world.addPostgres(test, "15", "NEW", InstanceStatus.PENDING_ATTACHMENT);
        String other = world.addPostgres(test, "15", "OLD", InstanceStatus.ATTACHED);

        assertThat(onlyDifference(saved))
                .contains("there is a PostgreSQL Database 15 (OLD, id " + other + "), which was not there")
                .doesNotContain("there is a PostgreSQL Database 15 (NEW, id " + planned);
    }

    @Test
    void anotherOrderOfTheStepsIsADifference() {
        SavedPlan saved = save(TO_15);
        SavedPlan.Planned planned = saved.environments().get(0);
        Ready ready = (Ready) planned.plan();
        List<Step> swapped = new ArrayList<>(ready.steps());
        Collections.swap(swapped, 2, 3);
        Ready reordered = new Ready(
                test, ready.wave(), ready.from(), ready.to(), ready.prefix(), ready.inCutover(), ready.loss(), swapped);

        assertThat(onlyDifference(new SavedPlan(
                        saved.goal(),
                        saved.spec(),
                        List.of(new SavedPlan.Planned(reordered, planned.seen(), planned.targetServiceId())))))
                .contains("the order is another one: then add", ", now add");
    }

    @Test
    void aNewDatabaseOfAnotherServiceUnderAPrefixOfThePlanIsADifference() {
        SavedPlan saved = save(TO_15);
        String other =
                world.addInstance(test, "MySQL Database 8", Observation.DATABASE, "OLD", InstanceStatus.ATTACHED);

        assertThat(onlyDifference(saved))
                .contains("there is a MySQL Database 8 (OLD, id " + other + "), which was not there");
    }

    @Test
    void anotherTargetServiceIsADifference() {
        SavedPlan saved = save(TO_15);
        world.removeFromCatalogue("PostgreSQL Database 15");
        world.addService("PostgreSQL Database 15 Large");

        assertThat(onlyDifference(saved)).contains("a step is another one: then ", "PostgreSQL Database 15 Large");
    }

    @Test
    void aSecondTargetServiceIsADifference() {
        SavedPlan saved = save(TO_15);
        world.addService("PostgreSQL Database 15 Large");

        assertThat(onlyDifference(saved)).contains("it is blocked now: ");
    }

    @Test
    void aNewEnvironmentIsADifferenceIfAnythingIsToBeDoneThere() {
        SavedPlan saved = save(TO_15);
        EnvironmentRef late = world.addEnvironment("late");
        world.addPostgres(late, "13", "DEFAULT", InstanceStatus.ATTACHED);

        assertThat(onlyDifference(saved)).contains("it was not there", "Seen then: nothing.");
        assertThat(saved.replan(now()).steps())
                .extracting(Step::environment)
                .containsOnly(test)
                .hasSize(9);
    }

    @Test
    void aNewEnvironmentIsNoDifferenceIfNothingIsToBeDoneThere() {
        SavedPlan saved = save(UpgradeSpec.to("15").wave("test", "done").build());
        world.addPostgres(world.addEnvironment("late"), "13", "DEFAULT", InstanceStatus.ATTACHED);
        world.addPostgres(world.addEnvironment("done"), "15", "DEFAULT", InstanceStatus.ATTACHED);

        assertThat(saved.differences(now())).isEmpty();
    }

    @Test
    void anEnvironmentThatIsGoneIsADifferenceIfAnythingWasToBeDoneThere() {
        world.addPostgres(world.addEnvironment("done"), "15", "DEFAULT", InstanceStatus.ATTACHED);
        SavedPlan saved = save(TO_15);

        assertThat(saved.differences(List.of()))
                .singleElement()
                .satisfies(
                        d -> assertThat(d.toString()).startsWith("shop/test: ").contains("the environment is gone"));
    }

    @Test
    void aBlockerThatIsGoneIsADifferenceBecauseItsStepsWereInNobodysPlan() {
        EnvironmentRef live = world.addEnvironment("live");
        SavedPlan saved = save(TO_15);
        assertThat(saved.differences(now())).isEmpty();
        world.addPostgres(live, "13", "DEFAULT", InstanceStatus.ATTACHED);

        assertThat(onlyDifference(saved))
                .contains(
                        "nothing was to be done (blocked: It has no PostgreSQL instance",
                        "and now there are steps: add");
    }

    @Test
    void whatWasUpToDateAndIsOldAgainIsADifference() {
        EnvironmentRef live = world.addEnvironment("live");
        String done = world.addPostgres(live, "15", "DEFAULT", InstanceStatus.ATTACHED);
        SavedPlan saved = save(TO_15);
        world.removeInstance(done);
        world.addPostgres(live, "13", "DEFAULT", InstanceStatus.ATTACHED);

        assertThat(onlyDifference(saved)).contains("nothing was to be done (PostgreSQL Database 15 (DEFAULT) is on");
    }

    @Test
    void inPlaceOfFunctionsThereIsWhatTheyCameTo() {
        world.addPostgres(world.addEnvironment("live"), "13", "DEFAULT", InstanceStatus.ATTACHED);
        world.addPostgres(world.addEnvironment("left"), "13", "DEFAULT", InstanceStatus.ATTACHED);
        String large = world.addService("PostgreSQL Database 15 Large");
        UpgradeSpec byFunctions = UpgradeSpec.to("15")
                .targetSelector(service -> service.name().endsWith("Large"))
                .waves(environment -> List.of("test", "live").indexOf(environment.slug()) * 5)
                .build();

        SavedPlan saved = save(byFunctions);

        assertThat(saved.spec())
                .isEqualTo(UpgradeSpec.to("15").wave("test").wave("live").build());
        assertThat(saved.environments())
                .extracting(SavedPlan.Planned::targetServiceId)
                .containsOnly(large);
        assertThat(saved.differences(now())).isEmpty();
        assertThat(saved.replan(now()).steps())
                .isEqualTo(Driving.plan(world, byFunctions).steps());
        Driving.runToTheEnd(world, byFunctions);
        assertThat(saved.replan(now()).isUpToDate()).isTrue();
    }

    @Test
    void aFunctionCannotBeSaved() {
        UpgradeSpec byFunction = UpgradeSpec.to("15").waves(environment -> 0).build();

        assertThatThrownBy(() -> new SavedPlan(UpgradePlan.Goal.UPGRADE, byFunction, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a function cannot be saved, only what it came to");
    }

    @Test
    void aPlanIsSavedOnlyTogetherWithWhatWasObserved() {
        UpgradePlan plan = UpgradePlanner.plan(now(), TO_15);

        assertThatThrownBy(() -> SavedPlan.of(plan, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("shop/test is in the plan, and not among the observations");
    }
}
