package io.github.divio4j.upgrade.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.StepId;
import io.github.divio4j.upgrade.UpgradePlan;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.UpgradeSpec.OldInstance;
import io.github.divio4j.upgrade.run.RunReport.EnvironmentResult;
import io.github.divio4j.upgrade.run.RunReport.Result;
import io.github.divio4j.upgrade.testing.SimulatedCrash;
import io.github.divio4j.upgrade.testing.SimulatedWorld;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole runs, on a simulated platform and in virtual time. */
class UpgradeRunnerTest {

    private static final UpgradeSpec TO_15 = UpgradeSpec.to("15").build();

    private final SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");
    private final EnvironmentRef live = environment("live");
    private final EnvironmentRef test = environment("test");

    private EnvironmentRef environment(String slug) {
        EnvironmentRef environment = world.addEnvironment(slug);
        world.addPostgres(environment, "13", "DEFAULT", InstanceStatus.ATTACHED);
        return environment;
    }

    private UpgradeRunner.Builder runner() {
        return UpgradeRunner.builder(world, world).timer(world);
    }

    private RunReport run() throws InterruptedException {
        return runner().build().run(TO_15);
    }

    private void assertUpgraded() {
        assertThat(world.instances(test)).containsExactly("PostgreSQL Database 15 (DEFAULT) ATTACHED");
        assertThat(world.instances(live)).containsExactly("PostgreSQL Database 15 (DEFAULT) ATTACHED");
        assertThat(world.violations()).isEmpty();
    }

    private void assertEachChangeWasMadeOnce() {
        assertThat(world.changes()).hasSize(18).doesNotHaveDuplicates();
    }

    private static EnvironmentResult result(RunReport report, EnvironmentRef environment) {
        return report.environment(environment).orElseThrow();
    }

    /** Calls back when a step of a kind begins, before it is executed. */
    private static RunListener onStartOf(EnvironmentRef environment, Step.Kind kind, Runnable action) {
        return new RunListener() {
            @Override
            public void started(Step step) {
                if (step.kind() == kind && step.environment().equals(environment)) {
                    action.run();
                }
            }
        };
    }

    /** Calls back once a step has ended. */
    private static RunListener onEndOf(EnvironmentRef environment, Step.Kind kind, Runnable action) {
        return new RunListener() {
            private boolean called;

            @Override
            public void ended(Step step, StepOutcome outcome, Duration elapsed) {
                if (step.kind() == kind && step.environment().equals(environment) && !called) {
                    called = true;
                    action.run();
                }
            }
        };
    }

    // The whole run

    @Test
    void aRunUpgradesEveryEnvironment() throws InterruptedException {
        RunReport report = run();

        assertThat(report.succeeded()).isTrue();
        assertThat(report.environments()).extracting(EnvironmentResult::result).containsOnly(Result.UPGRADED);
        assertUpgraded();
        assertEachChangeWasMadeOnce();
    }

