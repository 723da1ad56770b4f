package io.github.divio4j.upgrade.run;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.OperationNote;
import io.github.divio4j.upgrade.OperationState;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.StepId;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.run.RunReport.EnvironmentResult;
import io.github.divio4j.upgrade.run.RunReport.Result;
import io.github.divio4j.upgrade.testing.SimulatedCrash;
import io.github.divio4j.upgrade.testing.SimulatedWorld;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two runs on the same environments at once, call by call in one thread. */
class TwoRunsTest {

    private static final UpgradeSpec TO_15 = UpgradeSpec.to("15").build();
    private static final int CHANGES_OF_ONE_ENVIRONMENT = 9;

    private final SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");
    private final EnvironmentRef test = environment(world, "test");

    private static EnvironmentRef environment(SimulatedWorld world, String slug) {
        EnvironmentRef environment = world.addEnvironment(slug);
        world.addPostgres(environment, "13", "DEFAULT", InstanceStatus.ATTACHED);
        return environment;
    }

    private static UpgradeRunner.Builder runner(SimulatedWorld world, long random) {
        return UpgradeRunner.builder(world, world).timer(world).randomness(() -> random);
    }

    /** A run that makes a call only when it is told to. */
    private static final class Driven {
        private final Deque<Runnable> calls = new ArrayDeque<>();
        private final Run run;
        private boolean direct = true;

        Driven(UpgradeRunner.Builder builder) {
            run = builder.sideBySide(this::take, 1).build().start(TO_15);
            run.observeAll();
            direct = false;
        }

        private void take(Runnable call) {
            if (direct) {
                call.run();
            } else {
                calls.add(call);
            }
        }

        Driven begin() throws InterruptedException {
            run.begin();
            run.proceed();
            return this;
        }

        boolean hasCall() {
            return !calls.isEmpty();
        }

        void call() throws InterruptedException {
            calls.remove().run();
            run.proceed();
        }
    }

    /** Makes calls of the one or the other, as the choice says by the number of the call, until both are over. */
    private static void drive(SimulatedWorld world, Driven one, Driven other, IntPredicate choosesOne)
            throws InterruptedException {
        int calls = 0;
        while (!one.run.isOver() || !other.run.isOver()) {
            if (one.hasCall() && (!other.hasCall() || choosesOne.test(calls))) {
                one.call();
            } else if (other.hasCall()) {
                other.call();
            } else {
                letTimePass(world, one, other);
            }
            assertThat(++calls).as("calls").isLessThan(2_000);
        }
    }

    private static void letTimePass(SimulatedWorld world, Driven... all) throws InterruptedException {
        world.sleep(Stream.of(all)
                .map(d -> d.run.nextLook())
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElseThrow());
        for (Driven driven : all) {
            driven.run.proceed();
        }
    }

    private static void assertOneFinishedAndTheOtherSaysWhy(SimulatedWorld world, RunReport one, RunReport other) {
        assertThat(world.violations()).isEmpty();
        assertThat(world.changes())
                .hasSize(CHANGES_OF_ONE_ENVIRONMENT * world.environments().size())
                .doesNotHaveDuplicates();
        assertThat(List.of(one, other)).filteredOn(RunReport::succeeded).hasSize(1);
        RunReport winner = one.succeeded() ? one : other;
        RunReport loser = one.succeeded() ? other : one;
        assertThat(loser.environments())
                .filteredOn(e -> e.result() == Result.FAILED)
                .singleElement()
                .extracting(EnvironmentResult::detail, as(STRING))
                .contains("Another run (" + winner.run() + ", since 2026-01-01T", "is upgrading this environment")
                .contains("stop it, and run again", "takeOver");
    }

    @Test
    @Tag("large")
    void inEveryInterleavingOfTheFirstCallsOneFinishesAndTheOtherSaysWhyItStopped() throws InterruptedException {
        int bound = 10;
        for (int bits = 0; bits < 1 << bound; bits++) {
            int choices = bits;
            SimulatedWorld small = SimulatedWorld.create("shop", "13", "15");
            environment(small, "test");
            Driven one = new Driven(runner(small, 1)).begin();
            Driven other = new Driven(runner(small, 2)).begin();

            drive(small, one, other, call -> (choices >> (call % bound) & 1) == 0);

            assertOneFinishedAndTheOtherSaysWhy(small, one.run.report(), other.run.report());
        }
    }

