package io.github.divio4j.client;

import static io.github.divio4j.client.Fixture.json;
import static io.github.divio4j.client.Fixture.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.divio4j.client.error.DivioException;
import io.github.divio4j.client.error.DivioNotFoundException;
import io.github.divio4j.client.error.DivioRateLimitedException;
import io.github.divio4j.client.error.DivioServerException;
import io.github.divio4j.client.error.DivioTransportException;
import java.time.Duration;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rows of the retry table for calls that may be repeated. */
class RetryTableTest {
    private static final String BACKUP = "{'uuid': 'b1', 'state': 'WORKING'}";

    private static MockResponse dropped() {
        return new MockResponse.Builder()
                .onResponseStart(new SocketEffect.CloseSocket())
                .build();
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 502, 503, 504})
    void repeatsAGetAfterATemporaryStatus(int code) {
        try (Fixture api = new Fixture().answers(status(code), json(BACKUP))) {
            assertThat(api.divio.backups().get("b1").id()).isEqualTo("b1");
            assertThat(api.lines()).containsExactly("GET /apps/v3/backups/b1/", "GET /apps/v3/backups/b1/");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 400, 401, 403, 404, 408, 409, 418, 500, 501})
    void doesNotRepeatAGetAfterAnotherStatus(int code) {
        try (Fixture api = new Fixture().answers(status(code))) {
            assertThatThrownBy(() -> api.divio.backups().get("b1")).isInstanceOf(DivioException.class);
            assertThat(api.requests()).hasSize(1);
        }
    }

    @Test
    void repeatsAGetAfterALostConnection() {
        try (Fixture api = new Fixture().answers(dropped(), dropped(), json(BACKUP))) {
            assertThat(api.divio.backups().get("b1").id()).isEqualTo("b1");
            assertThat(api.requests()).hasSize(3);
        }
    }

    @Test
    void repeatsAGetWhoseAnswerBreaksOff() {
        MockResponse half = json(BACKUP)
                .newBuilder()
                .onResponseBody(new SocketEffect.CloseSocket())
                .build();
        try (Fixture api = new Fixture().answers(half, json(BACKUP))) {
            assertThat(api.divio.backups().get("b1").id()).isEqualTo("b1");
            assertThat(api.requests()).hasSize(2);
        }
    }

    @Test
    void repeatsADeleteAfterALostConnection() {
        try (Fixture api = new Fixture()
                .answers(dropped(), new MockResponse.Builder().code(204).build())) {
            api.divio.serviceInstances().delete("si");
            assertThat(api.lines())
                    .containsExactly("DELETE /apps/v3/service-instances/si/", "DELETE /apps/v3/service-instances/si/");
        }
    }

    @Test
    void countsADeleteAsDoneWhenItsRepetitionFindsNothing() {
        try (Fixture api = new Fixture().answers(status(502), status(404))) {
            api.divio.serviceInstances().delete("si");
            assertThat(api.requests()).hasSize(2);
        }
    }

    @Test
    void reportsADeleteThatFindsNothingAtOnce() {
        try (Fixture api = new Fixture().answers(status(404))) {
            assertThatThrownBy(() -> api.divio.serviceInstances().delete("si"))
                    .isInstanceOf(DivioNotFoundException.class);
        }
    }

    @Test
    void givesUpAfterFiveAttemptsWithGrowingWaits() {
        try (Fixture api = new Fixture().answers(status(503), status(503), status(503), status(503), status(503))) {
            DivioException failure = catchThrowableOfType(
                    DivioServerException.class, () -> api.divio.backups().get("b1"));

            assertThat(failure.attempts()).isEqualTo(5);
            assertThat(failure).hasMessageContaining("(5 attempts)");
            assertThat(api.requests()).hasSize(5);
            assertThat(api.time.sleeps())
                    .extracting(sleep -> Math.round(sleep.toNanos() / 1e6))
                    .containsExactly(250L, 500L, 1000L, 2000L);
        }
    }

    @Test
    void shortensTheWaitByUpToHalf() {
        try (Fixture api = new Fixture(builder -> builder.jitter(() -> 0)).answers(status(503), json(BACKUP))) {
            api.divio.backups().get("b1");
            assertThat(api.time.sleeps()).containsExactly(Duration.ofMillis(125));
        }
    }

    @Test
    void waitsAsLongAsRetryAfterSaysInSeconds() {
        try (Fixture api = new Fixture().answers(status(429, "Retry-After", "7"), json(BACKUP))) {
            api.divio.backups().get("b1");
            assertThat(api.time.sleeps()).containsExactly(Duration.ofSeconds(7));
        }
    }

    @Test
    void waitsUntilTheDateThatRetryAfterSays() {
        try (Fixture api =
                new Fixture().answers(status(503, "Retry-After", "Sun, 01 Mar 2026 12:00:30 GMT"), json(BACKUP))) {
            api.divio.backups().get("b1");
            assertThat(api.time.sleeps()).containsExactly(Duration.ofSeconds(30));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "-3", "Sun, 01 Mar 2020 12:00:30 GMT", "0", ""})
    void waitsItsOwnTimeWhenRetryAfterSaysNothingUseful(String value) {
        try (Fixture api = new Fixture().answers(status(503, "Retry-After", value), json(BACKUP))) {
            api.divio.backups().get("b1");
            assertThat(api.time.sleeps()).hasSize(1);
            assertThat(api.time.sleeps().get(0)).isBetween(Duration.ofMillis(249), Duration.ofMillis(250));
        }
    }

    @Test
    void endsAtOnceWhenRetryAfterAsksForMoreThanAllowed() {
        try (Fixture api = new Fixture().answers(status(429, "Retry-After", "3600"))) {
            DivioRateLimitedException failure = catchThrowableOfType(
                    DivioRateLimitedException.class, () -> api.divio.backups().get("b1"));

            assertThat(failure.retryAfter()).contains(Duration.ofHours(1));
            assertThat(failure.advice()).contains("3600 s");
            assertThat(api.requests()).hasSize(1);
            assertThat(api.time.sleeps()).isEmpty();
        }
    }

    @Test
    void startsNoAttemptAfterTheTotalTimeout() {
        try (Fixture api = new Fixture(builder -> builder.totalTimeout(Duration.ofSeconds(20)))
                .answers(status(503, "Retry-After", "15"), status(503, "Retry-After", "15"))) {
            assertThatThrownBy(() -> api.divio.backups().get("b1")).isInstanceOf(DivioServerException.class);
            assertThat(api.requests()).hasSize(2);
        }
    }

    @Test
    void stopsWaitingWhenTheThreadIsInterrupted() {
        try (Fixture api = new Fixture(builder -> builder.timeSource(new InterruptingTime())).answers(status(503))) {
            DivioTransportException failure = catchThrowableOfType(
                    DivioTransportException.class, () -> api.divio.backups().get("b1"));

            assertThat(failure.interrupted()).isTrue();
            assertThat(failure.attempts()).isOne();
            assertThat(Thread.interrupted())
                    .as("the flag is kept for the caller")
                    .isTrue();
        }
    }

    /** Interrupts the thread that sleeps. */
    private static final class InterruptingTime implements io.github.divio4j.client.wait.TimeSource {
        private final FakeTime time = new FakeTime();

        @Override
        public java.time.Instant now() {
            return time.now();
        }

        @Override
        public Duration elapsed() {
            return time.elapsed();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            throw new InterruptedException("in the middle");
        }
    }
}
