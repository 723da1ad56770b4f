package io.github.divio4j.upgrade.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.run.Journal.Entry;
import io.github.divio4j.upgrade.run.Journal.Kind;
import io.github.divio4j.upgrade.run.RunReport.Result;
import io.github.divio4j.upgrade.testing.SimulatedCrash;
import io.github.divio4j.upgrade.testing.SimulatedWorld;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What runs write down, and what the next run makes of it. */
class JournalTest {

    private static final UpgradeSpec TO_15 = UpgradeSpec.to("15").build();
    private static final int CHANGES = 9;

    private final SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");
    private final EnvironmentRef live = environment();
    private final Journal journal = Journal.inMemory();

    private EnvironmentRef environment() {
        EnvironmentRef environment = world.addEnvironment("live");
        world.addPostgres(environment, "13", "DEFAULT", InstanceStatus.ATTACHED);
        return environment;
    }

    private RunReport run(Journal with) throws InterruptedException {
        return UpgradeRunner.builder(world, world)
                .timer(world)
                .journal(with)
                .build()
                .run(TO_15);
    }

    private void crashAfter(Step.Kind kind) {
        world.crashAfterNext(kind);
        assertThatThrownBy(() -> run(journal)).isInstanceOf(SimulatedCrash.class);
    }

    /** A journal of which the last entries were lost. */
    private Journal withoutTheLast(int lost) {
        Journal rest = Journal.inMemory();
        List<Entry> entries = journal.records();
        entries.subList(0, Math.max(0, entries.size() - lost)).forEach(rest::append);
        return rest;
    }

    @Test
    void aRunWritesDownEveryStepBetweenItsBeginningAndItsEnd() throws InterruptedException {
        RunReport report = run(journal);

        List<Entry> entries = journal.records();
        assertThat(entries).extracting(Entry::run).containsOnly(report.run());
        assertThat(entries.get(0).kind()).isEqualTo(Kind.RUN_STARTED);
        assertThat(entries.get(entries.size() - 1).kind()).isEqualTo(Kind.RUN_ENDED);
        for (Kind kind : List.of(Kind.STEP_STARTED, Kind.STEP_ENDED)) {
            assertThat(entries)
                    .filteredOn(e -> e.kind() == kind)
                    .extracting(Entry::step)
                    .containsExactlyElementsOf(report.steps().stream()
                            .map(s -> s.step().id().text())
                            .toList());
        }
        assertThat(entries)
                .filteredOn(e -> e.step() != null)
                .extracting(Entry::environment)
                .containsOnly("shop/live");
    }

    @Test
    void whatIsUnderWayIsWrittenDownOnceWithItsId() throws InterruptedException {
        run(journal);

        assertThat(journal.records())
                .filteredOn(e ->
                        e.kind() == Kind.IN_PROGRESS && String.valueOf(e.step()).contains("/back-up/"))
                .singleElement()
                .satisfies(e -> assertThat(e.facts()).containsKey("backup"));
    }

    @Test
    void theFactsOfAStepThatWasInProgressAreHandedToItsNextExecution() throws InterruptedException {
        StepExecutor dying = (step, context) -> {
            if (step.kind() == Step.Kind.RESTORE && context.facts().containsKey("restore")) {
                throw new Error("killed");
            }
            return world.execute(step, context);
        };
        assertThatThrownBy(() -> UpgradeRunner.builder(world, dying)
                        .timer(world)
                        .journal(journal)
                        .build()
                        .run(TO_15))
                .hasMessage("killed");
        List<Map<String, String>> firstFacts = new ArrayList<>();
        StepExecutor noting = (step, context) -> {
            firstFacts.add(context.facts());
            return world.execute(step, context);
        };

        RunReport report = UpgradeRunner.builder(world, noting)
                .timer(world)
                .journal(journal)
                .build()
                .run(TO_15);

        assertThat(firstFacts.get(0)).containsKey("restore");
        assertThat(report.steps().get(0).step().kind()).isEqualTo(Step.Kind.RESTORE);
        assertThat(report.steps().get(1).executions()).isEqualTo(1);
        assertThat(report.succeeded()).isTrue();
    }

