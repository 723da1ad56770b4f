package io.github.divio4j.upgrade.run;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.run.RunReport.EnvironmentResult;
import io.github.divio4j.upgrade.run.RunReport.Result;
import io.github.divio4j.upgrade.run.RunReport.Window;
import io.github.divio4j.upgrade.testing.SimulatedCrash;
import io.github.divio4j.upgrade.testing.SimulatedWorld;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Deadlines, stopping, what is told on the way and what is reported at the end. */
@Timeout(60)
class RunEndsTest {

    private static final UpgradeSpec TO_15 = UpgradeSpec.to("15").build();
    private static final int CHANGES = 9;

    private final SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");
    private final EnvironmentRef live = environment("live");

    private EnvironmentRef environment(String slug) {
        EnvironmentRef environment = world.addEnvironment(slug);
        world.addPostgres(environment, "13", "DEFAULT", InstanceStatus.ATTACHED);
        return environment;
    }

    private UpgradeRunner.Builder runner() {
        return UpgradeRunner.builder(world, world).timer(world);
    }

    private EnvironmentResult result(RunReport report) {
        return report.environment(live).orElseThrow();
    }

    private void assertIsResumedByTheNextRun() throws InterruptedException {
        assertThat(runner().build().run(TO_15).succeeded()).isTrue();
        assertThat(world.violations()).isEmpty();
        assertThat(world.changes()).hasSize(CHANGES).doesNotHaveDuplicates();
    }

    // Deadlines

    @Test
    void aDeadlineOfOneKindOfStepHoldsForThatKindOnly() throws InterruptedException {
        RunReport report = runner().build()
                .run(UpgradeSpec.to("15")
                        .deadline(Step.Kind.RESTORE, Duration.ofSeconds(30))
                        .build());

        assertThat(result(report).result()).isEqualTo(Result.FAILED);
        assertThat(result(report).detail()).contains("restore", "still restoring after 30 s");
        assertIsResumedByTheNextRun();
    }

    @Test
    void atItsDeadlineARunLeavesWhatIsUnderWayToThePlatform() throws InterruptedException {
        RunReport report = runner().runDeadline(Duration.ofSeconds(95)).build().run(TO_15);

        assertThat(report.endedAt()).isEqualTo(Instant.parse("2026-01-01T00:01:35Z"));
        assertThat(report.stopped()).isEqualTo("The run reached its deadline of PT1M35S.");
        assertThat(result(report).result()).isEqualTo(Result.NOT_FINISHED);
        assertThat(result(report).detail()).contains("Next: back up", "reached its deadline", "Run again");
        assertThat(report.steps()).last().satisfies(s -> {
            assertThat(s.step().kind()).isEqualTo(Step.Kind.BACK_UP);
            assertThat(s.outcome()).isNull();
        });
        assertIsResumedByTheNextRun();
    }

    @Test
    void atItsDeadlineARunBringsAnApplicationBetweenTwoPrefixesToItsDeployment() throws InterruptedException {
        RunReport report = runner().runDeadline(Duration.ofSeconds(200)).build().run(TO_15);

        assertThat(report.endedAt()).isEqualTo(Instant.parse("2026-01-01T00:04:00Z"));
        assertThat(result(report).result()).isEqualTo(Result.NOT_FINISHED);
        assertThat(result(report).detail()).contains("Next: delete");
        assertThat(world.instances(live))
                .containsExactly("PostgreSQL Database 13 (OLD) DETACHED", "PostgreSQL Database 15 (DEFAULT) ATTACHED");
        assertIsResumedByTheNextRun();
    }

    @Test
    void afterItsDeadlineARunStillHoldsTheDeadlinesOfItsSteps() throws InterruptedException {
        RunReport report = runner().runDeadline(Duration.ofSeconds(190))
                .build()
                .run(UpgradeSpec.to("15")
                        .deadline(Step.Kind.DEPLOY, Duration.ofSeconds(30))
                        .build());

        assertThat(report.endedAt()).isEqualTo(Instant.parse("2026-01-01T00:03:30Z"));
        assertThat(result(report).result()).isEqualTo(Result.FAILED);
        assertIsResumedByTheNextRun();
    }

