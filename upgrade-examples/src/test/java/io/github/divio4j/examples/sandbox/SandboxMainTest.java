package io.github.divio4j.examples.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxMainTest {
    @TempDir
    private Path temporaryFolder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CountDownLatch stop = new CountDownLatch(1);

    private int run(String... arguments) {
        return SandboxMain.run(
                List.of(arguments),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                stop);
    }

    private String output() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private void assertOneSentence(String sentence) {
        assertThat(err.toString(StandardCharsets.UTF_8)).hasLineCount(1).contains(sentence);
        assertThat(output()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--port 70000                    | The port must be between 0 and 65535, but was 70000.",
                "--port eighty                   | --port must be a whole number, but was \"eighty\".",
                "--port                          | The option --port needs a value: --help tells which.",
                "--colour blue                   | Unknown option --colour: --help lists those there are.",
                "live                            | Unknown option live: --help lists those there are.",
                "--source 12 --databases none    | There is no PostgreSQL 12 server: choose one of 9.6, 13, 15, 17, 18.",
                "--databases some                | --databases must be real or none, but was \"some\".",
                "--speed 0                       | The speed must be greater than 0, but was 0.0.",
                "--speed fast                    | --speed must be a number, but was \"fast\".",
                "--rows -1                       | The number of rows must be between 0 and 50000000, but was -1.",
                "--rows 10 --databases none      | The order book needs at least 100 rows",
                "--rate -1                       | The rate must be between 0 and 10000, but was -1.0.",
                "--sshkey missing.pub            | The SSH key missing.pub cannot be read: name the file .pub of one.",
                "--sshkey pom.xml                | The SSH key must be the line of a file .pub, of a type that can be used here.",
                "--environments 0                | --environments must be at least 1.",
                "--environments a,b,a            | Each environment needs a name of its own: a, b, a.",
                "--environments a,,b             | A name consists of letters, digits, hyphens and underscores",
                "--prefix default                | A prefix consists of upper-case letters, digits and underscores",
                "--token=                        | The token must not be empty",
            })
    void whatCannotBeHadIsSaidInOneSentence(String arguments, String sentence) {
        assertThat(run(arguments.split(" "))).isEqualTo(2);

        assertOneSentence(sentence);
    }

    @Test
    void anArgumentThatLooksLikeALineOfTheHelpIsAnUnknownOption() {
        assertThat(run("--port N")).isEqualTo(2);

        assertOneSentence("Unknown option --port N");
    }

    @Test
    void aVersionThatIsNotThereIsSaidBeforeAnythingStarts() {
        assertThat(run("--port", "0", "--source", "8.4")).isEqualTo(2);

        assertOneSentence("There is no PostgreSQL 8.4 server: choose one of ");
    }

    @Test
    void aPortThatIsInUseIsSaid() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(run("--databases", "none", "--port", Integer.toString(other.getLocalPort())))
                    .isEqualTo(2);

            assertOneSentence("Port " + other.getLocalPort() + " is in use: choose another one");
        }
    }

    @Test
    void withoutThePostgresClientItSaysWhatToInstallAndLeavesNothing() throws Exception {
        Path nothing = Files.createDirectory(temporaryFolder.resolve("empty"));
        try (SandboxJvm sandbox = SandboxJvm.startWithPath(nothing.toString(), temporaryFolder, "--port", "0")) {
            assertThat(sandbox.exitCode()).isEqualTo(2);

            assertThat(sandbox.errors())
                    .hasLineCount(1)
                    .contains("There is no pg_dump on the PATH", "apt-get install postgresql-client");
            assertThat(sandbox.output()).isEmpty();
            assertThat(temporaryFolder.toFile().list()).containsExactly("empty");
        }
    }

    @Test
    void helpListsTheOptions() {
        assertThat(run("--help")).isZero();

        assertThat(output()).contains("--port N", "--databases WHAT");
    }

    @Test
    void itTellsWhatItIsAsATableAndAsJsonAndRunsUntilItIsStopped() throws Exception {
        AtomicInteger exitCode = new AtomicInteger(-1);
        Thread runner = new Thread(() -> exitCode.set(run(
                "--port=0",
                "--token=test-token",
                "--databases=none",
                "--speed=10",
                "--application=shop",
                "--environments=test,live")));
        runner.start();
        SandboxJvm.until(() -> output().endsWith("}\n"));

        List<String> lines = output().lines().toList();
        Map<?, ?> json = (Map<?, ?>) Json.parse(lines.get(lines.size() - 1).getBytes(StandardCharsets.UTF_8));
        String baseUrl = (String) json.get("base_url");
        Map<?, ?> environments = (Map<?, ?>) json.get("environments");
        assertThat(lines)
                .contains(
                        "API           " + baseUrl + "/apps/v3/",
                        "application   " + padded(json.get("application")) + "  shop",
                        "region        " + json.get("region"),
                        "environment   " + padded(environments.get("test")) + "  test",
                        "environment   " + padded(environments.get("live")) + "  live");
        assertThat(get(baseUrl + "/apps/v3/applications/" + json.get("application") + "/"))
                .isEqualTo(200);

        stop.countDown();
        runner.join(10_000);

        assertThat(exitCode).hasValue(0);
        assertThat(err.size()).isZero();
        try (ServerSocket again =
                new ServerSocket(URI.create(baseUrl).getPort(), 1, InetAddress.getLoopbackAddress())) {
            assertThat(again.isBound()).isTrue();
        }
    }

    @Test
    void interruptedItStopsItsServersAndLeavesNothing() throws Exception {
        try (SandboxJvm sandbox =
                SandboxJvm.start(temporaryFolder, "--port", "0", "--environments", "1", "--rows", "100")) {
            sandbox.announcement();
            List<ProcessHandle> servers = SandboxJvm.servers(temporaryFolder);
            assertThat(servers).hasSize(1);

            sandbox.interrupt();

            assertThat(servers).noneMatch(ProcessHandle::isAlive);
            assertThat(temporaryFolder).isEmptyDirectory();
            assertThat(sandbox.errors()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dumps", "PG_VERSION", "postmaster.pid"})
    void interruptedWhileItStartsItStopsItsServersAndLeavesNothing(String atThisFile) throws Exception {
        try (SandboxJvm sandbox = SandboxJvm.start(temporaryFolder, "--port", "0", "--environments", "1")) {
            SandboxJvm.until(() -> SandboxJvm.contains(temporaryFolder, atThisFile));

            sandbox.interrupt();

            assertThat(ProcessHandle.allProcesses()
                            .filter(process ->
                                    process.info().commandLine().orElse("").contains(temporaryFolder.toString())))
                    .isEmpty();
            assertThat(temporaryFolder).isEmptyDirectory();
        }
    }

    private static String padded(Object id) {
        return String.format("%-36s", id);
    }

    private static int get(String url) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("Authorization", "Token test-token")
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
