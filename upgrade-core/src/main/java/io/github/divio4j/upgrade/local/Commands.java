package io.github.divio4j.upgrade.local;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Runs programs: arguments as a list, never a shell; none outlives the call. */
final class Commands {

    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Pattern PLAIN = Pattern.compile("[\\w./:=@%+,-]+");

    private final Path folder;
    private final Map<String, String> environment;
    private final Duration deadline;
    private final Consumer<String> output;

    /**
     * Sets what all commands have in common.
     *
     * @param environment all variables of the programs; {@code PATH} says where they are looked for
     * @param deadline the longest time of one command
     * @param output takes the lines of commands that are run live
     */
    Commands(Path folder, Map<String, String> environment, Duration deadline, Consumer<String> output) {
        this.folder = folder;
        this.environment = Map.copyOf(environment);
        this.deadline = deadline;
        this.output = output;
    }

    /** How a command ended. */
    record Result(List<String> command, int exitCode, List<String> out, List<String> err) {
        boolean succeeded() {
            return exitCode == 0;
        }

        /** Its first line of output, or nothing. */
        String line() {
            return out.isEmpty() ? "" : out.get(0);
        }
    }

    boolean has(String program) {
        return find(program).isPresent();
    }

    private Optional<Path> find(String program) {
        // Java itself would look where this process looks, not where the program will.
        String path = environment.getOrDefault("PATH", environment.getOrDefault("Path", ""));
        for (String place : path.split(File.pathSeparator, -1)) {
            for (String end : File.separatorChar == '\\' ? List.of(".exe", ".cmd", ".bat") : List.of("")) {
                try {
                    Path file = Path.of(place).resolve(program + end);
                    if (!place.isEmpty() && Files.isRegularFile(file) && Files.isExecutable(file)) {
                        return Optional.of(file);
                    }
                } catch (InvalidPathException e) {
                    // No place at all.
                }
            }
        }
        return Optional.empty();
    }

    /** Runs a command that only looks. */
    Result look(List<String> command) {
        return run(command, null, line -> {});
    }

    /**
     * Runs a command that only looks.
     *
     * @throws LocalUpgradeException if it does not succeed
     */
    Result mustLook(List<String> command) {
        return succeeded(look(command), false);
    }

    /** The same for a command that reads a file. */
    Result mustLook(List<String> command, Path input) {
        return succeeded(run(command, input, line -> {}), false);
    }

    /**
     * Runs a command, and passes its lines on as they come.
     *
     * @param input the file that it reads, or null for nothing
     * @throws LocalUpgradeException if it does not succeed
     */
    void must(List<String> command, @Nullable Path input) {
        succeeded(run(command, input, output), true);
    }

    /** What a command that looks has put out is not told: with the settings of a project there may be passwords in it. */
    private static Result succeeded(Result result, boolean tellOutput) {
        if (!result.succeeded()) {
            List<String> said = result.err().isEmpty() && tellOutput ? result.out() : result.err();
            String last = said.subList(Math.max(0, said.size() - 5), said.size()).stream()
                    .map(String::strip)
                    .collect(Collectors.joining(" / "));
            throw new LocalUpgradeException("\"" + shown(result.command()) + "\" failed with exit code "
                    + result.exitCode() + (last.isEmpty() ? "." : ": " + last));
        }
        return result;
    }

    private Result run(List<String> command, @Nullable Path input, Consumer<String> live) {
        Path program = find(command.get(0))
                .orElseThrow(() ->
                        new LocalUpgradeException("There is no program \"" + command.get(0) + "\" on the PATH, which \""
                                + shown(command) + "\" needs. Install it, or put it on the PATH."));
        List<String> call = new ArrayList<>(command);
        call.set(0, program.toString());
        ProcessBuilder builder =
                new ProcessBuilder(call).directory(folder.toAbsolutePath().toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        if (input != null) {
            builder.redirectInput(input.toFile());
        }
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new LocalUpgradeException("\"" + shown(command) + "\" could not be run: " + e.getMessage(), e);
        }
        try {
            Reader out = new Reader(process.getInputStream(), live);
            Reader err = new Reader(process.getErrorStream(), live);
            if (input == null) {
                process.getOutputStream().close();
            }
            if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new LocalUpgradeException("\"" + shown(command) + "\" did not end within " + deadline.toSeconds()
                        + " seconds and was stopped. Look what it waits for, or allow more time.");
            }
            return new Result(command, process.exitValue(), out.lines(), err.lines());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalUpgradeException(
                    "\"" + shown(command) + "\" was stopped, because its caller was interrupted. Run again to go on.",
                    e);
        } catch (IOException e) {
            throw new LocalUpgradeException("\"" + shown(command) + "\" could not be run: " + e.getMessage(), e);
        } finally {
            end(process);
        }
    }

    /** Ends a program and those that it has started, first politely. */
    private static void end(Process process) {
        if (!process.isAlive()) {
            return;
        }
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroy);
        boolean interrupted = Thread.interrupted();
        try {
            process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        all.forEach(ProcessHandle::destroyForcibly);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A command as one would type it, for people. */
    static String shown(List<String> command) {
        return command.stream()
                .map(word -> PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }

    /** Reads what a program writes, in a thread of its own. */
    private static final class Reader {
        /** Of a program that writes without end, the beginning is kept, and the last lines. */
        private static final int MOST = 20_000;

        private final List<String> lines = new ArrayList<>();
        private final Thread thread;

        Reader(InputStream in, Consumer<String> live) {
            this.thread = new Thread(() -> read(in, live), "divio4j-command-output");
            thread.setDaemon(true);
            thread.start();
        }

        private void read(InputStream in, Consumer<String> live) {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    synchronized (lines) {
                        if (lines.size() == MOST) {
                            lines.remove(MOST / 2);
                        }
                        lines.add(line);
                    }
                    live.accept(line);
                }
            } catch (IOException e) {
                // The program is gone, and its exit code says how.
            }
        }

        List<String> lines() throws InterruptedException {
            // What the program started may hold the stream open for longer than it lives itself.
            thread.join(GRACE.toMillis());
            synchronized (lines) {
                return List.copyOf(lines);
            }
        }
    }
}
