package io.github.divio4j.examples.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

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
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("client, faults");
    }

    @Test
    void anUnknownNameIsRefusedWithThoseThatThereAre() {
        assertThat(run("speed")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("\"speed\"").contains("client, faults");
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
    void theLastLineHoldsTheNumbers() {
        assertThat(run("client", "1", "1")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8).lines().reduce("", (first, second) -> second))
                .matches("MEASURE client raw_ops=\\d+ ops=\\d+ ratio=[\\d.]+ alloc_ratio=[\\d.]+ cold_ms_ratio=[\\d.]+"
                        + " ratio_one=[\\d.]+ ratio_list=[\\d.]+");
    }
}
