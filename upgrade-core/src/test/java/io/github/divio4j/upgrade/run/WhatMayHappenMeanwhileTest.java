package io.github.divio4j.upgrade.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.run.RunReport.Result;
import io.github.divio4j.upgrade.testing.SimulatedWorld;
import io.github.divio4j.upgrade.testing.SimulatedWorld.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What simulated schedules have shown: something happens while a step is under way. */
class WhatMayHappenMeanwhileTest {

    private static final UpgradeSpec TO_15 = UpgradeSpec.to("15").build();

    private final SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");
    private final EnvironmentRef live = environment();

    private EnvironmentRef environment() {
        EnvironmentRef environment = world.addEnvironment("live");
        world.addPostgres(environment, "13", "DEFAULT", InstanceStatus.ATTACHED);
        return environment;
    }

    private RunReport run(RunListener listener) throws InterruptedException {
        return UpgradeRunner.builder(world, world)
                .timer(world)
                .listener(listener)
                .build()
                .run(TO_15);
    }

    @ParameterizedTest
    @EnumSource(names = {"PROVISION", "BACK_UP", "RESTORE", "RENAME_PREFIX", "DETACH"})
    void aStepThatThePlatformPutOffIsNotBegunWhileSomebodyDeploys(Step.Kind kind) throws InterruptedException {
        List<Step.Kind> putOff = new ArrayList<>();
        world.chooseFaults(step -> {
            boolean first = step.kind() == kind && !putOff.contains(kind);
            putOff.add(step.kind());
            return first ? Optional.of(Fault.THROTTLE) : Optional.empty();
        });
        RunListener deployer = new RunListener() {
            private boolean deployed;

            @Override
            public void inProgress(Step step, StepOutcome.InProgress outcome, Duration elapsed) {
                if (step.kind() == kind && !deployed) {
                    deployed = true;
                    world.deploy(live);
                }
            }
        };

        RunReport report = run(deployer);

        assertThat(world.violations()).isEmpty();
        assertThat(report.environment(live).orElseThrow().result()).isIn(Result.UPGRADED, Result.BLOCKED);
    }

    @Test
    void aDeletionThatThePlatformPutOffIsNotDoneOnceNothingProvesThatTheDataWasMoved() throws InterruptedException {
        world.chooseFaults(
                step -> step.kind() == Step.Kind.DELETE_SERVICE ? Optional.of(Fault.THROTTLE) : Optional.empty());
        RunListener platform = new RunListener() {
            @Override
            public void inProgress(Step step, StepOutcome.InProgress outcome, Duration elapsed) {
                if (step.kind() == Step.Kind.DELETE_SERVICE) {
                    world.chooseFaults(s -> Optional.empty());
                    world.expireBackups(live);
                }
            }
        };

        RunReport report = run(platform);

        assertThat(world.instances(live))
                .containsExactly("PostgreSQL Database 13 (OLD) DETACHED", "PostgreSQL Database 15 (DEFAULT) ATTACHED");
        assertThat(report.environment(live).orElseThrow().result()).isEqualTo(Result.UPGRADED);
        assertThat(world.violations()).isEmpty();
    }

    @Test
    void aRestoreThatOutlivesItsBackupIsWaitedForBeforeAnotherBegins() throws InterruptedException {
        List<Step.Kind> begun = new ArrayList<>();
        world.chooseDurations(kind -> {
            begun.add(kind);
            boolean firstRestore = kind == Step.Kind.RESTORE && begun.indexOf(kind) == begun.size() - 1;
            return firstRestore ? Duration.ofHours(5) : Duration.ofMinutes(1);
        });

        RunReport late = run(RunListener.NONE);
        RunReport waiting = run(RunListener.NONE);
        world.sleep(Duration.ofHours(5));
        RunReport last = run(RunListener.NONE);

        assertThat(late.environment(live).orElseThrow().result()).isEqualTo(Result.FAILED);
        assertThat(waiting.environment(live).orElseThrow().result()).isEqualTo(Result.BLOCKED);
        assertThat(waiting.environment(live).orElseThrow().detail()).contains("A restore runs");
        assertThat(last.environment(live).orElseThrow().result()).isEqualTo(Result.UPGRADED);
        assertThat(world.violations()).isEmpty();
    }

