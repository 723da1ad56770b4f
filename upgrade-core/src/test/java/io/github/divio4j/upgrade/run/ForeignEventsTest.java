package io.github.divio4j.upgrade.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.run.RunReport.EnvironmentResult;
import io.github.divio4j.upgrade.run.RunReport.Result;
import io.github.divio4j.upgrade.testing.SimulatedWorld;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Somebody else changes something between two steps: the fresh look notices, and answers with a new plan or a blocker. */
class ForeignEventsTest {

    private static final UpgradeSpec TO_15 = UpgradeSpec.to("15").build();
    private static final String UPGRADED = "PostgreSQL Database 15 (DEFAULT) ATTACHED";

    private final SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");
    private final EnvironmentRef live = environment();

    private EnvironmentRef environment() {
        EnvironmentRef environment = world.addEnvironment("live");
        world.addPostgres(environment, "13", "DEFAULT", InstanceStatus.ATTACHED);
        return environment;
    }

    /** Runs, and lets the event happen once, right after the first step of a kind has ended. */
    private EnvironmentResult runWith(Step.Kind after, Runnable event) throws InterruptedException {
        RunListener listener = new RunListener() {
            private boolean happened;

            @Override
            public void ended(Step step, StepOutcome outcome, Duration elapsed) {
                if (step.kind() == after && !happened) {
                    happened = true;
                    event.run();
                }
            }
        };
        RunReport report = UpgradeRunner.builder(world, world)
                .timer(world)
                .listener(listener)
                .build()
                .run(TO_15);
        assertThat(world.violations()).isEmpty();
        return report.environment(live).orElseThrow();
    }

    private void assertEndedWellOrSaysWhatStandsInTheWay(EnvironmentResult result) {
        if (result.result() == Result.UPGRADED) {
            assertThat(world.instances(live)).contains(UPGRADED);
        } else {
            assertThat(result.result()).isIn(Result.BLOCKED, Result.FAILED);
            assertThat(result.detail()).isNotBlank();
            assertThat(result.next()).isNotBlank();
            assertTheApplicationHasADatabase();
        }
    }

    private void assertTheApplicationHasADatabase() {
        long before = world.rowsSeenByApplication(live);
        world.write(live);
        assertThat(world.rowsSeenByApplication(live)).isEqualTo(before + 1);
    }