    @Test
    @Tag("large")
    void inSeededInterleavingsOfSeveralEnvironmentsOneFinishesAndTheOtherSaysWhyItStopped()
            throws InterruptedException {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            SimulatedWorld small = SimulatedWorld.create("shop", "13", "15");
            environment(small, "test");
            environment(small, "live");
            Driven one = new Driven(runner(small, 1)).begin();
            Driven other = new Driven(runner(small, 2)).begin();

            drive(small, one, other, call -> random.nextBoolean());

            assertOneFinishedAndTheOtherSaysWhy(small, one.run.report(), other.run.report());
        }
    }

    @Test
    @Tag("large")
    void whenTheSecondRunBeginsAtAnyMomentOfTheFirstNoChangeIsMadeTwiceAndTheEnvironmentIsUpgraded()
            throws InterruptedException {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            SimulatedWorld small = SimulatedWorld.create("shop", "13", "15");
            EnvironmentRef environment = environment(small, "test");
            Driven elder = new Driven(runner(small, 1)).begin();
            for (int calls = seed % 75; calls > 0 && !elder.run.isOver(); calls--) {
                if (elder.hasCall()) {
                    elder.call();
                } else {
                    letTimePass(small, elder);
                }
            }
            small.sleep(Duration.ofMillis(1));
            Driven younger = new Driven(runner(small, 2)).begin();

            drive(small, elder, younger, call -> random.nextBoolean());

            assertThat(small.violations()).isEmpty();
            assertThat(small.changes()).hasSize(CHANGES_OF_ONE_ENVIRONMENT).doesNotHaveDuplicates();
            assertThat(small.instances(environment)).containsExactly("PostgreSQL Database 15 (DEFAULT) ATTACHED");
            assertThat(List.of(elder.run.report(), younger.run.report())).anyMatch(RunReport::succeeded);
        }
    }

    /** Lets a run go on until it has begun an operation. */
    private Driven upTo(Driven driven, Step.Kind kind) throws InterruptedException {
        String step = kind == Step.Kind.BACK_UP ? "/back-up/" : "/restore/";
        while (world.changes().stream().noneMatch(c -> c.contains(step))) {
            if (driven.hasCall()) {
                driven.call();
            } else {
                letTimePass(world, driven);
            }
        }
        return driven;
    }

    @Test
    void theYoungerStopsWhenTheOlderShowsThatItIsAlive() throws InterruptedException {
        Driven older = new Driven(runner(world, 1)).begin();
        world.sleep(Duration.ofSeconds(1));
        Driven younger = new Driven(runner(world, 2)).begin();

        upTo(older, Step.Kind.BACK_UP);
        drive(world, older, younger, call -> true);

        assertThat(older.run.report().succeeded()).isTrue();
        assertThat(younger.run.report().environment(test).orElseThrow().result())
                .isEqualTo(Result.FAILED);
    }

    @Test
    void whatWasBegunBeforeARunBeganIsAdopted() throws InterruptedException {
        world.crashAfterNext(Step.Kind.BACK_UP);
        assertThatThrownBy(() -> runner(world, 1).build().run(TO_15)).isInstanceOf(SimulatedCrash.class);

        RunReport report = runner(world, 2).build().run(TO_15);

        assertThat(report.succeeded()).isTrue();
        assertThat(world.changes()).hasSize(CHANGES_OF_ONE_ENVIRONMENT).doesNotHaveDuplicates();
    }

    @Test
    void aRunThatTakesOverGoesOnAndTheOtherStopsAndSaysSo() throws InterruptedException {
        Driven first = new Driven(runner(world, 1)).begin();
        upTo(first, Step.Kind.BACK_UP);
        Driven second = new Driven(runner(world, 2).takeOver()).begin();

        upTo(second, Step.Kind.RESTORE);
        List<Observation.Restore> restores = world.observe(test).restores();
        drive(world, first, second, call -> true);
        RunReport stopped = first.run.report();
        RunReport going = second.run.report();

        assertThat(going.succeeded()).isTrue();
        assertThat(restores).extracting(r -> r.note().over()).containsExactly(stopped.run());
        assertThat(stopped.stopped()).contains("The run " + going.run() + " has taken over");
        assertThat(stopped.environment(test).orElseThrow().result()).isEqualTo(Result.NOT_FINISHED);
        assertThat(world.violations()).isEmpty();
        assertThat(world.changes()).hasSize(CHANGES_OF_ONE_ENVIRONMENT).doesNotHaveDuplicates();
    }

    @Test
    void theNotesOfARunHoldItsId() throws InterruptedException {
        List<OperationNote> notes = new ArrayList<>();
        RunListener listener = new RunListener() {
            @Override
            public void started(Step step) {
                if (step.kind() == Step.Kind.RENAME_PREFIX) {
                    world.observe(step.environment()).backups().forEach(b -> notes.add(b.note()));
                    world.observe(step.environment()).restores().forEach(r -> notes.add(r.note()));
                }
            }
        };

        RunReport report = runner(world, 0x3f9a).listener(listener).build().run(TO_15);

        assertThat(report.run()).isEqualTo("20260101T000000000Z-3f9a");
        assertThat(notes).isNotEmpty().allSatisfy(n -> assertThat(n.run()).isEqualTo(report.run()));
    }

    // Who gives way

    private static final String OLDER = "20260101T100000000Z-0001";
    private static final String YOUNGER = "20260101T110000000Z-0002";
    private static final String YOUNGEST = "20260101T111000000Z-0003";
    private static final Instant BOTH_ARE_THERE = Instant.parse("2026-01-01T11:30:00Z");

    private Observation.Backup backup(String run, @Nullable String over) {
        OperationNote note = new OperationNote(new StepId("shop/test/back-up/DEFAULT/13-15"), "instance-1", run, over);
        return new Observation.Backup("backup-" + run, note, OperationState.RUNNING, BOTH_ARE_THERE, null);
    }

    private Observation.Restore restore(String run) {
        OperationNote note = new OperationNote(new StepId("shop/test/restore/DEFAULT/13-15"), "instance-2", run, null);
        return new Observation.Restore("restore-" + run, note, "backup-1", OperationState.RUNNING, BOTH_ARE_THERE);
    }

    private Observation with(List<Observation.Backup> backups, List<Observation.Restore> restores) {
        Observation now = world.observe(test);
        return new Observation(
                test, now.observedAt(), now.catalogue(), now.instances(), backups, restores, List.of(), null);
    }

    private Observation after(String... runs) {
        return with(Stream.of(runs).map(r -> backup(r, null)).toList(), List.of());
    }

    private static OtherRuns seenBy(String run, Observation seen) {
        return new OtherRuns(run, RunId.began(run).orElseThrow(), Set.of(), seen);
    }

    @Test
    void theYoungerGivesWayToASignOfTheOlder() {
        assertThat(seenBy(YOUNGER, after(OLDER)).mustGiveWayTo()).contains(OLDER);
        assertThat(seenBy(OLDER, after(OLDER)).mustGiveWayTo()).isEmpty();
    }

    @Test
    void theOlderGivesWayIfItHasLeftNoSignForTheYoungerToSee() {
        assertThat(seenBy(OLDER, after(YOUNGER)).mustGiveWayTo()).contains(YOUNGER);
        assertThat(seenBy(YOUNGER, after(YOUNGER)).mustGiveWayTo()).isEmpty();
    }

    @Test
    void ofTwoThatHaveLeftSignsTheOlderGoesOn() {
        assertThat(seenBy(OLDER, after(OLDER, YOUNGER)).mustGiveWayTo()).isEmpty();
        assertThat(seenBy(YOUNGER, after(OLDER, YOUNGER)).mustGiveWayTo()).contains(OLDER);
    }

    @Test
    void anEarlierRunOfTheSameJournalIsNobodyElse() {
        OtherRuns others = new OtherRuns(YOUNGER, RunId.began(YOUNGER).orElseThrow(), Set.of(OLDER), after(OLDER));

        assertThat(others.mustGiveWayTo()).isEmpty();
    }

    @Test
    void aRestoreIsASignAsABackupIs() {
        assertThat(seenBy(YOUNGER, with(List.of(), List.of(restore(OLDER)))).mustGiveWayTo())
                .contains(OLDER);
    }

    @Test
    void nobodyGivesWayToARunThatWasTakenOver() {
        Observation seen = with(List.of(backup(OLDER, null), backup(YOUNGEST, OLDER)), List.of());

        assertThat(seenBy(YOUNGER, seen).mustGiveWayTo()).contains(YOUNGEST);
    }

    @Test
    void theOneToTakeOverFromIsTheNewestOfTheOthers() {
        Observation seen = after(OLDER, YOUNGER, YOUNGEST);

        assertThat(seenBy(YOUNGEST, seen).newest()).contains(YOUNGER);
        assertThat(seenBy(YOUNGEST, after(YOUNGEST)).newest()).isEmpty();
    }
}