    @Test
    void aTimeIsPositive() {
        UpgradeRunner.Builder builder = runner();

        assertThatThrownBy(() -> builder.runDeadline(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.heartbeat(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    // Stopping

    @ParameterizedTest
    @MethodSource("io.github.divio4j.upgrade.run.KindsOfAnUpgrade#all")
    void aRunThatIsStoppedInAStepIsResumedByTheNext(Step.Kind kind) throws InterruptedException {
        List<UpgradeRunner> runner = new ArrayList<>();
        RunListener listener = new RunListener() {
            @Override
            public void started(Step step) {
                if (step.kind() == kind) {
                    runner.get(0).stop();
                }
            }
        };
        runner.add(runner().listener(listener).build());

        RunReport report = runner.get(0).run(TO_15);

        assertThat(report.stopped()).isEqualTo("The run was stopped.");
        assertThat(result(report).result()).isEqualTo(Result.NOT_FINISHED);
        assertIsResumedByTheNextRun();
    }

    @Test
    void aStepBeforeWhichTheRunWasStoppedIsReportedWithoutAnOutcome() throws InterruptedException {
        List<UpgradeRunner> runner = new ArrayList<>();
        RunListener listener = new RunListener() {
            @Override
            public void started(Step step) {
                runner.get(0).stop();
            }
        };
        runner.add(runner().listener(listener).build());

        RunReport report = runner.get(0).run(TO_15);

        assertThat(report.steps()).singleElement().satisfies(s -> {
            assertThat(s.outcome()).isNull();
            assertThat(s.executions()).isZero();
        });
        assertThat(world.changes()).isEmpty();
    }

    @Test
    void aStepThatFailsWhileTheRunIsStoppedIsReportedAsFailed() throws InterruptedException {
        List<UpgradeRunner> runner = new ArrayList<>();
        StepExecutor failing = (step, context) -> {
            runner.get(0).stop();
            return new StepOutcome.Failed("disk full.", "The application runs as before.", true, Map.of());
        };
        runner.add(UpgradeRunner.builder(world, failing).timer(world).build());

        RunReport report = runner.get(0).run(TO_15);

        assertThat(result(report).result()).isEqualTo(Result.FAILED);
        assertThat(result(report).detail()).contains("disk full.");
        assertThat(report.stopped()).isEqualTo("The run was stopped.");
    }

    @Test
    void whatWasDoneWhileTheRunWasStoppedIsNotSaidToBeMissing() throws InterruptedException {
        List<UpgradeRunner> runner = new ArrayList<>();
        StepExecutor stopping = (step, context) -> {
            runner.get(0).stop();
            return world.execute(step, context);
        };
        runner.add(UpgradeRunner.builder(world, stopping).timer(world).build());

        assertThat(result(runner.get(0).run(TO_15)).detail())
                .startsWith("Done, and not looked at since: add PostgreSQL Database 15 (NEW). The run was stopped.");
    }

    @Test
    void aRunThatWaitsIsStoppedByAnotherThread() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        StepExecutor slow = (step, context) -> {
            StepOutcome outcome = world.execute(step, context);
            return outcome instanceof StepOutcome.InProgress progress
                    ? new StepOutcome.InProgress(Duration.ofHours(1), progress.state(), progress.facts())
                    : outcome;
        };
        UpgradeRunner runner = UpgradeRunner.builder(world, slow)
                .listener(new RunListener() {
                    @Override
                    public void inProgress(Step step, StepOutcome.InProgress outcome, Duration elapsed) {
                        waiting.countDown();
                    }
                })
                .build();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<RunReport> report = thread.submit(() -> runner.run(TO_15));
            waiting.await();

            runner.stop();

            assertThat(report.get().stopped()).isEqualTo("The run was stopped.");
        } finally {
            thread.shutdown();
        }
        assertIsResumedByTheNextRun();
    }

    @Test
    void anInterruptEndsARunThatWaitsAndTheNextGoesOn() throws Exception {
        UpgradeRunner runner = UpgradeRunner.builder(world, world)
                .listener(new RunListener() {
                    @Override
                    public void inProgress(Step step, StepOutcome.InProgress outcome, Duration elapsed) {
                        Thread.currentThread().interrupt();
                    }
                })
                .build();

        assertThatThrownBy(() -> runner.run(TO_15)).isInstanceOf(InterruptedException.class);

        assertIsResumedByTheNextRun();
    }

    @Test
    void anInterruptEndsASleepInTheMachinesTime() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> Timer.SYSTEM.sleep(Duration.ofHours(1))).isInstanceOf(InterruptedException.class);
    }

