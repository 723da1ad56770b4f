package io.github.divio4j.upgrade.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.run.RunReport.EnvironmentResult;
import io.github.divio4j.upgrade.run.RunReport.Result;
import io.github.divio4j.upgrade.testing.SimulatedWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many environments: side by side, in waves, with gates and canaries, and when one of them fails. */
@Timeout(60)
class FleetTest {

    private static final UpgradeSpec TO_15 = UpgradeSpec.to("15").build();
    private static final int CHANGES_OF_ONE_ENVIRONMENT = 9;

    private final SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");

    private EnvironmentRef environment(String slug) {
        EnvironmentRef environment = world.addEnvironment(slug);
        world.addPostgres(environment, "13", "DEFAULT", InstanceStatus.ATTACHED);
        return environment;
    }

    private List<EnvironmentRef> environments(String... slugs) {
        return List.of(slugs).stream().map(this::environment).toList();
    }

    private UpgradeRunner.Builder sideBySide(int limit) {
        return UpgradeRunner.builder(world, world).timer(world).sideBySide(Runnable::run, limit);
    }

    private static Result result(RunReport report, EnvironmentRef environment) {
        return report.environment(environment).orElseThrow().result();
    }

    private static String detail(RunReport report, EnvironmentRef environment) {
        return report.environment(environment).orElseThrow().detail();
    }

    /** An executor that lets one kind of step fail in one environment. */
    private StepExecutor failing(EnvironmentRef environment, Step.Kind kind) {
        return (step, context) -> step.environment().equals(environment) && step.kind() == kind
                ? new StepOutcome.Failed("disk full.", "The application runs as before.", true, Map.of())
                : world.execute(step, context);
    }

    private RunReport runFailing(HaltRule rule, int limit, EnvironmentRef environment, Step.Kind kind)
            throws InterruptedException {
        return UpgradeRunner.builder(world, failing(environment, kind))
                .timer(world)
                .sideBySide(Runnable::run, limit)
                .haltRule(rule)
                .build()
                .run(TO_15);
    }

    private boolean isUntouched(EnvironmentRef environment) {
        return world.observe(environment).backups().isEmpty();
    }

    // Side by side

    @Test
    void environmentsOfAWaveTakeAsLongAsOne() throws InterruptedException {
        environments("a", "b", "c", "d");

        RunReport report = sideBySide(4).build().run(TO_15);

        assertThat(report.succeeded()).isTrue();
        assertThat(Duration.between(report.startedAt(), report.endedAt())).isEqualTo(Duration.ofMinutes(4));
    }

