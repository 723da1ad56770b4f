package io.github.divio4j.examples.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.examples.sandbox.Sandbox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BackUpAndDownloadTest {
    private static final String SCRIPT = "BackUpAndDownload";

    @TempDir
    private Path folder;

    private Sandbox sandbox;

    @BeforeAll
    void start() {
        sandbox = Sandbox.builder()
                .token(ScriptRun.TOKEN)
                .environments(List.of("live"))
                .rows(20_000)
                .speed(50)
                .start();
    }

    @AfterAll
    void stop() {
        sandbox.close();
    }

    private ScriptRun.Result run(String... arguments) throws Exception {
        return ScriptRun.of(SCRIPT, sandbox.baseUrl().toString(), arguments);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void theFileIsTheDumpAndItsPlaceSizeAndDigestAreTold() throws Exception {
        Path dump = folder.resolve("live.dump");

        ScriptRun.Result run =
                ScriptRun.ofSource(SCRIPT, sandbox.baseUrl().toString(), "order-book", "live", dump.toString());

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(dump));
        assertThat(run.out().lines())
                .endsWith(
                        dump.toString(),
                        Files.size(dump) + " bytes",
                        "SHA-256 " + HexFormat.of().formatHex(digest));
        assertThat(run.out()).contains("[#####").doesNotContain("\r");
        assertThat(run.out().lines().filter(line -> line.startsWith("["))).hasSizeBetween(2, 11);
        assertThat(names()).containsExactly("live.dump");
        assertThat(contents(dump)).contains("TABLE DATA");
    }

    private static String contents(Path dump) throws Exception {
        Process list = new ProcessBuilder("pg_restore", "--list", dump.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(list.waitFor()).as(output).isZero();
        return output;
    }

    @Test
    void anApplicationThatIsNotThereIsSaid() throws Exception {
        ScriptRun.Result run =
                run("order-bok", "live", folder.resolve("live.dump").toString());

        assertThat(run.err()).hasLineCount(1).contains("knows no application with the slug \"order-bok\"");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(names()).isEmpty();
    }

    @Test
    void aPrefixThatIsNotThereIsSaidAndNothingIsBackedUp() throws Exception {
        sandbox.requests().clear();

        ScriptRun.Result run =
                run("order-book", "live", "NEW", folder.resolve("live.dump").toString());

        assertThat(run.err()).hasLineCount(1).contains("order-book, live has no database NEW");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(sandbox.requests().changes()).isEmpty();
    }

    @Test
    void aFolderThatIsNotThereIsWrongUseAndNothingIsBackedUp() throws Exception {
        sandbox.requests().clear();

        ScriptRun.Result run =
                run("order-book", "live", folder.resolve("none/live.dump").toString());

        assertThat(run.err()).hasLineCount(1).startsWith("usage: ").contains("[PREFIX] FILE");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(sandbox.requests().all()).isEmpty();
    }

    @Test
    void withoutArgumentsTheUsageIsShown() throws Exception {
        ScriptRun.Result run = run();

        assertThat(run.err()).hasLineCount(1).startsWith("usage: ");
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void aMissingTokenIsSaid() throws Exception {
        ScriptRun.Result run = ScriptRun.start(SCRIPT, Map.of(), "order-book", "live", "live.dump")
                .end();

        assertThat(run.err()).hasLineCount(1).contains("no token for api.divio.com", "DIVIO_API_TOKEN");
        assertThat(run.exitCode()).isEqualTo(2);
    }

    /** A platform whose backup can be had as a file at this URL. */
    private static CannedApi dumpAt(String downloadUrl) throws IOException {
        Map<String, String> answers = new HashMap<>();
        answers.put("/apps/v3/applications/", "{'results': [{'uuid': 'a1', 'slug': 'shop'}]}");
        answers.put("/apps/v3/environments/", "{'results': [{'uuid': 'e1', 'slug': 'live', 'application': 'a1'}]}");
        answers.put(
                "/apps/v3/service-instances/",
                "{'results': [{'uuid': 'i1', 'environment': 'e1', 'prefix': 'DEFAULT', 'type': 'DATABASE'}]}");
        answers.put("/apps/v3/backups/", "{'uuid': 'b1'}");
        answers.put(
                "/apps/v3/backups/b1/",
                "{'uuid': 'b1', 'state': 'COMPLETED', 'success': 'SUCCESS', 'service_instance_backups': ['p1']}");
        answers.put("/apps/v3/backup-downloads/", "{'uuid': 'd1'}");
        answers.put("/apps/v3/backup-download-service-instances/", "{'results': [{'uuid': 'x1'}]}");
        answers.put(
                "/apps/v3/backup-download-service-instances/x1",
                "{'uuid': 'x1', 'ended_at': '2026-01-01T00:00:00Z', 'errors': [], 'download_url': " + downloadUrl
                        + "}");
        return new CannedApi(answers);
    }

    @Test
    void thatADatabaseIsEmptyIsSaidInWords() throws Exception {
        try (CannedApi api = dumpAt("null")) {
            ScriptRun.Result run = ScriptRun.of(
                    SCRIPT,
                    api.baseUrl(),
                    "shop",
                    "live",
                    folder.resolve("live.dump").toString());

            assertThat(run.err()).hasLineCount(1).contains("the database is empty", "no file was written");
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(names()).isEmpty();
        }
    }

    @Test
    void stoppedInTheMiddleItLeavesNoFile() throws Exception {
        try (CannedApi api = dumpAt("'HERE/stalling'")) {
            ScriptRun script = ScriptRun.start(
                    SCRIPT,
                    ScriptRun.access(api.baseUrl()),
                    "shop",
                    "live",
                    folder.resolve("live.dump").toString());
            while (bytesHere() == 0) {
                // Another process writes them: nothing but looking tells.
                Thread.sleep(10);
            }

            assertThat(script.stop().end().exitCode()).isEqualTo(143);

            assertThat(names()).isEmpty();
        }
    }

    private long bytesHere() throws IOException {
        long bytes = 0;
        for (String name : names()) {
            bytes += Files.size(folder.resolve(name));
        }
        return bytes;
    }
}
