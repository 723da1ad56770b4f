package io.github.divio4j.upgrade.report;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A browser without a window. */
final class Chromium {

    private final Path program;
    private final Path folder;

    /** Finds it on the PATH, and keeps its files in a folder. */
    Chromium(Path folder) {
        this.program = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(place -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(place, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("These tests need Chromium on the PATH: on Debian and"
                        + " Ubuntu, apt-get install chromium; on macOS, brew install --cask chromium."));
        this.folder = folder;
    }

    /**
     * Opens an address, waits until it is loaded, and returns the document as it is then.
     *
     * @param more arguments, such as {@code --screenshot=FILE}
     */
    String open(String address, int width, int height, String... more) throws IOException, InterruptedException {
        Path document = Files.createTempFile(folder, "document", ".html");
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--no-first-run",
                "--hide-scrollbars",
                "--user-data-dir=" + folder.resolve("profile"),
                "--window-size=" + width + "," + height,
                "--virtual-time-budget=2000"));
        command.addAll(List.of(more));
        command.add(address);
        Process process = new ProcessBuilder(command)
                .redirectOutput(document.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new IllegalStateException("Chromium did not come to an end: " + command);
        }
        if (process.exitValue() != 0) {
            throw new IllegalStateException("Chromium ended with " + process.exitValue() + ": " + command);
        }
        return Files.readString(document, StandardCharsets.UTF_8);
    }
}