    @Test
    void aSourceThatIsRenamedDuringItsBackupIsBackedUpAgainOnlyWhenThatHasEnded() throws InterruptedException {
        List<String> ran = new ArrayList<>();
        RunListener renamer = new RunListener() {
            @Override
            public void inProgress(Step step, StepOutcome.InProgress outcome, Duration elapsed) {
                if (step.kind() == Step.Kind.BACK_UP) {
                    ran.add(step.id().text());
                    world.observe(live).databaseAt("DEFAULT").ifPresent(i -> world.rename(i.id(), "MAIN"));
                }
            }

            @Override
            public void waiting(EnvironmentRef environment, String reason) {
                ran.add(reason);
            }
        };

        run(renamer);
        RunReport report = run(renamer);

        assertThat(ran)
                .anyMatch(r -> r.contains(
                        "A backup runs that was begun for another target, or while the source had another prefix"));
        assertThat(report.environment(live).orElseThrow().result().isGood()).isTrue();
        assertThat(world.violations()).isEmpty();
    }

    @Test
    void aSourceThatIsRenamedThereAndBackBetweenItsBackupsKeepsThePrefixItHadBeforeTheCutover()
            throws InterruptedException {
        RunListener renamer = new RunListener() {
            private int backups;

            @Override
            public void ended(Step step, StepOutcome outcome, Duration elapsed) {
                if (step.kind() == Step.Kind.BACK_UP) {
                    backups++;
                    String from = backups == 1 ? "DEFAULT" : "MAIN";
                    String to = backups == 1 ? "MAIN" : "DEFAULT";
                    world.observe(live).databaseAt(from).ifPresent(i -> world.rename(i.id(), to));
                }
            }
        };

        RunReport report = run(renamer);

        assertThat(report.environment(live).orElseThrow().result()).isEqualTo(Result.UPGRADED);
        assertThat(world.instances(live)).containsExactly("PostgreSQL Database 15 (DEFAULT) ATTACHED");
        assertThat(world.violations()).isEmpty();
    }

    @Test
    void anotherInstanceThatTakesTheTargetsPlaceIsNotFilledWhileTheRestoreRuns() throws InterruptedException {
        RunListener renamer = new RunListener() {
            private boolean renamed;

            @Override
            public void inProgress(Step step, StepOutcome.InProgress outcome, Duration elapsed) {
                if (step.kind() == Step.Kind.RESTORE && !renamed) {
                    renamed = true;
                    world.rename(
                            world.observe(live).databaseAt("NEW").orElseThrow().id(), "KEPT");
                    world.addPostgres(live, "15", "NEW", InstanceStatus.PENDING_ATTACHMENT);
                }
            }
        };

        RunReport report = run(renamer);

        assertThat(report.environment(live).orElseThrow().result()).isEqualTo(Result.UPGRADED);
        assertThat(world.violations()).isEmpty();
    }

    @Test
    void whatWasPutOffIsNotDoneOnceNoPlanWantsItAnyMore() throws InterruptedException {
        world.chooseFaults(
                step -> step.kind() == Step.Kind.ADD_SERVICE ? Optional.of(Fault.THROTTLE) : Optional.empty());
        RunListener somebody = new RunListener() {
            @Override
            public void inProgress(Step step, StepOutcome.InProgress outcome, Duration elapsed) {
                world.chooseFaults(s -> Optional.empty());
                world.observe(live).instances().forEach(i -> world.removeInstance(i.id()));
                world.addPostgres(live, "15", "DEFAULT", InstanceStatus.ATTACHED);
            }
        };

        RunReport report = run(somebody);

        assertThat(report.environment(live).orElseThrow().result().isGood()).isTrue();
        assertThat(world.instances(live)).containsExactly("PostgreSQL Database 15 (DEFAULT) ATTACHED");
    }

    @Test
    void aTargetThatIsAttachedWhileItIsFilledIsFilledAgainOnlyWhenThatHasEnded() throws InterruptedException {
        world.chooseDurations(kind -> Duration.ofMinutes(kind == Step.Kind.RESTORE ? 20 : 1));
        RunListener deployer = new RunListener() {
            private boolean deployed;

            @Override
            public void inProgress(Step step, StepOutcome.InProgress outcome, Duration elapsed) {
                if (step.kind() == Step.Kind.RESTORE && !deployed) {
                    deployed = true;
                    world.deploy(live);
                }
            }
        };

        RunReport first = run(deployer);
        RunReport second = run(RunListener.NONE);

        assertThat(List.of(first, second))
                .anySatisfy(r ->
                        assertThat(r.environment(live).orElseThrow().result()).isEqualTo(Result.UPGRADED));
        assertThat(world.violations()).isEmpty();
    }
}
