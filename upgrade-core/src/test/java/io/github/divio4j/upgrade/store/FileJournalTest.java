package io.github.divio4j.upgrade.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.run.Journal.Entry;
import io.github.divio4j.upgrade.run.Journal.Kind;
import io.github.divio4j.upgrade.run.RunReport;
import io.github.divio4j.upgrade.run.UpgradeRunner;
import io.github.divio4j.upgrade.testing.SimulatedCrash;
import io.github.divio4j.upgrade.testing.SimulatedWorld;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileJournalTest {

    private static final UpgradeSpec TO_15 = UpgradeSpec.to("15").build();
    private static final String HEADER = "{\"format\":\"divio4j-journal\",\"version\":1}\n";

    @TempDir
    Path folder;

    private Path path;

    @BeforeEach
    void setUp() {
        path = folder.resolve("shop.journal");
    }

    private static Entry entry(int number) {
        return new Entry(
                Instant.parse("2026-01-01T00:00:00.123456Z").plusSeconds(number),
                "20260101T000000000Z-3f9a",
                "shop/test",
                "shop/test/back-up/DEFAULT/13-15",
                Kind.IN_PROGRESS,
                Map.of("backup", "backup-" + number, "note", "\u00e9t\u00e9 \"quoted\"\nsecond line"),
                "running " + number);
    }

    private static Entry ofTheRun(Kind kind) {
        return new Entry(Instant.parse("2026-01-01T00:00:00Z"), "run", null, null, kind, Map.of(), "");
    }

    private void fill(int entries) {
        try (FileJournal journal = FileJournal.open(path)) {
            for (int i = 0; i < entries; i++) {
                journal.append(entry(i));
            }
        }
    }

    private List<Entry> entries() {
        try (FileJournal journal = FileJournal.open(path)) {
            return journal.records();
        }
    }

    // What is in it

    @Test
    void entriesAreReadAsTheyWereAddedAlsoByTheNextWhoOpensIt() {
        try (FileJournal journal = FileJournal.open(path)) {
            assertThat(journal.records()).isEmpty();
            for (Kind kind : Kind.values()) {
                journal.append(ofTheRun(kind));
            }
            journal.append(entry(1));
            assertThat(journal.records()).hasSize(Kind.values().length + 1);
        }
        try (FileJournal journal = FileJournal.open(path)) {
            journal.append(entry(2));
            assertThat(journal.torn()).isEmpty();
        }

        assertThat(entries())
                .containsExactlyElementsOf(Stream.concat(
                                Arrays.stream(Kind.values()).map(FileJournalTest::ofTheRun),
                                Stream.of(entry(1), entry(2)))
                        .toList());
    }

    @Test
    void aPersonReadsOneLineForEachEntry() {
        try (FileJournal journal = FileJournal.open(path)) {
            journal.append(ofTheRun(Kind.RUN_STARTED));
            journal.append(entry(1));

            assertThat(path).content().isEqualTo(HEADER + """
                            {"at":"2026-01-01T00:00:00Z","run":"run","kind":"RUN_STARTED"}
                            {"at":"2026-01-01T00:00:01.123456Z","run":"20260101T000000000Z-3f9a","kind":"IN_PROGRESS",\
                            "environment":"shop/test","step":"shop/test/back-up/DEFAULT/13-15","message":"running 1",\
                            "facts":{"backup":"backup-1","note":"\u00e9t\u00e9 \\"quoted\\"\\nsecond line"}}
                            """);
        }
    }

    @Test
    void passwordsInAddressesAreNotKept() throws IOException {
        try (FileJournal journal = FileJournal.open(path)) {
            journal.append(new Entry(
                    Instant.EPOCH,
                    "run",
                    "shop/test",
                    null,
                    Kind.STEP_ENDED,
                    Map.of("dsn", "postgres://shop:s3cr@t@db:5432/shop"),
                    "failed: cannot reach postgres://shop:s3cr@t@db:5432/shop"));
        }

        assertThat(Files.readString(path)).doesNotContain("s3cr", "t@db").contains("postgres://shop:***@db:5432/shop");
    }

    @Test
    void whatANewerVersionAddsIsIgnored() throws IOException {
        Files.writeString(path, HEADER + """
                        {"kind":"WEATHER_CHANGED","to":["rain"]}
                        {"at":"2026-01-01T00:00:00Z","run":"run","kind":"RUN_ENDED","mood":{"of":"all"}}
                        """);

        assertThat(entries()).containsExactly(ofTheRun(Kind.RUN_ENDED));
    }

    // A torn end

    @Test
    void anEntryThatWasTornAnywhereIsLeftOutAndTold() throws IOException {
        fill(2);
        byte[] whole = Files.readAllBytes(path);
        try (FileJournal journal = FileJournal.open(path)) {
            journal.append(entry(2));
        }
        byte[] longer = Files.readAllBytes(path);
        for (int length = whole.length + 1; length < longer.length; length++) {
            Files.write(path, Arrays.copyOf(longer, length));
            String rest = new String(longer, whole.length, length - whole.length, StandardCharsets.UTF_8);

            try (FileJournal journal = FileJournal.open(path)) {
                assertThat(journal.torn()).as("%s bytes", length).contains(rest);
                assertThat(journal.records()).containsExactly(entry(0), entry(1));
                journal.append(entry(7));
            }
            try (FileJournal journal = FileJournal.open(path)) {
                assertThat(journal.torn()).isEmpty();
                assertThat(journal.records()).containsExactly(entry(0), entry(1), entry(7));
            }
            assertThat(Files.readString(path).lines().toList().get(3))
                    .startsWith("{\"kind\":\"TORN\",\"text\":\"{")
                    .endsWith("\"}");
        }
    }

    @Test
    void anEndThatAPowerFailureFilledWithZerosIsLeftOut() throws IOException {
        fill(1);
        byte[] whole = Files.readAllBytes(path);
        Files.write(path, Arrays.copyOf(whole, whole.length + 100));

        assertThat(entries()).containsExactly(entry(0));
        assertThat(entries()).containsExactly(entry(0));
    }

    @Test
    void aJournalThatWasTornAtItsVeryBeginningIsBegunAgain() throws IOException {
        for (int length = 0; length < HEADER.length(); length++) {
            Files.writeString(path, HEADER.substring(0, length));

            fill(1);

            assertThat(entries()).containsExactly(entry(0));
        }
    }

    // What is no journal

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello",
                "hello\n",
                "\n",
                "{\"format\":\"divio4j-plan\",\"version\":1}\n",
                "{\"format\":\"divio4j-plan\",\"version\":1}",
                "{\"format\":\"divio4j-journal\",\"version\":2}\n",
                HEADER + "hello\n",
                HEADER + "{\"at\":\"yesterday\",\"run\":\"run\",\"kind\":\"RUN_ENDED\"}\n",
                HEADER + "{\"kind\":\"RUN_ENDED\"}\n{\"torn",
            })
    void whatIsNoJournalIsRefusedAndLeftAsItIs(String content) throws IOException {
        Files.writeString(path, content);

        assertThatThrownBy(() -> FileJournal.open(path))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith(
                        "The file " + path + " is no journal that can be read, and is left as it is: in line ")
                .hasMessageEndingWith("move it away, or use another file.");
        assertThat(path).hasContent(content);
    }

    @Test
    void theLineThatIsWrongIsNamed() throws IOException {
        Files.writeString(path, HEADER + "{\"at\":\"yesterday\",\"run\":\"run\",\"kind\":\"RUN_ENDED\"}\n");

        assertThatThrownBy(() -> FileJournal.open(path))
                .hasMessageContaining("in line 2, what is at $.at is not known or cannot be: ");
    }

    @Test
    void aLineThatSomebodyChangedMeanwhileIsSaid() throws IOException {
        fill(1);
        try (FileJournal journal = FileJournal.open(path)) {
            Files.writeString(path, Files.readString(path).replace("2026", "year"));

            assertThatThrownBy(journal::records)
                    .isInstanceOf(StoreException.class)
                    .hasMessageStartingWith(
                            "the journal " + path + " was changed meanwhile: in line 2, what is at $.at");
        }
    }

    // Places that cannot be used

    @Test
    void aFolderThatIsNotThereIsSaid() {
        assertThatThrownBy(() -> FileJournal.open(folder.resolve("no/shop.journal")))
                .isInstanceOf(StoreException.class)
                .hasMessage("The journal " + folder.resolve("no/shop.journal") + " could not be opened: there is no "
                        + folder.resolve("no")
                        + ". Choose a file in a folder that exists, can be written to and has room.");
    }

    @Test
    void aFolderIsNoJournal() {
        assertThatThrownBy(() -> FileJournal.open(folder))
                .isInstanceOf(StoreException.class)
                .hasMessage("The journal " + folder + " is a folder. Name a file in it.");
    }

    @Test
    void aFileThatMayNotBeWrittenIsSaidAndNothingStaysLocked() {
        assertThatThrownBy(() -> FileJournal.open(path, file -> {
                    throw new FileNotFoundException(file + " (Permission denied)");
                }))
                .isInstanceOf(StoreException.class)
                .hasMessage("The journal " + path + " could not be opened: " + path
                        + " (Permission denied). Choose a file in a folder that exists, can be written to and has"
                        + " room.");
        assertThat(entries()).isEmpty();
    }

    /** A file on a disk that has room for so many bytes. */
    private static final class SmallDisk extends RandomAccessFile {
        private long room;

        SmallDisk(File file, long room) throws FileNotFoundException {
            super(file, "rw");
            this.room = room;
        }

        @Override
        public void write(byte[] bytes) throws IOException {
            int fitting = (int) Math.min(bytes.length, room);
            super.write(bytes, 0, fitting);
            room -= fitting;
            if (fitting < bytes.length) {
                throw new IOException("No space left on device");
            }
        }
    }

    @Test
    void anEntryForWhichTheDiskHasNoRoomIsSaidAndLeavesNothingBehind() throws IOException {
        fill(1);
        String before = Files.readString(path);
        int oneEntry = before.length() - HEADER.length();
        for (int room = 0; room < oneEntry; room++) {
            SmallDisk disk = new SmallDisk(path.toFile(), room);
            try (FileJournal journal = FileJournal.open(path, file -> disk)) {
                assertThatThrownBy(() -> journal.append(entry(1)))
                        .isInstanceOf(StoreException.class)
                        .hasMessage("an entry could not be added to the journal " + path + ": No space left on device");
                assertThat(path).hasContent(before);

                disk.room = Long.MAX_VALUE;
                journal.append(entry(2));
                assertThat(journal.records()).containsExactly(entry(0), entry(2));
            }
            Files.writeString(path, before);
        }
    }

    @Test
    void aNewJournalForWhichTheDiskHasNoRoomIsSaid() {
        assertThatThrownBy(() -> FileJournal.open(path, file -> new SmallDisk(file, 5)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("could not be opened: No space left on device.");
        assertThat(entries()).isEmpty();
    }

    @Test
    void aClosedJournalSaysSo() {
        FileJournal journal = FileJournal.open(path);
        journal.close();
        journal.close();

        assertThatThrownBy(() -> journal.append(entry(1))).hasMessage("the journal " + path + " is closed");
        assertThatThrownBy(journal::records).hasMessage("the journal " + path + " is closed");
    }

    // Two at once

    @Test
    void itIsOpenOnceInAProcess() throws IOException {
        try (FileJournal journal = FileJournal.open(path)) {
            for (Path same : List.of(path, folder.resolve("./shop.journal"), link())) {
                assertThatThrownBy(() -> FileJournal.open(same))
                        .isInstanceOf(StoreException.class)
                        .hasMessage("The journal " + same + " is open in this process already. One journal belongs to"
                                + " one run at a time: close it first, or use another file.");
            }
            journal.append(entry(1));
        }
        assertThat(entries()).containsExactly(entry(1));
    }

    private Path link() throws IOException {
        return Files.createSymbolicLink(folder.resolve("link"), path);
    }

    @Test
    void anotherProcessIsKeptAwayWhileItIsOpenHereWhoeverReadsItMeanwhile() throws Exception {
        try (FileJournal journal = FileJournal.open(path)) {
            journal.append(entry(1));
            Files.readString(path);
            try (OtherProcess other = OtherProcess.opening(path)) {
                assertThat(other.firstLine())
                        .isEqualTo("The journal " + path + " is open in another process (process id "
                                + ProcessHandle.current().pid()
                                + "). Wait until that run has ended, or end it, and run again.");
            }
        }
        try (OtherProcess other = OtherProcess.opening(path)) {
            assertThat(other.firstLine()).isEqualTo("open with 1 entries");
        }
    }

    @Test
    void itIsFreeAgainWhenTheProcessThatHadItOpenWasKilled() throws Exception {
        fill(1);
        try (OtherProcess other = OtherProcess.opening(path)) {
            assertThat(other.firstLine()).isEqualTo("open with 1 entries");
            assertThatThrownBy(() -> FileJournal.open(path))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("is open in another process (process id " + other.pid() + ").");
            other.kill();
        }

        assertThat(entries()).containsExactly(entry(0));
    }

    // Runs

    @ParameterizedTest
    @EnumSource(
            names = {
                "ADD_SERVICE",
                "PROVISION",
                "BACK_UP",
                "RESTORE",
                "RENAME_PREFIX",
                "DETACH",
                "DEPLOY",
                "DELETE_SERVICE"
            })
    void aRunThatDiedIsResumedThroughTheFile(Step.Kind kind) throws InterruptedException {
        SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");
        EnvironmentRef live = world.addEnvironment("live");
        world.addPostgres(live, "13", "DEFAULT", InstanceStatus.ATTACHED);
        world.crashAfterNext(kind);
        assertThatThrownBy(() -> run(world)).isInstanceOf(SimulatedCrash.class);

        RunReport report = run(world);

        assertThat(report.succeeded()).isTrue();
        assertThat(world.changes()).hasSize(9).doesNotHaveDuplicates();
        List<Entry> entries = entries();
        assertThat(entries)
                .filteredOn(e -> e.kind() == Kind.RUN_STARTED || e.kind() == Kind.RUN_ENDED)
                .extracting(Entry::kind)
                .containsExactly(Kind.RUN_STARTED, Kind.RUN_STARTED, Kind.RUN_ENDED);
        assertThat(entries.get(entries.size() - 1).run()).isEqualTo(report.run());
    }

    private RunReport run(SimulatedWorld world) throws InterruptedException {
        try (FileJournal journal = FileJournal.open(path)) {
            return UpgradeRunner.builder(world, world)
                    .timer(world)
                    .journal(journal)
                    .build()
                    .run(TO_15);
        }
    }

    @Test
    void aRunWhoseDiskIsFullStopsBeforeItsNextChangeAndSaysWhere() throws InterruptedException {
        List<String> messages = new ArrayList<>();
        for (long room = 100; room < 4000; room += 100) {
            SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");
            world.addPostgres(world.addEnvironment("live"), "13", "DEFAULT", InstanceStatus.ATTACHED);
            Path small = folder.resolve("small-" + room);
            long bytes = room;
            try (FileJournal journal = FileJournal.open(small, file -> new SmallDisk(file, bytes))) {
                RunReport report = UpgradeRunner.builder(world, world)
                        .timer(world)
                        .journal(journal)
                        .build()
                        .run(TO_15);
                assertThat(world.changes())
                        .hasSameSizeAs(journal.records().stream()
                                .filter(e -> e.kind() == Kind.STEP_STARTED)
                                .toList());
                messages.add(report.stopped());
            }
        }

        assertThat(messages)
                .allSatisfy(m -> assertThat(m)
                        .contains("an entry could not be added to the journal", "No space left on device. Give the"));
    }
}
