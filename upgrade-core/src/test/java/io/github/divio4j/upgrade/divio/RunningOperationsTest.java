package io.github.divio4j.upgrade.divio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.github.divio4j.client.error.ApiCall;
import io.github.divio4j.client.error.DivioNotFoundException;
import io.github.divio4j.client.error.ErrorDetails;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RunningOperationsTest {

    private record Row(String id, boolean ended) {}

    private final TestClock clock = new TestClock();
    private final Instant before = clock.instant().minusSeconds(1);
    private final Map<String, Boolean> list = new HashMap<>(Map.of("runs", false, "ended", true));
    private int reads;
    private final RunningOperations<Row> running = new RunningOperations<>(
            clock,
            () -> {
                reads++;
                return Map.copyOf(list).entrySet().stream().map(e -> new Row(e.getKey(), e.getValue()));
            },
            Row::id,
            Row::ended);

    @BeforeEach
    void oneHasEnded() {
        running.oneHasEnded();
    }

    private RunningOperations.@Nullable Running<Row> find(String id) {
        return running.find(id, before);
    }

    @Test
    void showsAnOperationThatRunsAndWhenItWasSeen() {
        assertThat(find("runs")).isEqualTo(new RunningOperations.Running<>(new Row("runs", false), clock.instant()));
    }

    @Test
    void whatHasEndedIsToBeReadItself() {
        assertThat(find("ended")).isNull();
    }

    @Test
    void whatIsNotInTheListIsToBeReadItself() {
        assertThat(find("unknown")).isNull();
    }

    @Test
    void oneReadServesAllWhoLookAtTheSameTime() {
        find("runs");
        find("runs");

        assertThat(reads).isEqualTo(1);
    }

    @Test
    void whoSawThatReadGetsAnother() {
        find("runs");
        running.find("runs", clock.instant());

        assertThat(reads).isEqualTo(2);
    }

    @Test
    void nobodyGetsAnOldRead() {
        find("runs");
        clock.pass(Duration.ofMillis(201));
        find("runs");

        assertThat(reads).isEqualTo(2);
    }

    @Test
    void aListThatNeverShowsAnEndIsNotBelieved() {
        list.remove("ended");

        assertThat(find("runs")).isNull();
    }

    @Test
    void aListThatIsOfNoUseIsGivenUp() {
        list.clear();
        for (int i = 0; i < 100; i++) {
            running.find("runs", clock.instant());
        }

        assertThat(reads).isEqualTo(10);
        assertThat(running.isUseful()).isFalse();
    }

    @Test
    void aListIsNotGivenUpBecauseManyOperationsWereBegunAfterItWasRead() {
        for (int i = 0; i < 100; i++) {
            find("begun later " + i);
        }

        assertThat(running.isUseful()).isTrue();
        assertThat(reads).isEqualTo(1);
    }

    @Test
    void aListThatMayNotBeReadIsGivenUp() {
        RunningOperations<Row> refused = new RunningOperations<>(
                clock,
                () -> {
                    throw refusal();
                },
                Row::id,
                Row::ended);
        refused.oneHasEnded();
        for (int i = 0; i < 100; i++) {
            assertThat(refused.find("runs", clock.instant())).isNull();
        }

        assertThat(refused.isUseful()).isFalse();
    }

    private static DivioNotFoundException refusal() {
        return new DivioNotFoundException(new ApiCall("GET", "/apps/v3/backups/", 1), ErrorDetails.NONE, null);
    }

    @Test
    void nothingIsReadBeforeAnOperationHasEnded() {
        RunningOperations<Row> fresh = new RunningOperations<>(clock, () -> fail("was read"), Row::id, Row::ended);

        assertThat(fresh.find("runs", before)).isNull();
        assertThat(fresh.isUseful()).isFalse();
    }
}
