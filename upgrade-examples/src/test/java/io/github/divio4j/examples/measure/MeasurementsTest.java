package io.github.divio4j.examples.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class MeasurementsTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        return Measurements.run(List.of(arguments), stream(out), stream(err));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    @Test
    void withoutANameItSaysWhichThereAre() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("client, compose, faults");
    }

    @Test
    void anUnknownNameIsRefusedWithThoseThatThereAre() {
        assertThat(run("speed")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("\"speed\"").contains("client, compose, faults");
    }

    @Test
    void anArgumentThatIsNotUnderstoodIsRefused() {
        assertThat(run("client", "many")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("many");
    }

    @Test
    void theNumberOfEnvironmentsMustBeANumber() {
        assertThat(run("planner", "none")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("none");
    }

    @Test
    void whatIsNoNumberOfOrdersIsRefused() {
        assertThat(run("lost-writes", "--rate", "many")).isEqualTo(2);
        assertThat(run("lost-writes", "--rate", "0")).isEqualTo(2);
        assertThat(run("chaos", "--kills")).isEqualTo(2);
        assertThat(run("chaos", "--deaths", "3")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "lost-writes takes --rate, --rows, each with a number, but not: --rate many",
                        "lost-writes takes --rate from 1 to 10000, but not 0",
                        "chaos takes --kills, --seed, each with a number, but not: --kills",
                        "chaos takes --kills, --seed, each with a number, but not: --deaths 3");
    }

    @Test
    @Timeout(120)
    void whoeverResumesAKilledUpgradeLosesNoOrder() {
        assertThat(run("chaos", "--kills", "2", "--seed", "1")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8).lines().reduce("", (first, second) -> second))
                .as(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("MEASURE chaos kills=2 lost_acknowledged=0 duplicated=0 violations=0 unresumed=0"
                        + " fence_left=0");
    }

    @Test
    void composeFilesAreLookedIntoAndNotWritten(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("docker-compose.dev.yml");
        Files.writeString(
                file, "services:\n  db:\n    image: postgres:13-alpine\n  db2:\n    image: acme/postgres:1\n");
        Files.writeString(folder.resolve("compose.yaml"), "services: [\n");
        Files.writeString(folder.resolve("other.yml"), "services: [\n");
        Path web = Files.createDirectories(folder.resolve("web")).resolve("docker-compose.yml");
        Files.writeString(web, "services:\n  web:\n    image: nginx\n");

        assertThat(run("compose", folder.toString())).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("refused: " + folder.resolve("compose.yaml") + ", line 2")
                .contains("MEASURE compose files=3 changed=1 refused=1 collateral_bytes=0 undecided=1"
                        + " without_postgres=1 written=0 crashed=0 seconds=");
        assertThat(file).content().contains("postgres:13-alpine");
    }

    @Test
    void aFolderThatIsNotThereIsRefused() {
        assertThat(run("compose", "nowhere")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("compose takes a folder");
    }

    @Test
    void theLastLineHoldsTheNumbers() {
        assertThat(run("client", "1", "1")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8).lines().reduce("", (first, second) -> second))
                .matches("MEASURE client raw_ops=\\d+ ops=\\d+ ratio=[\\d.]+ alloc_ratio=[\\d.]+ cold_ms_ratio=[\\d.]+"
                        + " ratio_one=[\\d.]+ ratio_list=[\\d.]+");
    }
}