    @Test
    void theReportHoldsEveryStepInOrderWithItsTimes() throws InterruptedException {
        UpgradePlan plan = runner().build().plan(TO_15);

        RunReport report = run();

        assertThat(report.steps()).extracting(s -> s.step().id()).containsExactlyElementsOf(ids(plan));
        assertThat(report.steps()).allSatisfy(s -> {
            assertThat(s.outcome()).isInstanceOf(StepOutcome.Done.class);
            assertThat(s.executions()).isPositive();
            assertThat(s.endedAt()).isAfterOrEqualTo(s.startedAt());
        });
        assertThat(report.startedAt()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(report.endedAt()).isEqualTo(world.now());
        assertThat(Duration.between(report.startedAt(), report.endedAt())).isEqualTo(Duration.ofMinutes(8));
    }

    private static List<StepId> ids(UpgradePlan plan) {
        return plan.steps().stream().map(Step::id).toList();
    }

    @Test
    void theReportCountsTheLooks() throws InterruptedException {
        AtomicInteger looks = new AtomicInteger();
        Observer counting = observer(e -> looks.incrementAndGet());

        RunReport report =
                UpgradeRunner.builder(counting, world).timer(world).build().run(TO_15);

        assertThat(report.observations()).isEqualTo(looks.get());
    }

    @Test
    void theUnprotectedWindowIsFromTheBackupToTheEndOfTheDeployment() throws InterruptedException {
        RunReport report = run();

        assertThat(report.unprotectedWindow(test)).contains(Duration.ofMinutes(3));
        assertThat(report.unprotectedWindow(live)).contains(Duration.ofMinutes(3));
    }

    @Test
    void planningChangesNothing() {
        UpgradePlan plan = runner().build().plan(TO_15);

        assertThat(plan.steps()).hasSize(18);
        assertThat(world.changes()).isEmpty();
    }

    @Test
    void whatIsUpToDateIsReportedSoAndNotTouched() throws InterruptedException {
        run();
        int changes = world.changes().size();

        RunReport report = run();

        assertThat(report.succeeded()).isTrue();
        assertThat(report.environments()).extracting(EnvironmentResult::result).containsOnly(Result.UP_TO_DATE);
        assertThat(report.steps()).isEmpty();
        assertThat(report.unprotectedWindow(test)).isEmpty();
        assertThat(world.changes()).hasSize(changes);
    }

    @Test
    void whatTheSpecLeavesAloneIsReportedSo() throws InterruptedException {
        RunReport report =
                runner().build().run(UpgradeSpec.to("15").wave("test").build());

        assertThat(report.succeeded()).isTrue();
        assertThat(result(report, live).result()).isEqualTo(Result.LEFT_ALONE);
        assertThat(world.instances(live)).containsExactly("PostgreSQL Database 13 (DEFAULT) ATTACHED");
    }

    @Test
    void aBlockedEnvironmentIsReportedAndTheOthersAreUpgraded() throws InterruptedException {
        EnvironmentRef empty = world.addEnvironment("empty");

        RunReport report = run();

        assertThat(report.succeeded()).isFalse();
        assertThat(result(report, empty).result()).isEqualTo(Result.BLOCKED);
        assertThat(result(report, empty).detail()).contains("no PostgreSQL instance", "Leave it out");
        assertUpgraded();
    }

    @Test
    void nothingIsLostWhenTheApplicationDoesNotWriteAfterTheBackup() throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            world.write(test);
            world.write(live);
        }
        RunListener writer = onStartOf(live, Step.Kind.BACK_UP, () -> world.write(live));

        runner().listener(writer).build().run(TO_15);

