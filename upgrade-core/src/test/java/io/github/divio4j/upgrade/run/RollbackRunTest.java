package io.github.divio4j.upgrade.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradePlanner.TargetAfterRollback;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.UpgradeSpec.OldInstance;
import io.github.divio4j.upgrade.run.RunReport.EnvironmentResult;
import io.github.divio4j.upgrade.run.RunReport.Result;
import io.github.divio4j.upgrade.testing.SimulatedCrash;
import io.github.divio4j.upgrade.testing.SimulatedWorld;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The way back, run to its end. */
class RollbackRunTest {

    private static final UpgradeSpec TO_15 =
            UpgradeSpec.to("15").oldInstance(OldInstance.KEEP).build();

    private final SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");
    private final EnvironmentRef test = environment("test");
    private final EnvironmentRef live = environment("live");

    private EnvironmentRef environment(String slug) {
        EnvironmentRef environment = world.addEnvironment(slug);
        world.addPostgres(environment, "13", "DEFAULT", InstanceStatus.ATTACHED);
        return environment;
    }

    private UpgradeRunner runner() {
        return UpgradeRunner.builder(world, world)
                .timer(world)
                .sideBySide(Runnable::run, 2)
                .build();
    }

    private void assertTheApplicationsRunOnTheirSources() {
        for (EnvironmentRef environment : world.environments()) {
            assertThat(world.instances(environment))
                    .contains("PostgreSQL Database 13 (DEFAULT) ATTACHED")
                    .noneMatch(i -> i.startsWith("PostgreSQL Database 15") && i.endsWith(" ATTACHED"));
        }
        assertThat(world.violations()).isEmpty();
    }

    @Test
    void anUpgradeThatKeptItsSourcesIsRolledBack() throws InterruptedException {
        runner().run(TO_15);

        RunReport report = runner().rollback(TO_15, TargetAfterRollback.DELETE);

        assertThat(report.succeeded()).as(report.toString()).isTrue();
        assertThat(report.environments()).extracting(EnvironmentResult::result).containsOnly(Result.ROLLED_BACK);
        assertThat(report.unprotectedWindow(live)).isEmpty();
        assertTheApplicationsRunOnTheirSources();
    }

    @ParameterizedTest
    @MethodSource("io.github.divio4j.upgrade.run.KindsOfAnUpgrade#allButTheLast")
    void anUpgradeThatDiedIsRolledBack(Step.Kind kind) throws InterruptedException {
        world.crashAfterNext(kind);
        assertThatThrownBy(() -> runner().run(TO_15)).isInstanceOf(SimulatedCrash.class);

        RunReport report = runner().rollback(TO_15, TargetAfterRollback.DELETE);

        assertThat(report.succeeded()).as(report.toString()).isTrue();
        assertTheApplicationsRunOnTheirSources();
        assertThat(report.environment(test).orElseThrow().result()).isIn(Result.ROLLED_BACK, Result.UP_TO_DATE);
    }

    @Test
    void whatWasNotBegunIsUpToDate() throws InterruptedException {
        RunReport report = runner().rollback(TO_15, TargetAfterRollback.KEEP);

        assertThat(report.environments()).extracting(EnvironmentResult::result).containsOnly(Result.UP_TO_DATE);
        assertThat(runner().planRollback(TO_15, TargetAfterRollback.KEEP).isUpToDate())
                .isTrue();
        assertThat(world.changes()).isEmpty();
    }
}