    @Test
    void theFactsOfAStepThatEndedAreNotHandedOn() throws InterruptedException {
        world.failNext(Step.Kind.RESTORE);
        run(journal);
        List<Map<String, String>> firstFacts = new ArrayList<>();
        StepExecutor noting = (step, context) -> {
            firstFacts.add(context.facts());
            return world.execute(step, context);
        };

        UpgradeRunner.builder(world, noting)
                .timer(world)
                .journal(journal)
                .build()
                .run(TO_15);

        assertThat(firstFacts.get(0)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("io.github.divio4j.upgrade.run.KindsOfAnUpgrade#all")
    void aRunIsResumedWithItsJournal(Step.Kind kind) throws InterruptedException {
        crashAfter(kind);

        assertThat(run(journal).succeeded()).isTrue();
        assertThat(world.changes()).hasSize(CHANGES).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("io.github.divio4j.upgrade.run.KindsOfAnUpgrade#all")
    void aRunIsResumedWithoutItsJournal(Step.Kind kind) throws InterruptedException {
        crashAfter(kind);

        assertThat(run(Journal.NONE).succeeded()).isTrue();
        assertThat(world.changes()).hasSize(CHANGES).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("io.github.divio4j.upgrade.run.KindsOfAnUpgrade#all")
    void aRunIsResumedWithAJournalThatLostItsTail(Step.Kind kind) throws InterruptedException {
        crashAfter(kind);

        assertThat(run(withoutTheLast(2)).succeeded()).isTrue();
        assertThat(world.changes()).hasSize(CHANGES).doesNotHaveDuplicates();
        assertThat(world.violations()).isEmpty();
    }

    @Test
    void aJournalThatCannotBeWrittenStopsTheRunBeforeItsNextChange() throws InterruptedException {
        for (int room = 0; room < 20; room++) {
            SimulatedWorld small = SimulatedWorld.create("shop", "13", "15");
            EnvironmentRef environment = small.addEnvironment("live");
            small.addPostgres(environment, "13", "DEFAULT", InstanceStatus.ATTACHED);
            Full full = new Full(room);

            RunReport report = UpgradeRunner.builder(small, small)
                    .timer(small)
                    .journal(full)
                    .build()
                    .run(TO_15);

            assertThat(report.stopped())
                    .contains("journal could not be written", "no space left on device", "run again");
            assertThat(report.environment(environment).orElseThrow()).satisfies(r -> {
                assertThat(r.result()).isEqualTo(Result.NOT_FINISHED);
                assertThat(r.detail()).contains("no space left on device");
            });
            assertThat(small.changes()).hasSameSizeAs(full.started());
        }
    }

    /** A journal on a disk that has room for so many entries. */
    private static final class Full implements Journal {
        private final List<Entry> entries = new ArrayList<>();
        private final int room;

        Full(int room) {
            this.room = room;
        }

        @Override
        public void append(Entry entry) {
            if (entries.size() == room) {
                throw new UncheckedIOException(new IOException("no space left on device"));
            }
            entries.add(entry);
        }

        @Override
        public List<Entry> records() {
            return List.of();
        }

        List<Entry> started() {
            return entries.stream().filter(e -> e.kind() == Kind.STEP_STARTED).toList();
        }
    }

    @Test
    void aJournalThatCannotBeReadStopsTheRunBeforeItsFirstChange() throws InterruptedException {
        Journal broken = new Journal() {
            @Override
            public void append(Entry entry) {}

            @Override
            public List<Entry> records() {
                throw new UncheckedIOException(new IOException("input/output error"));
            }
        };

        RunReport report = run(broken);

        assertThat(report.stopped()).contains("journal could not be read", "input/output error");
        assertThat(world.changes()).isEmpty();
        assertThat(report.environment(live).orElseThrow().result()).isEqualTo(Result.NOT_FINISHED);
    }
}
