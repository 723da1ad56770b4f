package io.github.divio4j.upgrade.divio;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RunningOperationsTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant BEFORE = NOW.minusSeconds(1);

    private final Map<String, Boolean> list = new HashMap<>(Map.of("runs", false, "ended", true));
    private int reads;
    private final RunningOperations running = new RunningOperations(Clock.fixed(NOW, ZoneOffset.UTC), () -> {
        reads++;
        return Map.copyOf(list);
    });

    @BeforeEach
    void oneHasEnded() {
        running.oneHasEnded();
    }

    @Test
    void showsThatAnOperationRuns() {
        assertThat(running.runsAt("runs", BEFORE)).isEqualTo(NOW);
    }

    @Test
    void whatHasEndedIsToBeReadItself() {
        assertThat(running.runsAt("ended", BEFORE)).isNull();
    }

    @Test
    void whatIsNotInTheListIsToBeReadItself() {
        assertThat(running.runsAt("unknown", BEFORE)).isNull();
    }

    @Test
    void oneReadServesAllWhoLookedBeforeIt() {
        running.runsAt("runs", BEFORE);
        running.runsAt("runs", BEFORE);

        assertThat(reads).isEqualTo(1);
    }

    @Test
    void whoSawThatReadGetsAnother() {
        running.runsAt("runs", BEFORE);
        running.runsAt("runs", NOW);

        assertThat(reads).isEqualTo(2);
    }

    @Test
    void aListThatNeverShowsAnEndIsNotBelieved() {
        list.remove("ended");

        assertThat(running.runsAt("runs", BEFORE)).isNull();
    }

    @Test
    void aListThatIsOfNoUseIsGivenUp() {
        list.clear();
        for (int i = 0; i < 100; i++) {
            running.runsAt("runs", NOW);
        }

        assertThat(reads).isEqualTo(10);
        assertThat(running.isUseful()).isFalse();
    }

    @Test
    void nothingIsReadBeforeAnOperationHasEnded() {
        RunningOperations fresh = new RunningOperations(Clock.fixed(NOW, ZoneOffset.UTC), () -> {
            throw new AssertionError("read");
        });

        assertThat(fresh.runsAt("runs", BEFORE)).isNull();
        assertThat(fresh.isUseful()).isFalse();
    }
}
