package io.github.divio4j.client;

import static io.github.divio4j.client.Fixture.json;
import static io.github.divio4j.client.Fixture.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.divio4j.client.error.DivioRateLimitedException;
import io.github.divio4j.client.error.DivioTransportException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All threads of a client share one limit, and one pause. */
class RateLimitTest {
    private static final String BACKUP = "{'uuid': 'b1'}";

    @Test
    void noMoreThanTheLimitStartWithinASecond() {
        try (Fixture api = new Fixture(builder -> builder.maxCallsPerSecond(3))
                .answers(BACKUP, BACKUP, BACKUP, BACKUP, BACKUP, BACKUP, BACKUP)) {
            for (int i = 0; i < 7; i++) {
                api.divio.backups().get("b1");
            }
            assertThat(api.requests()).hasSize(7);
            // Calls 1 to 3 at once, 4 to 6 after a window, 7 after another one.
            Duration window = Duration.ofMillis(1_050);
            assertThat(api.time.sleeps()).containsExactly(window, window);
        }
    }

    @Test
    void withoutALimitNothingWaits() {
        try (Fixture api = new Fixture(builder -> builder.maxCallsPerSecond(0))
                .answers(Stream.generate(() -> json(BACKUP)).limit(150).toArray(MockResponse[]::new))) {
            for (int i = 0; i < 150; i++) {
                api.divio.backups().get("b1");
            }
            assertThat(api.time.sleeps()).isEmpty();
        }
    }

    @Test
    void aRefusedCallHoldsBackTheCallsOfOtherThreads() throws InterruptedException, ExecutionException {
        try (Fixture api = new Fixture(builder -> builder.maxAttempts(1))
                .answers(status(429, "Retry-After", "20"), json(BACKUP))) {
            assertThatThrownBy(() -> api.divio.backups().get("b1")).isInstanceOf(DivioRateLimitedException.class);
            assertThat(api.time.sleeps()).isEmpty();

            ExecutorService other = Executors.newSingleThreadExecutor();
            try {
                Future<?> call = other.submit(() -> api.divio.backups().get("b1"));
                call.get();
            } finally {
                other.shutdown();
            }
            assertThat(api.time.sleeps()).containsExactly(Duration.ofSeconds(20));
        }
    }

    @Test
    void aRefusedPostHoldsBackTheNextCallToo() {
        try (Fixture api = new Fixture().answers(status(429), json(BACKUP))) {
            assertThatThrownBy(() -> api.divio.deployments().create("e1"))
                    .isInstanceOf(DivioRateLimitedException.class);
            api.divio.backups().get("b1");
            assertThat(api.time.sleeps()).hasSize(1);
            assertThat(api.lines()).containsExactly("POST /apps/v3/deployments/", "GET /apps/v3/backups/b1/");
        }
    }

    @Test
    void nobodyIsHeldBackForLongerThanAllowed() {
        try (Fixture api = new Fixture().answers(status(429, "Retry-After", "86400"), json(BACKUP))) {
            assertThatThrownBy(() -> api.divio.backups().get("b1")).isInstanceOf(DivioRateLimitedException.class);
            api.divio.backups().get("b1");
            assertThat(api.time.sleeps()).containsExactly(Duration.ofSeconds(60));
        }
    }

    @Test
    void anInterruptWhileHeldBackMeansThatNothingWasSent() {
        try (Fixture api = new Fixture(builder -> builder.maxAttempts(1)).answers(status(429, "Retry-After", "9"))) {
            assertThatThrownBy(() -> api.divio.backups().get("b1")).isInstanceOf(DivioRateLimitedException.class);
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> api.divio.deployments().create("e1"))
                    .isInstanceOfSatisfying(DivioTransportException.class, failure -> {
                        assertThat(failure.interrupted()).isTrue();
                        assertThat(failure.mayHaveTakenEffect()).isFalse();
                    });
            assertThat(Thread.interrupted())
                    .as("the flag is kept for the caller")
                    .isTrue();
            assertThat(api.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 10_001})
    void theLimitHasToMakeSense(int calls) {
        assertThatThrownBy(() -> DivioClient.builder().maxCallsPerSecond(calls))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