    // On the way

    @Test
    void aHeartbeatTellsHowLongAStepTakesAndHowLongOthersOfItsKindTook() throws InterruptedException {
        environment("a");
        List<String> beats = new ArrayList<>();
        RunListener listener = new RunListener() {
            @Override
            public void heartbeat(Step step, Duration elapsed, @Nullable Duration expected) {
                if (step.kind() == Step.Kind.BACK_UP) {
                    beats.add(step.environment().slug() + " " + elapsed.toSeconds() + " of "
                            + (expected == null ? "?" : expected.toSeconds()));
                }
            }
        };

        runner().listener(listener).heartbeat(Duration.ofSeconds(25)).build().run(TO_15);

        assertThat(beats).containsExactly("a 25 of ?", "a 50 of ?", "live 25 of 60", "live 50 of 60");
    }

    @Test
    void wavesGatesAndEnvironmentsAreTold() throws InterruptedException {
        environment("a");
        List<String> told = new ArrayList<>();
        RunListener listener = new RunListener() {
            @Override
            public void gateAsked(WaveGate.Wave wave, WaveGate.Answer answer) {
                told.add("gate " + wave.number() + " " + answer);
            }

            @Override
            public void waveBegan(int wave, List<EnvironmentRef> environments) {
                told.add("wave " + wave + " began with " + environments);
            }

            @Override
            public void waveEnded(int wave) {
                told.add("wave " + wave + " ended");
            }

            @Override
            public void environmentEnded(EnvironmentResult result) {
                told.add(result.environment() + " " + result.result());
            }
        };

        runner().listener(listener).build().run(TO_15);

        assertThat(told)
                .containsExactly(
                        "gate 0 GO",
                        "wave 0 began with [shop/a]",
                        "shop/a UPGRADED",
                        "wave 0 ended",
                        "gate 1 GO",
                        "wave 1 began with [shop/live]",
                        "shop/live UPGRADED",
                        "wave 1 ended");
    }

    // The report

    @ParameterizedTest
    @MethodSource("io.github.divio4j.upgrade.run.KindsOfAnUpgrade#allButTheLast")
    void aResumedRunStatesTheWholeUnprotectedWindow(Step.Kind kind) throws InterruptedException {
        world.crashAfterNext(kind);
        assertThatThrownBy(() -> runner().build().run(TO_15)).isInstanceOf(SimulatedCrash.class);
        world.sleep(Duration.ofMinutes(10));

        RunReport report = runner().build().run(TO_15);

        Window window = result(report).unprotected();
        Observation now = world.observe(live);
        assertThat(window).isNotNull();
        assertThat(window.from()).isEqualTo(now.backups().get(0).startedAt());
        assertThat(window.until())
                .isEqualTo(requireNonNull(now.latestDeployment()).endedAt());
        assertThat(report.unprotectedWindow(live)).contains(window.length());
    }