        assertThat(world.rowsSeenByApplication(test)).isEqualTo(5);
        assertThat(world.rowsSeenByApplication(live)).isEqualTo(6);
    }

    @Test
    void whatTheApplicationWritesInTheUnprotectedWindowIsNotInTheTarget() throws InterruptedException {
        world.write(test);
        RunListener writer = onStartOf(test, Step.Kind.RESTORE, () -> world.write(test));

        runner().listener(writer).build().run(TO_15);

        assertThat(world.rowsSeenByApplication(test)).isEqualTo(1);
    }

    @Test
    void aKeptInstanceIsTheLastThingTheRunSees() throws InterruptedException {
        RunReport report = runner().build()
                .run(UpgradeSpec.to("15").oldInstance(OldInstance.KEEP).build());

        assertThat(report.succeeded()).isTrue();
        assertThat(result(report, test).detail()).contains("PostgreSQL Database 13 (OLD) is kept");
    }

    @Test
    void theListenerIsToldEverythingInOrder() throws InterruptedException {
        List<String> told = new ArrayList<>();
        RunListener listener = new RunListener() {
            @Override
            public void planned(UpgradePlan plan) {
                told.add("planned " + plan.steps().size());
            }

            @Override
            public void started(Step step) {
                told.add("started " + step.kind());
            }

            @Override
            public void inProgress(Step step, StepOutcome.InProgress outcome, Duration elapsed) {
                told.add(step.kind() + " is " + outcome.state() + " for " + elapsed.toSeconds());
            }

            @Override
            public void ended(Step step, StepOutcome outcome, Duration elapsed) {
                told.add("ended " + step.kind() + " after " + elapsed.toSeconds());
            }
        };

        runner().listener(listener)
                .build()
                .run(UpgradeSpec.to("15").wave("test").build());

        assertThat(told)
                .startsWith(
                        "planned 9",
                        "started ADD_SERVICE",
                        "ended ADD_SERVICE after 0",
                        "started PROVISION",
                        "PROVISION is provisioning for 0",
                        "PROVISION is provisioning for 10")
                .endsWith("ended DEPLOY after 60", "started DELETE_SERVICE", "ended DELETE_SERVICE after 0");
    }

    // Failures

    @ParameterizedTest
    @MethodSource("io.github.divio4j.upgrade.run.KindsOfAnUpgrade#all")
    void aFailureStopsTheRunAndSaysWhatIsTrue(Step.Kind kind) throws InterruptedException {
        world.failNext(kind);

        RunReport report = run();

        assertThat(report.succeeded()).isFalse();
        StepRunEnd last = StepRunEnd.of(report);
        assertThat(last.kind()).isEqualTo(kind);
        assertThat(last.outcome()).isInstanceOf(StepOutcome.Failed.class);
        assertThat(result(report, test)).satisfies(r -> {
            assertThat(r.result()).isEqualTo(Result.FAILED);
            assertThat(r.detail())
                    .contains(last.describe(), "The application runs as before.")
                    .endsWith("Run again to retry.");
        });
        assertThat(result(report, live)).satisfies(r -> {
            assertThat(r.result()).isEqualTo(Result.NOT_FINISHED);
            assertThat(r.detail()).startsWith("Next: ").endsWith("Run again to go on.");
        });
        assertThat(world.violations()).isEmpty();
    }

    /** How the last step of a run ended. */
    private record StepRunEnd(Step.Kind kind, String describe, StepOutcome outcome) {
        static StepRunEnd of(RunReport report) {
            RunReport.StepRun last = report.steps().get(report.steps().size() - 1);
            return new StepRunEnd(last.step().kind(), last.step().describe(), last.outcome());
        }
    }

    @ParameterizedTest
    @MethodSource("io.github.divio4j.upgrade.run.KindsOfAnUpgrade#all")
    void afterAFailureTheNextRunGoesOnToTheEnd(Step.Kind kind) throws InterruptedException {
        world.write(test);
        world.failNext(kind);
        run();

        RunReport report = run();

        assertThat(report.succeeded()).isTrue();
        assertUpgraded();
        assertThat(world.rowsSeenByApplication(test)).isEqualTo(1);
    }

    @Test
    void aFailedDeploymentLeavesTheApplicationOnTheSource() throws InterruptedException {
        world.write(test);
        world.failNext(Step.Kind.DEPLOY);

        run();
        world.write(test);

        assertThat(world.rowsSeenByApplication(test)).isEqualTo(2);
        assertThat(world.instances(test))
                .containsExactly(
                        "PostgreSQL Database 13 (OLD) PENDING_DETACHMENT",
                        "PostgreSQL Database 15 (DEFAULT) PENDING_ATTACHMENT");
    }

    // Crashes and lost answers

    @ParameterizedTest
    @MethodSource("io.github.divio4j.upgrade.run.KindsOfAnUpgrade#all")
    void aRunThatDiedAfterAChangeIsResumedAndMakesEachChangeOnce(Step.Kind kind) throws InterruptedException {
        world.crashAfterNext(kind);
        assertThatThrownBy(this::run).isInstanceOf(SimulatedCrash.class);

        RunReport report = run();

        assertThat(report.succeeded()).isTrue();
        assertUpgraded();
        assertEachChangeWasMadeOnce();
    }

    @ParameterizedTest
    @MethodSource("io.github.divio4j.upgrade.run.KindsOfAnUpgrade#all")
    void aRunThatDiedBeforeAChangeIsResumedAndMakesEachChangeOnce(Step.Kind kind) throws InterruptedException {
        world.crashBeforeNext(kind);
        assertThatThrownBy(this::run).isInstanceOf(SimulatedCrash.class);

        RunReport report = run();

        assertThat(report.succeeded()).isTrue();
        assertUpgraded();
        assertEachChangeWasMadeOnce();
    }

    @Test
    void aRunThatDiesAgainAndAgainStillMakesEachChangeOnce() throws InterruptedException {
        for (Step.Kind kind : KindsOfAnUpgrade.all()) {
            world.crashBeforeNext(kind);
            assertThatThrownBy(this::run).isInstanceOf(SimulatedCrash.class);
            world.crashAfterNext(kind);
            assertThatThrownBy(this::run).isInstanceOf(SimulatedCrash.class);
        }

        assertThat(run().succeeded()).isTrue();
        assertUpgraded();
        assertEachChangeWasMadeOnce();
    }

    @ParameterizedTest
    @MethodSource("io.github.divio4j.upgrade.run.KindsOfAnUpgrade#all")
    void aLostAnswerIsFoundAgainInTheSameRun(Step.Kind kind) throws InterruptedException {
        world.loseAnswerOfNext(kind);

        RunReport report = run();

        assertThat(report.succeeded()).isTrue();
        assertUpgraded();
        assertEachChangeWasMadeOnce();
    }

    @Test
    void aResumedRunReportsTheEnvironmentAsUpgraded() throws InterruptedException {
        world.crashBeforeNext(Step.Kind.DELETE_SERVICE);
        assertThatThrownBy(this::run).isInstanceOf(SimulatedCrash.class);

        assertThat(result(run(), test).result()).isEqualTo(Result.UPGRADED);
    }

    // Somebody else's deployments

    @Test
    void somebodyElsesDeploymentIsWaitedForInTheMiddleOfTheCutover() throws InterruptedException {
        List<String> waits = new ArrayList<>();
        RunListener deploying = onEndOf(test, Step.Kind.RENAME_PREFIX, () -> world.deploy(test));

        RunReport report =
                runner().listener(new Waits(deploying, waits)).build().run(TO_15);

        assertThat(report.succeeded()).isTrue();
        assertThat(waits).isNotEmpty().allSatisfy(w -> assertThat(w).contains("A deployment of the environment runs"));
        assertUpgraded();
    }

    /** Passes on what ends, and notes what is waited for. */
    private record Waits(RunListener next, List<String> waits) implements RunListener {
        @Override
        public void ended(Step step, StepOutcome outcome, Duration elapsed) {
            next.ended(step, outcome, elapsed);
        }

        @Override
        public void waiting(EnvironmentRef environment, String reason) {
            waits.add(environment + " " + reason);
        }
    }

    @Test
    void aDeploymentOfLiveThatBeganWhileTestMigratedIsWaitedFor() throws InterruptedException {
        RunListener deploying = onStartOf(test, Step.Kind.DELETE_SERVICE, () -> world.deploy(live));

        RunReport report = runner().listener(deploying).build().run(TO_15);

        assertThat(world.violations()).isEmpty();
        assertThat(result(report, live).result()).isEqualTo(Result.BLOCKED);
        assertThat(result(report, live).detail()).contains("PostgreSQL Database 15 (NEW) is ATTACHED");
        assertThat(result(report, test).result()).isEqualTo(Result.UPGRADED);
    }

    @Test
    void aDeploymentThatRunsAtTheStartIsWaitedForSoThatTestStillGoesBeforeLive() throws InterruptedException {
        world.deploy(test);

        RunReport report = run();

        assertThat(report.succeeded()).isTrue();
        assertThat(report.steps())
                .filteredOn(s -> s.step().kind() == Step.Kind.DEPLOY)
                .extracting(s -> s.step().environment())
                .containsExactly(test, live);
        assertUpgraded();
    }

    @Test
    void aDeploymentThatDoesNotEndStopsTheRunInTheMiddleOfTheCutover() throws InterruptedException {
        RunListener deploying = onEndOf(test, Step.Kind.RENAME_PREFIX, () -> world.deploy(test));

        RunReport report = runner().listener(deploying)
                .blockerDeadline(Duration.ofSeconds(30))
                .build()
                .run(TO_15);

        assertThat(result(report, test).result()).isEqualTo(Result.BLOCKED);
        assertThat(result(report, live).result()).isEqualTo(Result.NOT_FINISHED);
        assertThat(report.endedAt()).isEqualTo(Instant.parse("2026-01-01T00:04:30Z"));
    }

    @Test
    void aDeploymentThatDoesNotEndHoldsUpOnlyItsOwnEnvironmentIfNothingWasDoneThere() throws InterruptedException {
        world.deploy(test);

        RunReport report = runner().blockerDeadline(Duration.ofSeconds(30))
                .blockedHoldsBackLaterWaves(false)
                .build()
                .run(TO_15);

        assertThat(result(report, test).result()).isEqualTo(Result.BLOCKED);
        assertThat(result(report, live).result()).isEqualTo(Result.UPGRADED);
    }

    @Test
    void aBlockerThatDoesNotPassEndsTheWaiting() throws InterruptedException {
        RunListener deploying = onStartOf(test, Step.Kind.DELETE_SERVICE, () -> world.deploy(live));

        RunReport report = runner().listener(deploying).build().run(TO_15);

        // The deployment made the target visible; waiting the whole deadline would change nothing.
        assertThat(Duration.between(report.startedAt(), report.endedAt())).isLessThan(Duration.ofMinutes(10));
    }

    // Time

    @Test
    void aStepThatTakesTooLongEndsTheRunAndCanBeResumed() throws InterruptedException {
        RunReport report = runner().build()
                .run(UpgradeSpec.to("15").deadline(Duration.ofSeconds(45)).build());

        assertThat(result(report, test).result()).isEqualTo(Result.FAILED);
        assertThat(result(report, test).detail())
                .contains("still provisioning after 40 s", "It may still end well", "Run again");
        assertThat(report.endedAt()).isEqualTo(Instant.parse("2026-01-01T00:00:40Z"));

        assertThat(run().succeeded()).isTrue();
        assertEachChangeWasMadeOnce();
    }

    @Test
    void aBackupThatCannotStayFreshLongEnoughEndsTheRunAndSaysSo() throws InterruptedException {
        UpgradeSpec impatient =
                UpgradeSpec.to("15").maximumBackupAge(Duration.ofSeconds(90)).build();

        RunReport report = runner().build().run(impatient);

        assertThat(result(report, test).result()).isEqualTo(Result.FAILED);
        assertThat(result(report, test).detail()).contains("older than the allowed PT1M30S", "maximumBackupAge");
        assertThat(world.instances(test)).contains("PostgreSQL Database 13 (DEFAULT) ATTACHED");
    }

    @Test
    void anEffectThatTheExecutorClaimsButNobodySeesEndsTheRun() throws InterruptedException {
        StepExecutor liar = (step, context) -> new StepOutcome.Done(Map.of());

        RunReport report =
                UpgradeRunner.builder(world, liar).timer(world).build().run(TO_15);

        assertThat(result(report, test).result()).isEqualTo(Result.FAILED);
        assertThat(result(report, test).detail())
                .contains("The platform confirmed to add PostgreSQL Database 15 (NEW), but does not show it");
        assertThat(report.steps()).hasSize(1);
    }

    @Test
    void anInterruptedRunLeavesWhatItBeganToTheNext() throws InterruptedException {
        Timer impatient = new Timer() {
            @Override
            public Instant now() {
                return world.now();
            }

            @Override
            public void sleep(Duration duration) throws InterruptedException {
                throw new InterruptedException("stop");
            }
        };
        UpgradeRunner runner =
                UpgradeRunner.builder(world, world).timer(impatient).build();
        assertThatThrownBy(() -> runner.run(TO_15)).isInstanceOf(InterruptedException.class);

        assertThat(run().succeeded()).isTrue();
        assertEachChangeWasMadeOnce();
    }

    @Test
    void anInterruptedCallEndsTheRunAndTheNextGoesOn() throws InterruptedException {
        StepExecutor interrupted = (step, context) -> {
            if (step.kind() == Step.Kind.BACK_UP) {
                throw new InterruptedException("stop");
            }
            return world.execute(step, context);
        };
        UpgradeRunner runner =
                UpgradeRunner.builder(world, interrupted).timer(world).build();
        assertThatThrownBy(() -> runner.run(TO_15))
                .isInstanceOf(InterruptedException.class)
                .hasMessage("stop");

        assertThat(run().succeeded()).isTrue();
        assertEachChangeWasMadeOnce();
    }

    @Test
    void deadlinesArePositive() {
        UpgradeRunner.Builder builder = runner();

        assertThatThrownBy(() -> builder.blockerDeadline(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    // Looking

    /** The world's observer, which first calls back. */
    private Observer observer(Consumer<EnvironmentRef> before) {
        return new Observer() {
            @Override
            public List<EnvironmentRef> environments() {
                return world.environments();
            }

            @Override
            public Observation observe(EnvironmentRef environment) {
                before.accept(environment);
                return world.observe(environment);
            }
        };
    }

    private RunReport runWithBlindLooks(int first, int count) throws InterruptedException {
        AtomicInteger looks = new AtomicInteger();
        Observer blind = observer(e -> {
            int look = looks.incrementAndGet();
            if (look >= first && look < first + count) {
                throw new ObservationException(e, new IllegalStateException("connection refused"));
            }
        });
        return UpgradeRunner.builder(blind, world).timer(world).build().run(TO_15);
    }

    @Test
    void aPlatformThatCannotBeSeenForAMomentIsLookedAtAgain() throws InterruptedException {
        RunReport report = runWithBlindLooks(20, 9);

        assertThat(report.succeeded()).isTrue();
        assertUpgraded();
        assertEachChangeWasMadeOnce();
    }

    @Test
    void aRunThatLostSightOfThePlatformStopsAndSaysWhatItLastSaw() throws InterruptedException {
        RunReport report = runWithBlindLooks(20, Integer.MAX_VALUE - 20);

        assertThat(report.succeeded()).isFalse();
        assertThat(report.environments())
                .allSatisfy(r -> assertThat(r.result()).isEqualTo(Result.NOT_FINISHED))
                .allSatisfy(r -> assertThat(r.detail())
                        .contains("could not look at shop/", "connection refused", "When last seen: Next: "));

        assertThat(run().succeeded()).isTrue();
        assertEachChangeWasMadeOnce();
    }

    @Test
    void aPlatformThatCannotBeSeenAtTheStartIsSaidSoAtOnce() {
        assertThatThrownBy(() -> runWithBlindLooks(1, 1))
                .isInstanceOf(ObservationException.class)
                .hasMessageContainingAll("shop/live", "connection refused");
        assertThat(world.changes()).isEmpty();
    }

    @Test
    void aDefectOfTheObserverEndsTheRunAndTheNextGoesOn() throws InterruptedException {
        AtomicInteger looks = new AtomicInteger();
        Observer defective = observer(e -> {
            if (looks.incrementAndGet() == 20) {
                throw new IllegalStateException("a defect");
            }
        });
        UpgradeRunner runner =
                UpgradeRunner.builder(defective, world).timer(world).build();
        assertThatThrownBy(() -> runner.run(TO_15))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a defect");

        assertThat(run().succeeded()).isTrue();
        assertEachChangeWasMadeOnce();
    }

    @Test
    void anEnvironmentIsLookedAtAfreshBeforeItsTurn() throws InterruptedException {
        List<String> order = new ArrayList<>();
        RunListener steps = new RunListener() {
            @Override
            public void started(Step step) {
                order.add("step " + step.environment().slug());
            }
        };
        UpgradeRunner.builder(observer(e -> order.add("look " + e.slug())), world)
                .timer(world)
                .listener(steps)
                .build()
                .run(TO_15);

        for (int i = 0; i < order.size(); i++) {
            if (order.get(i).startsWith("step ")) {
                assertThat(order.get(i - 1)).isEqualTo(order.get(i).replace("step", "look"));
            }
        }
    }
}
