package io.github.divio4j.examples.sandbox;

import java.io.File;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Finds and stops PostgreSQL servers by the pid file in their data directories. */
final class PostgresProcess {
    private static final System.Logger LOG = System.getLogger(PostgresProcess.class.getName());
    private static final String PID_FILE = "postmaster.pid";
    private static final int PATIENCE_SECONDS = 10;

    /** The programs that make a data directory and start a server on it. */
    private static final Set<String> STARTERS = Set.of("initdb", "pg_ctl");

    private PostgresProcess() {}

    /** Stops every server whose data directory lies directly in a folder, and whoever is about to start one there. */
    static void stopAllBelow(Path folder) throws IOException {
        ProcessHandle.allProcesses()
                .filter(process -> startsServersBelow(folder, process))
                .forEach(PostgresProcess::end);
        List<Path> directories;
        try (Stream<Path> children = Files.list(folder)) {
            directories = children.filter(child -> Files.exists(child.resolve(PID_FILE)))
                    .toList();
        } catch (NoSuchFileException e) {
            return;
        }
        for (Path directory : directories) {
            find(directory).ifPresent(PostgresProcess::stop);
        }
    }

    private static boolean startsServersBelow(Path folder, ProcessHandle process) {
        Optional<String> program = process.info()
                .command()
                .map(command -> String.valueOf(Path.of(command).getFileName()));
        return program.filter(STARTERS::contains).isPresent()
                && process.info().commandLine().orElse("").contains(folder + File.separator);
    }

    private static void end(ProcessHandle process) {
        process.destroyForcibly();
        try {
            process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(Level.WARNING, "Process " + process.pid() + " did not stop", e);
        }
    }

    /**
     * The server that runs on a data directory.
     *
     * <p>A pid file outlives its server, and its number may belong to somebody else's process by now: only a process whose
     * command line names this very directory counts.
     */
    static Optional<ProcessHandle> find(Path dataDirectory) throws IOException {
        Path file = dataDirectory.resolve(PID_FILE);
        long pid;
        try (Stream<String> lines = Files.lines(file)) {
            pid = Long.parseLong(lines.findFirst().orElse("").trim());
        } catch (NoSuchFileException | NumberFormatException e) {
            return Optional.empty();
        }
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> process.info()
                        .commandLine()
                        .map(line -> line.contains("postgres") && line.contains(dataDirectory.toString()))
                        .orElse(false));
    }

    /** Stops a server at once, without a checkpoint: nobody will read its data again. */
    static void stop(ProcessHandle server) {
        try {
            // SIGQUIT makes the server end its own children first; killing it would leave them behind.
            new ProcessBuilder("kill", "-s", "QUIT", Long.toString(server.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            server.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | ExecutionException | TimeoutException e) {
            LOG.log(Level.WARNING, "PostgreSQL server " + server.pid() + " did not stop: killing it", e);
            server.destroyForcibly();
        }
    }
}