    @Test
    void theReportSaysWhatIsTrueNowAndWhatToDoNext() throws InterruptedException {
        world.failNext(Step.Kind.DEPLOY);

        EnvironmentResult result = result(runner().build().run(TO_15));

        assertThat(result.trueNow())
                .isEqualTo("DEFAULT is PostgreSQL Database 15, PENDING_ATTACHMENT;"
                        + " OLD is PostgreSQL Database 13, PENDING_DETACHMENT.");
        assertThat(result.next()).startsWith("Run again: it tries to deploy");
    }

    @Test
    void theReportCountsTheCallsOfAnObserverThatCounts() throws InterruptedException {
        Observer counting = new Observer() {
            private long calls = 100;

            @Override
            public List<EnvironmentRef> environments() {
                calls++;
                return world.environments();
            }

            @Override
            public Observation observe(EnvironmentRef environment) {
                calls += 3;
                return world.observe(environment);
            }

            @Override
            public OptionalLong calls() {
                return OptionalLong.of(calls);
            }
        };

        RunReport report =
                UpgradeRunner.builder(counting, world).timer(world).build().run(TO_15);

        assertThat(report.calls()).hasValue(1 + 3L * report.observations());
        assertThat(runner().build().run(TO_15).calls()).isEmpty();
    }

    @Test
    void environmentsAreGoneThroughAndReportedByApplicationThenSlugThenId() throws InterruptedException {
        List<EnvironmentRef> sorted = List.of(
                new EnvironmentRef("blog", "8", "test"),
                new EnvironmentRef("shop", "9", "live"),
                new EnvironmentRef("shop", "6", "test"),
                new EnvironmentRef("shop", "7", "test"));
        Observer observer = new Observer() {
            @Override
            public List<EnvironmentRef> environments() {
                return List.of(sorted.get(3), sorted.get(2), sorted.get(1), sorted.get(0));
            }

            @Override
            public Observation observe(EnvironmentRef environment) {
                return new Observation(
                        environment, world.now(), List.of(), List.of(), List.of(), List.of(), List.of(), null);
            }
        };
        List<EnvironmentRef> ended = new ArrayList<>();
        RunListener listener = new RunListener() {
            @Override
            public void environmentEnded(EnvironmentResult result) {
                ended.add(result.environment());
            }
        };

        RunReport report = UpgradeRunner.builder(observer, world)
                .timer(world)
                .listener(listener)
                .build()
                .run(UpgradeSpec.to("15").wave("nobody").build());

        assertThat(ended).isEqualTo(sorted);
        assertThat(report.environments())
                .extracting(EnvironmentResult::environment)
                .isEqualTo(sorted);
    }

    @Test
    void theReportTellsTheStepsOfOneEnvironment() throws InterruptedException {
        environment("a");

        RunReport report = runner().build().run(TO_15);

        assertThat(report.steps(live))
                .hasSize(CHANGES)
                .allSatisfy(s -> assertThat(s.step().environment()).isEqualTo(live));
    }

    @Test
    void runsThatBeginAtTheSameTimeHaveDifferentIds() throws InterruptedException {
        SimulatedWorld empty = SimulatedWorld.create("shop", "13", "15");
        UpgradeRunner runner = UpgradeRunner.builder(empty, empty).timer(empty).build();
        Set<String> ids = new HashSet<>();

        for (int i = 0; i < 10; i++) {
            ids.add(runner.run(TO_15).run());
        }

        assertThat(ids).hasSizeGreaterThan(1);
    }

    @Test
    void theReportInShortNamesWhatDidNotGoWell() throws InterruptedException {
        environment("a");
        world.failNext(Step.Kind.RESTORE);

        RunReport report = runner().randomness(() -> 1).build().run(TO_15);

        assertThat(report.toString())
                .startsWith("RunReport[20260101T000000000Z-0001, {FAILED=1, NOT_FINISHED=1}, 6 steps in ")
                .contains("shop/a FAILED: Failed to restore");
    }

    @Test
    void theReportInShortIsSilentAboutWhatWentWell() throws InterruptedException {
        assertThat(runner().build().run(TO_15).toString()).doesNotContain("shop/live");
    }
}
