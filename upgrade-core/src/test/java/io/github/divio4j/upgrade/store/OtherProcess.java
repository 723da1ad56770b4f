package io.github.divio4j.upgrade.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A JVM that opens a journal, says how that went, and then waits to be ended. */
final class OtherProcess implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;

    private OtherProcess(Process process) {
        this.process = process;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static OtherProcess opening(Path journal) throws IOException {
        String classPath = System.getProperty("java.class.path");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath,
                        OtherProcess.class.getName(),
                        journal.toString())
                .redirectErrorStream(true);
        return new OtherProcess(builder.start());
    }

    String firstLine() throws IOException {
        return output.readLine();
    }

    long pid() {
        return process.pid();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor(60, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }

    public static void main(String[] args) throws IOException {
        try (FileJournal journal = FileJournal.open(Path.of(args[0]))) {
            System.out.println("open with " + journal.records().size() + " entries");
            System.in.read();
        } catch (StoreException e) {
            System.out.println(e.getMessage());
        }
    }
}