    @Test
    void noMoreThanTheLimitAreInWorkAtOnce() throws InterruptedException {
        environments("a", "b", "c", "d", "e");
        Set<EnvironmentRef> inWork = new HashSet<>();
        List<Integer> sizes = new ArrayList<>();
        RunListener listener = new RunListener() {
            @Override
            public void started(Step step) {
                inWork.add(step.environment());
                sizes.add(inWork.size());
            }

            @Override
            public void ended(Step step, StepOutcome outcome, Duration elapsed) {
                inWork.remove(step.environment());
            }
        };

        RunReport report = sideBySide(2).listener(listener).build().run(TO_15);

        assertThat(report.succeeded()).isTrue();
        assertThat(sizes).contains(2).allMatch(size -> size <= 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void allArePreparedBeforeTheFirstMigratesAndWavesGoInOrder(int limit) throws InterruptedException {
        environments("live", "test", "a", "b");

        RunReport report = sideBySide(limit).build().run(TO_15);

        List<Step> begun = report.steps().stream()
                .sorted(Comparator.comparing(RunReport.StepRun::startedAt))
                .map(RunReport.StepRun::step)
                .toList();
        List<Step.Phase> phases = begun.stream().map(s -> s.kind().phase()).toList();
        assertThat(phases.lastIndexOf(Step.Phase.PREPARE)).isLessThan(phases.indexOf(Step.Phase.MIGRATE));
        List<String> migrations = begun.stream()
                .filter(s -> s.kind().phase() == Step.Phase.MIGRATE)
                .map(s -> s.environment().slug())
                .toList();
        assertThat(migrations.subList(migrations.indexOf("live"), migrations.size()))
                .containsOnly("live");
        assertThat(world.violations()).isEmpty();
    }

    @Test
    void aPreparationThatTakesLongerKeepsTheOthersFromMigrating() throws InterruptedException {
        environments("a", "b");
        List<Step.Kind> begun = new ArrayList<>();
        world.chooseDurations(kind -> {
            begun.add(kind);
            return begun.size() == 2 ? Duration.ofHours(1) : Duration.ofMinutes(1);
        });

        RunReport report = sideBySide(2).build().run(TO_15);

        assertThat(begun.get(1)).isEqualTo(Step.Kind.PROVISION);
        assertThat(report.steps())
                .filteredOn(s -> s.step().kind() == Step.Kind.BACK_UP)
                .hasSize(2)
                .allSatisfy(s -> assertThat(s.startedAt())
                        .isAfterOrEqualTo(report.startedAt().plus(Duration.ofHours(1))));
    }

    @Test
    void anEnvironmentInItsCutoverGoesFirst() throws InterruptedException {
        EnvironmentRef live = environment("live");
        world.crashAfterNext(Step.Kind.RENAME_PREFIX);
        assertThatThrownBy(() -> sideBySide(1).build().run(TO_15)).hasMessageContaining("rename-source");
        environment("a");

        RunReport report = sideBySide(1).build().run(TO_15);

        assertThat(report.succeeded()).isTrue();
        assertThat(report.steps().get(0).step().environment()).isEqualTo(live);
        assertThat(report.steps().get(0).step().kind()).isEqualTo(Step.Kind.DETACH);
    }

    @Test
    void theSameRunGivesTheSameReport() throws InterruptedException {
        List<String> reports = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            SimulatedWorld same = SimulatedWorld.create("shop", "13", "15");
            for (String slug : List.of("a", "b", "c", "live")) {
                same.addPostgres(same.addEnvironment(slug), "13", "DEFAULT", InstanceStatus.ATTACHED);
            }
            RunReport report = UpgradeRunner.builder(same, same)
                    .timer(same)
                    .randomness(() -> 7)
                    .sideBySide(Runnable::run, 3)
                    .build()
                    .run(TO_15);
            reports.add(report.environments() + " " + report.steps() + " " + same.changes());
        }

        assertThat(reports.get(0)).isEqualTo(reports.get(1));
    }

    @Test
    void onSeveralThreadsTheEndIsTheSameAndTheListenerIsNeverToldTwoThingsAtOnce() throws Exception {
        List<EnvironmentRef> all = new ArrayList<>(
                IntStream.range(0, 40).mapToObj(i -> environment("env-" + i)).toList());
        all.add(environment("live"));
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        Set<Thread> listenersThreads = new HashSet<>();
        StepExecutor noting = (step, context) -> {
            threads.add(Thread.currentThread());
            return world.execute(step, context);
        };
        RunListener listener = new RunListener() {
            @Override
            public void started(Step step) {
                listenersThreads.add(Thread.currentThread());
            }

            @Override
            public void ended(Step step, StepOutcome outcome, Duration elapsed) {
                listenersThreads.add(Thread.currentThread());
            }
        };
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            RunReport report = UpgradeRunner.builder(world, noting)
                    .timer(world)
                    .sideBySide(pool, 10)
                    .listener(listener)
                    .build()
                    .run(TO_15);

            assertThat(report.succeeded()).as(report.toString()).isTrue();
        } finally {
            pool.shutdown();
            assertThat(pool.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(threads).hasSizeGreaterThan(1).doesNotContain(Thread.currentThread());
        assertThat(listenersThreads).containsExactly(Thread.currentThread());
        assertThat(world.violations()).isEmpty();
        assertThat(world.changes())
                .hasSize(all.size() * CHANGES_OF_ONE_ENVIRONMENT)
                .doesNotHaveDuplicates();
    }

    @Test
    void inTheMachinesTimeOneSlowCallDoesNotHoldUpTheOthers() throws Exception {
        EnvironmentRef slow = environment("a");
        EnvironmentRef fast = environment("b");
        CountDownLatch fastIsPrepared = new CountDownLatch(1);
        StepExecutor executor = (step, context) -> {
            if (step.kind() == Step.Kind.ADD_SERVICE && step.environment().equals(slow)) {
                fastIsPrepared.await();
            }
            StepOutcome outcome = world.execute(step, context);
            if (step.environment().equals(fast) && step.kind() == Step.Kind.ADD_SERVICE) {
                fastIsPrepared.countDown();
            }
            return new StepOutcome.Failed("that is enough.", "Nothing is true.", true, outcome.facts());
        };
        ExecutorService pool = Executors.newCachedThreadPool();
        try {
            RunReport report = UpgradeRunner.builder(world, executor)
                    .sideBySide(pool, 2)
                    .build()
                    .run(TO_15);

            assertThat(report.environments())
                    .extracting(EnvironmentResult::result)
                    .containsOnly(Result.FAILED);
        } finally {
            pool.shutdown();
        }
    }

    @Test
    @Tag("large")
    void aThousandEnvironmentsAreDrivenByOneThread() throws InterruptedException {
        for (int i = 0; i < 1000; i++) {
            environment("env-" + i);
        }

        RunReport report = sideBySide(1000).build().run(TO_15);

        assertThat(report.succeeded()).isTrue();
        assertThat(Duration.between(report.startedAt(), report.endedAt())).isEqualTo(Duration.ofMinutes(4));
        assertThat(world.changes()).hasSize(1000 * CHANGES_OF_ONE_ENVIRONMENT).doesNotHaveDuplicates();
    }

    @Test
    void aLimitIsPositive() {
        assertThatThrownBy(() -> sideBySide(0)).isInstanceOf(IllegalArgumentException.class);
    }

    // Gates

    @Test
    void theGateIsAskedBeforeEachWaveWithWhatHappenedSoFar() throws InterruptedException {
        EnvironmentRef a = environment("a");
        EnvironmentRef live = environment("live");
        List<WaveGate.Wave> asked = new ArrayList<>();

        sideBySide(5)
                .gate(wave -> {
                    asked.add(wave);
                    assertThat(wave.environments()).allMatch(this::isUntouched);
                    return WaveGate.Answer.GO;
                })
                .build()
                .run(TO_15);

        assertThat(asked).extracting(WaveGate.Wave::number).containsExactly(0, 1);
        assertThat(asked).extracting(WaveGate.Wave::environments).containsExactly(List.of(a), List.of(live));
        assertThat(asked.get(0).soFar()).isEmpty();
    }

    @Test
    void theGateIsToldHowTheEnvironmentsCameOutThatTheRunIsThroughWith() throws InterruptedException {
        EnvironmentRef a = environment("a");
        environment("live");
        List<EnvironmentResult> soFar = new ArrayList<>();

        sideBySide(1)
                .gate(wave -> {
                    soFar.addAll(wave.soFar());
                    return WaveGate.Answer.GO;
                })
                .build()
                .run(TO_15);

        assertThat(soFar).singleElement().satisfies(r -> {
            assertThat(r.environment()).isEqualTo(a);
            assertThat(r.result()).isEqualTo(Result.UPGRADED);
        });
    }

    @Test
    void theGateIsNotAskedWhileAnApplicationIsBetweenTwoPrefixes() throws InterruptedException {
        EnvironmentRef live = environment("live");
        world.crashAfterNext(Step.Kind.RENAME_PREFIX);
        assertThatThrownBy(() -> sideBySide(1).build().run(TO_15)).hasMessageContaining("rename-source");
        environment("a");
        world.chooseDurations(kind -> kind == Step.Kind.DEPLOY ? Duration.ofMinutes(30) : Duration.ofMinutes(1));
        List<List<String>> whenAsked = new ArrayList<>();

        sideBySide(2)
                .gate(wave -> {
                    whenAsked.add(world.instances(live));
                    return WaveGate.Answer.GO;
                })
                .build()
                .run(TO_15);

        assertThat(whenAsked)
                .singleElement()
                .satisfies(i -> assertThat(i).contains("PostgreSQL Database 15 (DEFAULT) ATTACHED"));
    }

    @Test
    void aGateThatSaysStopLeavesTheWavePreparedAndUntouched() throws InterruptedException {
        EnvironmentRef a = environment("a");
        EnvironmentRef live = environment("live");

        RunReport report = sideBySide(5)
                .gate(wave -> wave.number() == 0 ? WaveGate.Answer.GO : WaveGate.Answer.STOP)
                .build()
                .run(TO_15);

        assertThat(result(report, a)).isEqualTo(Result.UPGRADED);
        assertThat(result(report, live)).isEqualTo(Result.NOT_FINISHED);
        assertThat(detail(report, live)).contains("Next: back up", "The gate stopped wave 1");
        assertThat(isUntouched(live)).isTrue();
        assertThat(report.stopped()).isEqualTo("The gate stopped wave 1.");
    }

    @Test
    void whatAGateThrowsStopsTheRunWhichCanBeResumed() throws InterruptedException {
        environment("a");
        UpgradeRunner runner = sideBySide(1)
                .gate(wave -> {
                    throw new IllegalStateException("nobody is there");
                })
                .build();

        assertThatThrownBy(() -> runner.run(TO_15)).hasMessage("nobody is there");

        assertThat(sideBySide(1).build().run(TO_15).succeeded()).isTrue();
    }

    // Canaries

    @Test
    void thereMayBeNoCanariesButNotFewer() {
        UpgradeRunner.Builder builder = sideBySide(1);

        assertThat(builder.canaries(0)).isSameAs(builder);
        assertThatThrownBy(() -> builder.canaries(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theOthersOfAWaveBeginAfterItsCanariesAreThrough() throws InterruptedException {
        List<EnvironmentRef> all = environments("a", "b", "c", "d");

        RunReport report = sideBySide(10).canaries(1).build().run(TO_15);

        assertThat(report.succeeded()).isTrue();
        RunReport.StepRun deployed = report.steps(all.get(0)).stream()
                .filter(s -> s.step().kind() == Step.Kind.DEPLOY)
                .findFirst()
                .orElseThrow();
        assertThat(report.steps())
                .filteredOn(s -> s.step().kind() == Step.Kind.BACK_UP
                        && !s.step().environment().equals(all.get(0)))
                .hasSize(3)
                .allSatisfy(s -> assertThat(s.startedAt()).isAfterOrEqualTo(deployed.endedAt()));
    }

    @Test
    void aCanaryThatFailsStopsItsWaveEvenIfTheOthersAreToGoOn() throws InterruptedException {
        List<EnvironmentRef> all = environments("a", "b", "live");

        RunReport report = UpgradeRunner.builder(world, failing(all.get(0), Step.Kind.RESTORE))
                .timer(world)
                .sideBySide(Runnable::run, 10)
                .canaries(1)
                .haltRule(HaltRule.GO_ON)
                .build()
                .run(TO_15);

        assertThat(result(report, all.get(0))).isEqualTo(Result.FAILED);
        assertThat(all.subList(1, 3)).allMatch(this::isUntouched);
        assertThat(detail(report, all.get(1))).contains("after shop/a could not be finished");
    }

    // Failures

    @Test
    void byDefaultThoseUnderWayFinishAndNothingNewBegins() throws InterruptedException {
        List<EnvironmentRef> all = environments("a", "b", "c", "live");

        RunReport report = runFailing(HaltRule.STOP_WAVE, 2, all.get(0), Step.Kind.RESTORE);

        assertThat(result(report, all.get(0))).isEqualTo(Result.FAILED);
        assertThat(result(report, all.get(1))).isEqualTo(Result.UPGRADED);
        assertThat(all.subList(2, 4)).allMatch(this::isUntouched);
        assertThat(result(report, all.get(3))).isEqualTo(Result.NOT_FINISHED);
        assertThat(report.environment(all.get(3)).orElseThrow().next()).contains("Run again", "back up");
    }

    @Test
    void aFailedPreparationLetsNoWaveBegin() throws InterruptedException {
        List<EnvironmentRef> all = environments("a", "b", "live");

        RunReport report = runFailing(HaltRule.STOP_WAVE, 3, all.get(2), Step.Kind.PROVISION);

        assertThat(result(report, all.get(2))).isEqualTo(Result.FAILED);
        assertThat(all).allMatch(this::isUntouched);
    }

    @Test
    void stopAllStopsEveryEnvironmentAfterTheStepItIsIn() throws InterruptedException {
        List<EnvironmentRef> all = environments("a", "b");

        RunReport report = runFailing(HaltRule.STOP_ALL, 2, all.get(0), Step.Kind.RESTORE);

        assertThat(result(report, all.get(1))).isEqualTo(Result.NOT_FINISHED);
        assertThat(report.steps(all.get(1))).last().satisfies(s -> {
            assertThat(s.step().kind()).isEqualTo(Step.Kind.RESTORE);
            assertThat(s.outcome()).isInstanceOf(StepOutcome.Done.class);
        });
    }

    @Test
    void stopAllBringsAnApplicationBetweenTwoPrefixesToItsDeployment() throws InterruptedException {
        List<EnvironmentRef> all = environments("a", "b");

        RunReport report = runFailing(HaltRule.STOP_ALL, 2, all.get(0), Step.Kind.DETACH);

        assertThat(result(report, all.get(0))).isEqualTo(Result.FAILED);
        assertThat(result(report, all.get(1))).isEqualTo(Result.NOT_FINISHED);
        assertThat(world.instances(all.get(1)))
                .containsExactly("PostgreSQL Database 13 (OLD) DETACHED", "PostgreSQL Database 15 (DEFAULT) ATTACHED");
    }

    @Test
    void stopAllWaitsForNoBlocker() throws InterruptedException {
        List<EnvironmentRef> all = environments("a", "b");
        world.chooseDurations(kind -> Duration.ofMinutes(20));
        world.deploy(all.get(1));

        RunReport report = runFailing(HaltRule.STOP_ALL, 2, all.get(0), Step.Kind.ADD_SERVICE);

        assertThat(result(report, all.get(1))).isEqualTo(Result.NOT_FINISHED);
        assertThat(report.endedAt()).isBefore(report.startedAt().plus(Duration.ofMinutes(1)));
    }

    @Test
    void goOnUpgradesAllOthersAndLaterWaves() throws InterruptedException {
        List<EnvironmentRef> all = environments("a", "b", "c", "live");

        RunReport report = runFailing(HaltRule.GO_ON, 2, all.get(0), Step.Kind.ADD_SERVICE);

        assertThat(result(report, all.get(0))).isEqualTo(Result.FAILED);
        assertThat(all.subList(1, 4)).allMatch(e -> result(report, e) == Result.UPGRADED);
    }

    @Test
    void anEnvironmentOutOfSightDoesNotStopTheOthersThatAreToGoOn() throws InterruptedException {
        List<EnvironmentRef> all = environments("a", "b");
        Observer half = new Observer() {
            private boolean first = true;

            @Override
            public List<EnvironmentRef> environments() {
                return world.environments();
            }

            @Override
            public Observation observe(EnvironmentRef environment) {
                if (environment.equals(all.get(0)) && !first) {
                    throw new ObservationException(environment, new IllegalStateException("not found"));
                }
                first &= !environment.equals(all.get(0));
                return world.observe(environment);
            }
        };

        RunReport report = UpgradeRunner.builder(half, world)
                .timer(world)
                .haltRule(HaltRule.GO_ON)
                .build()
                .run(TO_15);

        assertThat(result(report, all.get(0))).isEqualTo(Result.NOT_FINISHED);
        assertThat(detail(report, all.get(0))).contains("could not look at shop/a", "not found", "When last seen");
        assertThat(result(report, all.get(1))).isEqualTo(Result.UPGRADED);
    }

    // Blocked environments

    private EnvironmentRef blocked(String slug) {
        EnvironmentRef environment = environment(slug);
        world.addPostgres(environment, "13", "SECOND", InstanceStatus.ATTACHED);
        return environment;
    }

    @Test
    void aBlockedEnvironmentHoldsBackLaterWavesButNotItsOwn() throws InterruptedException {
        EnvironmentRef blocked = blocked("test");
        EnvironmentRef other = environment("a");
        EnvironmentRef live = environment("live");

        RunReport report = sideBySide(5).build().run(TO_15);

        assertThat(result(report, blocked)).isEqualTo(Result.BLOCKED);
        assertThat(result(report, other)).isEqualTo(Result.UPGRADED);
        assertThat(result(report, live)).isEqualTo(Result.NOT_FINISHED);
        assertThat(detail(report, live)).contains("waits for shop/test", "blockedHoldsBackLaterWaves");
        assertThat(world.instances(live)).containsExactly("PostgreSQL Database 13 (DEFAULT) ATTACHED");
    }

    @Test
    void aBlockedEnvironmentMayBeLeftBehind() throws InterruptedException {
        blocked("test");
        EnvironmentRef live = environment("live");

        RunReport report =
                sideBySide(5).blockedHoldsBackLaterWaves(false).build().run(TO_15);

        assertThat(result(report, live)).isEqualTo(Result.UPGRADED);
    }

    @Test
    void ofSeveralBlockedEnvironmentsTheFirstOfTheEarliestWaveIsTheOneThatIsWaitedFor() throws InterruptedException {
        blocked("a");
        blocked("b");
        blocked("c");
        EnvironmentRef last = environment("d");
        UpgradeSpec inWaves =
                UpgradeSpec.to("15").wave("a", "b").wave("c").wave("d").build();

        RunReport report = sideBySide(5).build().run(inWaves);

        assertThat(detail(report, last)).contains("It waits for shop/a, of an earlier wave");
    }

    @Test
    void anEnvironmentWithoutADatabaseHoldsBackNoOther() throws InterruptedException {
        EnvironmentRef empty = world.addEnvironment("test");
        EnvironmentRef live = environment("live");

        RunReport report = sideBySide(5).build().run(TO_15);

        assertThat(result(report, empty)).isEqualTo(Result.BLOCKED);
        assertThat(result(report, live)).isEqualTo(Result.UPGRADED);
    }
}
