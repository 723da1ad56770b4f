package io.github.divio4j.examples.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.examples.sandbox.Sandbox;
import io.github.divio4j.upgrade.UpgradePlanner;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * A script in a JVM of its own, with the client and what the client needs. {@link #ofSource} runs the source file, as a user does; the
 * others run the same file compiled once for all tests, which saves each of them some seconds.
 */
final class ScriptRun {
    static final String TOKEN = "hush-0123456789";

    private final Process process;
    private final Path out;
    private final Path err;

    private ScriptRun(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** What a run has left behind. */
    record Result(int exitCode, String out, String err) {}

    /** Runs the source file of a script, which finds the token in its environment. */
    static Result ofSource(String script, String zone, String... arguments) throws Exception {
        Path source = Path.of("scripts", script + ".java");
        return start(List.of(classPath(), source.toString()), access(zone), arguments)
                .end();
    }

    /** Runs a script that finds the token in its environment. */
    static Result of(String script, String zone, String... arguments) throws Exception {
        return start(script, access(zone), arguments).end();
    }

    /** Starts a script with these variables in its environment, and no other that concerns it. */
    static ScriptRun start(String script, Map<String, String> environment, String... arguments) throws Exception {
        return start(List.of(Compiled.FOLDER + File.pathSeparator + classPath(), script), environment, arguments);
    }

    private static ScriptRun start(List<String> program, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-cp"));
        command.addAll(program);
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile("script", ".out");
        Path err = Files.createTempFile("script", ".err");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("DIVIO_"));
        builder.environment().put("NETRC_PATH", out + ".no-netrc");
        builder.environment().putAll(environment);
        return new ScriptRun(builder.start(), out, err);
    }

    static Map<String, String> access(String zone) {
        return Map.of("DIVIO_ZONE", zone, "DIVIO_API_TOKEN", TOKEN);
    }

    /** The scripts as classes. */
    private static final class Compiled {
        static final Path FOLDER = Path.of("target", "scripts");

        static {
            try {
                Files.createDirectories(FOLDER);
                // Jars name others in their manifests that are not there; that says nothing of the scripts.
                List<String> arguments = new ArrayList<>(
                        List.of("-Xlint:all,-path", "-Werror", "-d", FOLDER.toString(), "-cp", classPath()));
                try (Stream<Path> scripts = Files.list(Path.of("scripts"))) {
                    scripts.map(Path::toString)
                            .filter(name -> name.endsWith(".java"))
                            .forEach(arguments::add);
                }
                int exitCode =
                        ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
                assertThat(exitCode).isZero();
            } catch (IOException | URISyntaxException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** The class path of the tests without the other modules, which a script must not need. */
    private static String classPath() throws URISyntaxException {
        List<Path> others = List.of(placeOf(ScriptRun.class), placeOf(Sandbox.class), placeOf(UpgradePlanner.class));
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !others.contains(Path.of(entry)))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static Path placeOf(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /** Asks it to end, as a terminal or a scheduler does. */
    ScriptRun stop() {
        process.destroy();
        return this;
    }

    /** Waits for its end. */
    Result end() throws InterruptedException, IOException {
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ended").isTrue();
            Result result = new Result(process.exitValue(), Files.readString(out), Files.readString(err));
            assertThat(Stream.of(result.out(), result.err())).noneMatch(text -> text.contains(TOKEN));
            return result;
        } finally {
            process.destroyForcibly();
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        }
    }
}
