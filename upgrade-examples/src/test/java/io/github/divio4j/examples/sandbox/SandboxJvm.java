package io.github.divio4j.examples.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A sandbox that is started from the command line, in a JVM and with a temporary folder of its own. */
final class SandboxJvm implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final Process process;
    private final Path out;
    private final Path err;

    private SandboxJvm(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Starts it; its PATH is that of the test. */
    static SandboxJvm start(Path temporaryFolder, String... arguments) throws IOException {
        return startWithPath(System.getenv("PATH"), temporaryFolder, arguments);
    }

    static SandboxJvm startWithPath(String searchPath, Path temporaryFolder, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + temporaryFolder,
                "-Dpostgres.binaries.directory=" + PostgresBinaries.directory(),
                SandboxMain.class.getName()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile("sandbox-jvm", ".out");
        Path err = Files.createTempFile("sandbox-jvm", ".err");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().put("PATH", searchPath);
        return new SandboxJvm(builder.start(), out, err);
    }

    /** Waits until it has said what it is; that is its last line. */
    @SuppressWarnings("unchecked")
    Map<String, Object> announcement() throws Exception {
        until(() -> !process.isAlive() || output().endsWith("}\n"));
        assertThat(process.isAlive()).as(() -> output() + errors()).isTrue();
        List<String> lines = output().lines().toList();
        return (Map<String, Object>) Json.parse(lines.get(lines.size() - 1).getBytes("UTF-8"));
    }

    /** The PostgreSQL servers that run in its temporary folder. */
    static List<ProcessHandle> servers(Path temporaryFolder) throws IOException {
        try (Stream<Path> files = Files.walk(temporaryFolder, 3)) {
            List<ProcessHandle> servers = new ArrayList<>();
            for (Path folder : files.filter(Files::isDirectory).toList()) {
                PostgresProcess.find(folder).ifPresent(servers::add);
            }
            return servers;
        }
    }

    /** All processes that were told of a folder. */
    static List<ProcessHandle> processes(Path folder) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(folder.toString()))
                .toList();
    }

    /** Whether there is a file of this name, not too deep in a folder. */
    static boolean contains(Path folder, String name) {
        try (Stream<Path> files = Files.walk(folder, 4)) {
            return files.anyMatch(file -> file.endsWith(name));
        } catch (IOException | UncheckedIOException e) {
            // Something has vanished in the meantime.
            return false;
        }
    }

    String output() {
        return read(out);
    }

    String errors() {
        return read(err);
    }

    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS))
                .as("ended")
                .isTrue();
        return process.exitValue();
    }

    /** Ends it as Ctrl-C does. */
    void interrupt() throws Exception {
        assertThat(new ProcessBuilder("kill", "-s", "INT", Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
        exitCode();
    }

    /** Ends it without giving it a chance to do anything about it. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        exitCode();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() throws Exception {
        process.destroy();
        exitCode();
        Files.deleteIfExists(out);
        Files.deleteIfExists(err);
    }

    static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("within " + DEADLINE).isLessThan(end);
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
