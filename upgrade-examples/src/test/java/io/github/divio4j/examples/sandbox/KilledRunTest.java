package io.github.divio4j.examples.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KilledRunTest {
    @TempDir
    private Path temporaryFolder;

    private SandboxJvm startWithDatabase() throws Exception {
        SandboxJvm sandbox =
                SandboxJvm.start(temporaryFolder, "--port", "0", "--environments", "test", "--rows", "100");
        sandbox.announcement();
        return sandbox;
    }

    private SandboxJvm startWithoutDatabases() throws Exception {
        SandboxJvm sandbox = SandboxJvm.start(temporaryFolder, "--port", "0", "--databases", "none");
        sandbox.announcement();
        return sandbox;
    }

    private List<Path> runFolders() throws IOException {
        try (Stream<Path> files = Files.list(temporaryFolder.resolve("divio4j-sandbox"))) {
            return files.filter(Files::isDirectory).toList();
        }
    }

    @Test
    void theNextStartStopsItsServersAndRemovesItsFiles() throws Exception {
        Path folder;
        List<ProcessHandle> servers;
        try (SandboxJvm killed = startWithDatabase()) {
            folder = runFolders().get(0);
            servers = SandboxJvm.servers(temporaryFolder);
            killed.kill();
        }
        assertThat(servers).hasSize(1).allMatch(ProcessHandle::isAlive);

        try (SandboxJvm next = startWithoutDatabases()) {
            assertThat(next.errors()).isEmpty();
            assertThat(servers).noneMatch(ProcessHandle::isAlive);
            assertThat(folder).doesNotExist();
            assertThat(runFolders()).hasSize(1);
        }
        assertThat(temporaryFolder.resolve("divio4j-sandbox")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dumps", "PG_VERSION", "postmaster.pid"})
    void theNextStartClearsAwayWhatWasKilledWhileItStarted(String atThisFile) throws Exception {
        Path folder;
        try (SandboxJvm killed = SandboxJvm.start(temporaryFolder, "--port", "0", "--environments", "1")) {
            SandboxJvm.until(() -> SandboxJvm.contains(temporaryFolder, atThisFile));
            killed.kill();
            folder = runFolders().get(0);
        }

        try (SandboxJvm next = startWithoutDatabases()) {
            assertThat(folder).doesNotExist();
            assertThat(SandboxJvm.processes(folder)).isEmpty();
            assertThat(next.errors()).isEmpty();
        }
    }

    @Test
    void theNextStartLeavesTheLivingAlone() throws Exception {
        try (SandboxJvm living = startWithDatabase()) {
            Path folder = runFolders().get(0);
            List<ProcessHandle> servers = SandboxJvm.servers(temporaryFolder);

            try (SandboxJvm next = startWithoutDatabases()) {
                assertThat(runFolders()).hasSize(2).contains(folder);
                assertThat(next.isAlive()).isTrue();
            }

            assertThat(living.isAlive()).isTrue();
            assertThat(servers).hasSize(1).allMatch(ProcessHandle::isAlive);
            assertThat(folder).isDirectory();
        }
    }
}
