package io.github.divio4j.upgrade;

import static io.github.divio4j.upgrade.Driving.complete;
import static io.github.divio4j.upgrade.Driving.ids;
import static io.github.divio4j.upgrade.Driving.plan;
import static io.github.divio4j.upgrade.Driving.runThrough;
import static io.github.divio4j.upgrade.Driving.runToTheEnd;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.upgrade.testing.SimulatedWorld;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The order of the steps: one after the other, or side by side. */
class UpgradePlanTest {

    private static final UpgradeSpec TO_15 = UpgradeSpec.to("15").build();

    private final SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");
    private final EnvironmentRef live = environment("live");
    private final EnvironmentRef test = environment("test");
    private final EnvironmentRef stage = environment("stage-1");

    private EnvironmentRef environment(String slug) {
        EnvironmentRef environment = world.addEnvironment(slug);
        world.addPostgres(environment, "13", "DEFAULT", InstanceStatus.ATTACHED);
        return environment;
    }

    private static List<String> names(List<Step> steps) {
        return steps.stream()
                .map(s -> s.environment().slug() + " " + s.id().text().split("/")[2])
                .toList();
    }

    private static Set<StepId> done(UpgradePlan plan, int count) {
        return new HashSet<>(ids(plan.steps().subList(0, count)));
    }

    @Test
    void allEnvironmentsArePreparedBeforeTheFirstIsMigratedAndLiveGoesLast() {
        assertThat(names(plan(world, TO_15).steps()))
                .containsExactly(
                        "stage-1 add-service",
                        "stage-1 provision",
                        "test add-service",
                        "test provision",
                        "live add-service",
                        "live provision",
                        "stage-1 back-up",
                        "stage-1 restore",
                        "stage-1 rename-source",
                        "stage-1 detach",
                        "stage-1 rename-target",
                        "stage-1 deploy",
                        "stage-1 delete-service",
                        "test back-up",
                        "test restore",
                        "test rename-source",
                        "test detach",
                        "test rename-target",
                        "test deploy",
                        "test delete-service",
                        "live back-up",
                        "live restore",
                        "live rename-source",
                        "live detach",
                        "live rename-target",
                        "live deploy",
                        "live delete-service");
    }

    @Test
    void listedWavesMigrateInTheirOrder() {
        UpgradeSpec spec =
                UpgradeSpec.to("15").wave("live").wave("test", "stage-1").build();

        assertThat(plan(world, spec).steps().stream()
                        .filter(s -> s.kind() == Step.Kind.BACK_UP)
                        .map(Step::environment))
                .containsExactly(live, stage, test);
    }

    @Test
    void theEnvironmentsOfAPlanAreInTheOrderOfTheirSlugs() {
        assertThat(plan(world, TO_15).environments())
                .extracting(EnvironmentPlan::environment)
                .containsExactly(live, stage, test);
    }

    @Test
    void atFirstEveryEnvironmentCanBePrepared() {
        assertThat(names(plan(world, TO_15).ready(Set.of())))
                .containsExactly("stage-1 add-service", "test add-service", "live add-service");
    }

    @Test
    void migrationWaitsForThePreparationOfAll() {
        UpgradePlan plan = plan(world, TO_15);

        assertThat(names(plan.ready(done(plan, 5)))).containsExactly("live provision");
        assertThat(names(plan.ready(done(plan, 6)))).containsExactly("stage-1 back-up", "test back-up");
    }

    @Test
    void aWaveWaitsForTheMigrationOfAllEarlierWavesButNotForTheirDeletions() {
        UpgradePlan plan = plan(world, TO_15);
        Set<StepId> done = done(plan, 20);
        assertThat(names(plan.ready(done))).containsExactly("live back-up");

        done.removeIf(id -> id.text().contains("delete-service"));
        assertThat(names(plan.ready(done)))
                .containsExactly("stage-1 delete-service", "test delete-service", "live back-up");

        done.removeIf(id -> id.text().startsWith("shop/test/deploy"));
        assertThat(names(plan.ready(done))).containsExactly("stage-1 delete-service", "test deploy");
    }

    @Test
    void anEnvironmentInItsCutoverNeverWaits() {
        UpgradeSpec liveOnly = UpgradeSpec.to("15").wave("live").build();
        runThrough(world, liveOnly, "rename-source");

        assertThat(names(plan(world, TO_15).ready(Set.of())))
                .containsExactly("live detach", "stage-1 add-service", "test add-service");
    }

    @Test
    void whenAllIsDoneNothingIsReady() {
        UpgradePlan plan = plan(world, TO_15);

        assertThat(plan.ready(new HashSet<>(ids(plan)))).isEmpty();
    }

    @Test
    void theIdsOfOtherPlansDoNotMatter() {
        UpgradePlan plan = plan(world, TO_15);

        assertThat(plan.ready(Set.of(new StepId("blog/test/add-service/DEFAULT/13-15"))))
                .isEqualTo(plan.ready(Set.of()));
    }

    @Test
    @Tag("large")
    void whateverReadyStepsAreDoneFirstAllEndsUpToDate() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            UpgradePlanTest fresh = new UpgradePlanTest();
            UpgradePlan plan = plan(fresh.world, TO_15);
            Set<StepId> done = new HashSet<>();
            for (List<Step> ready = plan.ready(done); !ready.isEmpty(); ready = plan.ready(done)) {
                Step step = ready.get(random.nextInt(ready.size()));
                complete(fresh.world, step);
                done.add(step.id());
            }

            assertThat(done).as("seed %s", seed).hasSameSizeAs(plan.steps());
            assertThat(plan(fresh.world, TO_15).isUpToDate())
                    .as("seed %s", seed)
                    .isTrue();
            assertThat(fresh.world.violations()).as("seed %s", seed).isEmpty();
        }
    }

    @Test
    void allReadyStepsCanBeDoneSideBySide() {
        UpgradePlan plan = plan(world, TO_15);
        Set<StepId> done = new HashSet<>();
        for (List<Step> ready = plan.ready(done); !ready.isEmpty(); ready = plan.ready(done)) {
            assertThat(ready).extracting(Step::environment).doesNotHaveDuplicates();
            ready.forEach(step -> Driving.executeOnce(world, step));
            ready.forEach(step -> complete(world, step));
            done.addAll(ids(ready));
        }

        assertThat(plan(world, TO_15).isUpToDate()).isTrue();
        assertThat(world.violations()).isEmpty();
        assertThat(world.changes()).doesNotHaveDuplicates();
    }

    @Test
    void anEnvironmentThatWasNotObservedHasNoPlan() {
        assertThat(plan(world, TO_15).environment(new EnvironmentRef("shop", "environment-404", "test")))
                .isEmpty();
    }

    @Test
    void aPlanIsUpToDateWhenNothingIsLeftAndNothingStandsInTheWay() {
        assertThat(plan(world, TO_15).isUpToDate()).isFalse();
        runToTheEnd(world, TO_15);
        assertThat(plan(world, TO_15).isUpToDate()).isTrue();

        world.addEnvironment("empty");

        assertThat(plan(world, TO_15).steps()).isEmpty();
        assertThat(plan(world, TO_15).isUpToDate()).isFalse();
    }
}