    private String idAt(String... prefixes) {
        return world.observe(live).instances().stream()
                .filter(i -> List.of(prefixes).contains(i.prefix()))
                .map(Observation.Instance::id)
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("io.github.divio4j.upgrade.run.KindsOfAnUpgrade#all")
    void somebodyDeploys(Step.Kind after) throws InterruptedException {
        EnvironmentResult result = runWith(after, () -> world.deploy(live));

        assertEndedWellOrSaysWhatStandsInTheWay(result);
    }

    @ParameterizedTest
    @EnumSource(names = {"BACK_UP", "RESTORE"})
    void somebodyRenamesTheTargetSoAnotherIsSetUp(Step.Kind after) throws InterruptedException {
        EnvironmentResult result = runWith(after, () -> world.rename(idAt("NEW"), "KEPT"));

        assertThat(result.result()).isEqualTo(Result.UPGRADED);
        assertThat(world.instances(live)).contains(UPGRADED);
    }

    @ParameterizedTest
    @EnumSource(names = {"ADD_SERVICE", "PROVISION"})
    void somebodyRenamesTheSourceWhichIsThenUpgradedUnderItsNewPrefix(Step.Kind after) throws InterruptedException {
        EnvironmentResult result = runWith(after, () -> world.rename(idAt("DEFAULT"), "MAIN"));

        assertThat(result.result()).isEqualTo(Result.UPGRADED);
        assertThat(world.instances(live)).containsExactly("PostgreSQL Database 15 (MAIN) ATTACHED");
    }

    @ParameterizedTest
    @EnumSource(names = {"BACK_UP", "RESTORE"})
    void somebodyRenamesTheSourceAfterItsBackupWhichIsThenUpgradedUnderItsNewPrefix(Step.Kind after)
            throws InterruptedException {
        EnvironmentResult result = runWith(after, () -> world.rename(idAt("DEFAULT"), "MAIN"));

        assertThat(result.result()).isEqualTo(Result.UPGRADED);
        assertThat(world.instances(live)).containsExactly("PostgreSQL Database 15 (MAIN) ATTACHED");
    }

    @ParameterizedTest
    @EnumSource(names = {"DETACH"})
    void somebodyRenamesTheSourceBackInTheCutover(Step.Kind after) throws InterruptedException {
        EnvironmentResult result = runWith(after, () -> world.rename(idAt("OLD"), "DEFAULT"));

        assertThat(result.result()).isEqualTo(Result.UPGRADED);
        assertThat(world.instances(live)).containsExactly(UPGRADED);
    }

    @ParameterizedTest
    @EnumSource(names = {"PROVISION", "BACK_UP", "RESTORE"})
    void somebodyDeletesTheTargetSoAnotherIsSetUpAndFilled(Step.Kind after) throws InterruptedException {
        world.write(live);

        EnvironmentResult result = runWith(after, () -> world.removeInstance(idAt("NEW")));

        assertThat(result.result()).isEqualTo(Result.UPGRADED);
        assertThat(world.instances(live)).containsExactly(UPGRADED);
        assertThat(world.rowsSeenByApplication(live)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"RENAME_PREFIX", "DETACH"})
    void somebodyDeletesTheTargetInTheCutover(Step.Kind after) throws InterruptedException {
        EnvironmentResult result = runWith(after, () -> world.removeInstance(idAt("NEW")));

        assertThat(result.result()).isEqualTo(Result.BLOCKED);
        assertThat(result.detail()).contains("there is no PostgreSQL Database 15", "OLD back to DEFAULT");
        assertThat(result.next()).contains("OLD back to DEFAULT");
        assertTheApplicationHasADatabase();
    }

    @ParameterizedTest
    @EnumSource(names = {"ADD_SERVICE", "PROVISION", "BACK_UP", "RESTORE", "RENAME_PREFIX", "DETACH"})
    void somebodyDeletesTheSource(Step.Kind after) throws InterruptedException {
        EnvironmentResult result = runWith(after, () -> world.removeInstance(idAt("DEFAULT", "OLD")));

        assertThat(result.result()).isEqualTo(Result.BLOCKED);
        assertThat(result.detail()).isNotBlank();
        assertThat(world.instances(live)).hasSize(1);
    }

    @Test
    void theBackupExpiresSoAnotherIsTaken() throws InterruptedException {
        EnvironmentResult result = runWith(Step.Kind.RESTORE, () -> world.expireBackups(live));

        assertThat(result.result()).isEqualTo(Result.UPGRADED);
        assertThat(world.instances(live)).containsExactly(UPGRADED);
        assertThat(world.changes()).filteredOn(c -> c.contains("/back-up/")).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(names = {"RENAME_PREFIX", "DETACH"})
    void theBackupExpiresInTheCutoverSoNothingProvesWhatTheTargetHolds(Step.Kind after) throws InterruptedException {
        EnvironmentResult result = runWith(after, () -> world.expireBackups(live));

        assertThat(result.result()).isEqualTo(Result.BLOCKED);
        assertEndedWellOrSaysWhatStandsInTheWay(result);
    }

    @ParameterizedTest
    @EnumSource(names = {"ADD_SERVICE", "BACK_UP", "RENAME_PREFIX"})
    void whatIsTakenBackAtOnceLooksLikeAnEffectThatNeverCame(Step.Kind after) throws InterruptedException {
        EnvironmentResult result = runWith(after, () -> takeBack(after));

        assertThat(result.result()).isEqualTo(Result.FAILED);
        assertThat(result.detail()).contains("confirmed to", "but does not show it");
        assertEndedWellOrSaysWhatStandsInTheWay(result);
        assertThat(runWith(after, () -> {}).result()).isEqualTo(Result.UPGRADED);
    }

    private void takeBack(Step.Kind kind) {
        switch (kind) {
            case ADD_SERVICE -> world.removeInstance(idAt("NEW"));
            case BACK_UP -> world.expireBackups(live);
            case RENAME_PREFIX -> world.rename(idAt("OLD"), "DEFAULT");
            default -> throw new IllegalArgumentException("cannot be taken back by hand: " + kind);
        }
    }

    @Test
    void whatIsTakenBackAgainAndAgainEndsTheRun() throws InterruptedException {
        RunListener vandal = new RunListener() {
            @Override
            public void ended(Step step, StepOutcome outcome, Duration elapsed) {
                if (step.kind() == Step.Kind.PROVISION) {
                    world.removeInstance(idAt("NEW"));
                }
            }
        };

        RunReport report = UpgradeRunner.builder(world, world)
                .timer(world)
                .listener(vandal)
                .build()
                .run(TO_15);

        assertThat(report.environment(live).orElseThrow().result()).isEqualTo(Result.FAILED);
        assertThat(world.changes()).filteredOn(c -> c.contains("/provision/")).hasSize(3);
    }

    @ParameterizedTest
    @MethodSource("io.github.divio4j.upgrade.run.KindsOfAnUpgrade#allButTheLast")
    void theCatalogueOffersTheTargetNoLonger(Step.Kind after) throws InterruptedException {
        EnvironmentResult result = runWith(after, () -> world.removeFromCatalogue("PostgreSQL Database 15"));

        assertThat(result.result()).isEqualTo(Result.BLOCKED);
        assertThat(result.detail()).contains("does not offer PostgreSQL 15");
        assertTheApplicationHasADatabase();
    }

    @ParameterizedTest
    @MethodSource("io.github.divio4j.upgrade.run.KindsOfAnUpgrade#allButTheLast")
    void theCatalogueListsTheSourcesServiceNoLonger(Step.Kind after) throws InterruptedException {
        EnvironmentResult result = runWith(after, () -> world.removeFromCatalogue("PostgreSQL Database 13"));

        assertThat(result.result()).isEqualTo(Result.BLOCKED);
        assertThat(result.detail()).contains("its version cannot be told");
        assertTheApplicationHasADatabase();
    }
}
