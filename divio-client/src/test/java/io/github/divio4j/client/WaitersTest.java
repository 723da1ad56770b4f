package io.github.divio4j.client;

import static io.github.divio4j.client.Fixture.json;
import static io.github.divio4j.client.Fixture.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.data.Offset.offset;

import io.github.divio4j.client.error.DivioNotFoundException;
import io.github.divio4j.client.error.DivioRateLimitedException;
import io.github.divio4j.client.error.DivioServerException;
import io.github.divio4j.client.error.DivioWaitFailedException;
import io.github.divio4j.client.error.DivioWaitInterruptedException;
import io.github.divio4j.client.error.DivioWaitTimeoutException;
import io.github.divio4j.client.model.Backup;
import io.github.divio4j.client.model.ServiceInstance;
import io.github.divio4j.client.wait.Poll;
import io.github.divio4j.client.wait.Verdict;
import io.github.divio4j.client.wait.Waiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WaitersTest {
    private static final Duration HOUR = Duration.ofHours(1);

    // In the middle of its range, so that a delay is exactly what the rule says.
    private final Fixture api = new Fixture(builder -> builder.jitter(() -> 0.5).maxAttempts(1));
    private final DivioClient divio = api.divio;

    @AfterEach
    void close() {
        api.close();
    }

    private static String instance(String status) {
        return "{'results': [{'uuid': 'other', 'service_status': 'NEW'}, {'uuid': 'i1', 'service_status': '" + status
                + "'}]}";
    }

    enum Operation {
        BACKUP(
                divio -> divio.waiters().backup("b1"),
                "{'uuid': 'b1', 'state': 'WORKING', 'success': 'SUCCESS', 'service_instance_backups': ['p1']}",
                "{'uuid': 'b1', 'state': 'COMPLETED', 'success': 'SUCCESS', 'service_instance_backups': ['p1']}",
                "/apps/v3/backups/b1/"),
        RESTORE(
                divio -> divio.waiters().restore("r1"),
                "{'uuid': 'r1', 'finished': false, 'success': 'FAILURE'}",
                "{'uuid': 'r1', 'finished': true, 'success': 'SUCCESS'}",
                "/apps/v3/backup-restores/r1/"),
        DOWNLOAD(
                divio -> divio.waiters().download("p1"),
                "{'ended_at': null, 'errors': ['not yet']}",
                "{'ended_at': '2026-03-01T12:00:00Z', 'errors': '', 'download_url': ''}",
                "/apps/v3/backup-download-service-instances/p1"),
        DEPLOYMENT(
                divio -> divio.waiters().deployment("d1"),
                "{'uuid': 'd1', 'ended_at': null, 'success': null, 'percent': 40}",
                "{'uuid': 'd1', 'ended_at': '2026-03-01T12:00:00Z', 'success': true}",
                "/apps/v3/deployments/d1/"),
        REPOSITORY(
                divio -> divio.waiters().repository("g1"),
                "{'uuid': 'g1', 'state': 'CLONING'}",
                "{'uuid': 'g1', 'state': 'CLONED'}",
                "/apps/v3/repositories/g1/"),
        PROVISIONING(
                divio -> divio.waiters().provisioning("e1", "i1"),
                instance("PROVISIONING"),
                instance("Pending attachment"),
                "/apps/v3/service-instances/?environment=e1"),
        DETACHING(
                divio -> divio.waiters().detaching("e1", "i1"),
                instance("PENDING_DETACHMENT"),
                instance("DETACHED"),
                "/apps/v3/service-instances/?environment=e1");

        private final Function<DivioClient, Waiter<?>> waiter;
        private final String going;
        private final String done;
        private final String path;

        Operation(Function<DivioClient, Waiter<?>> waiter, String going, String done, String path) {
            this.waiter = waiter;
            this.going = going;
            this.done = done;
            this.path = path;
        }
    }

    static Stream<Operation> operations() {
        return Stream.of(Operation.values());
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(Operation.BACKUP, "{'uuid': 'b1', 'state': 'COMPLETED', 'success': 'PARTIAL'}"),
                Arguments.of(Operation.BACKUP, "{'uuid': 'b1', 'state': 'COMPLETED', 'success': 'FAILURE'}"),
                Arguments.of(Operation.BACKUP, "{'uuid': 'b1', 'state': 'COMPLETED', 'success': 'SUCCESS'}"),
                Arguments.of(Operation.BACKUP, "{'uuid': 'b1', 'state': 'COMPLETED', 'success': null}"),
                Arguments.of(Operation.RESTORE, "{'uuid': 'r1', 'finished': true, 'success': 'PARTIAL'}"),
                Arguments.of(Operation.RESTORE, "{'uuid': 'r1', 'finished': true}"),
                Arguments.of(Operation.DOWNLOAD, "{'ended_at': '2026-03-01T12:00:00Z', 'errors': 'no space'}"),
                Arguments.of(
                        Operation.DEPLOYMENT,
                        "{'uuid': 'd1', 'ended_at': '2026-03-01T12:00:00Z', 'success': false, 'status': 'failure'}"),
                Arguments.of(Operation.DEPLOYMENT, "{'uuid': 'd1', 'ended_at': '2026-03-01T12:00:00Z'}"),
                Arguments.of(Operation.REPOSITORY, "{'uuid': 'g1', 'state': 'INVALID'}"),
                Arguments.of(Operation.PROVISIONING, instance("removed")),
                Arguments.of(Operation.DETACHING, instance("REMOVED")));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void waitsUntilItHasEndedWell(Operation operation) {
        api.answers(operation.going, operation.going, operation.done);
        List<Poll<?>> polls = new ArrayList<>();

        Object value = operation.waiter.apply(divio).onPoll(polls::add).within(HOUR);

        assertThat(polls).extracting(Poll::number).containsExactly(1, 2, 3);
        assertThat(polls)
                .extracting(
                        poll -> poll.verdict() == null ? null : poll.verdict().outcome())
                .containsExactly(Verdict.Outcome.WAITING, Verdict.Outcome.WAITING, Verdict.Outcome.DONE);
        assertThat(polls.get(2).value()).isSameAs(value);
        assertThat(api.lines()).isEqualTo(Collections.nCopies(3, "GET " + operation.path));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void looksOnceWhenItHasEndedBefore(Operation operation) {
        api.answers(operation.done);
        assertThat(operation.waiter.apply(divio).within(Duration.ZERO)).isNotNull();
        assertThat(api.time.sleeps()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("failures")
    void failsWhenItHasEndedOtherwise(Operation operation, String end) {
        api.answers(operation.going, end);
        assertThatThrownBy(() -> operation.waiter.apply(divio).within(HOUR))
                .isInstanceOfSatisfying(DivioWaitFailedException.class, failure -> {
                    assertThat(failure.lastValue()).isPresent();
                    assertThat(failure.attempts()).isEqualTo(2);
                    assertThat(failure.mayHaveTakenEffect()).isFalse();
                });
    }

    @ParameterizedTest
    @MethodSource("operations")
    void givesUpAtTheDeadlineAfterALastLook(Operation operation) {
        api.answers(operation.going, operation.going, operation.going, operation.going);
        assertThatThrownBy(() -> operation.waiter.apply(divio).within(Duration.ofMillis(2500)))
                .isInstanceOfSatisfying(DivioWaitTimeoutException.class, failure -> {
                    assertThat(failure.waited()).isEqualTo(Duration.ofMillis(2500));
                    assertThat(failure.attempts()).isEqualTo(4);
                    assertThat(failure.lastValue()).isPresent();
                    assertThat(failure.getCause()).isNull();
                });
        assertThat(api.time.elapsed()).isEqualTo(Duration.ofMillis(2500));
    }

    @Test
    void aFailedBackupIsReportedInThePlatformsWordsWithoutPasswords() {
        api.answers(
                "{'uuid': 'b1', 'state': 'COMPLETED', 'success': 'FAILURE', 'service_instance_backups': ['p1', 'p2']}",
                "{'uuid': 'p1', 'ended_at': '2026-03-01T12:00:00Z', 'errors': 'cannot reach postgres://u:hunter2@db/x'}",
                "{'uuid': 'p2', 'ended_at': '2026-03-01T12:00:00Z', 'errors': []}");
        DivioWaitFailedException failure = catchThrowableOfType(
                DivioWaitFailedException.class,
                () -> divio.waiters().backup("b1").within(HOUR));
        assertThat(failure.errors()).containsExactly("cannot reach postgres://u:***@db/x");
        assertThat(failure)
                .hasMessageContaining("backup b1 has ended as FAILURE: cannot reach")
                .hasMessageNotContaining("hunter2");
        assertThat(failure.lastValue(Backup.class)).map(Backup::id).contains("b1");
        assertThat(failure.lastValue(ServiceInstance.class)).isEmpty();
    }

    @Test
    void aFailedBackupIsReportedEvenWhenItsPartsCannotBeRead() {
        api.answers(
                json("{'uuid': 'b1', 'state': 'COMPLETED', 'success': 'FAILURE', 'service_instance_backups': ['p1']}"),
                status(500));
        DivioWaitFailedException failure = catchThrowableOfType(
                DivioWaitFailedException.class,
                () -> divio.waiters().backup("b1").within(HOUR));
        assertThat(failure.errors()).isEmpty();
        assertThat(failure.getSuppressed()).singleElement().isInstanceOf(DivioServerException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Half done", "deprovisioning", ""})
    void aStateThatIsNotKnownIsToldAndWaitedFor(String state) {
        api.answers(instance(state), instance("ATTACHED"));
        List<Verdict> verdicts = new ArrayList<>();
        divio.waiters()
                .provisioning("e1", "i1")
                .onPoll(poll -> verdicts.add(poll.verdict()))
                .within(HOUR);
        assertThat(verdicts).extracting(Verdict::known).containsExactly(state.isEmpty(), true);
    }

    static Stream<Arguments> unknownStates() {
        return Stream.of(
                Arguments.of(Operation.BACKUP, "{'uuid': 'b1', 'state': 'THINKING'}", "THINKING"),
                Arguments.of(Operation.DEPLOYMENT, "{'uuid': 'd1', 'status': 'thinking'}", "thinking"),
                Arguments.of(Operation.REPOSITORY, "{'uuid': 'g1', 'state': 'thinking'}", "THINKING"),
                Arguments.of(Operation.DETACHING, instance("thinking"), "THINKING"));
    }

    @ParameterizedTest
    @MethodSource("unknownStates")
    void noOperationEndsInAStateThatIsNotKnown(Operation operation, String answer, String state) {
        api.answers(answer, operation.done);
        List<Verdict> verdicts = new ArrayList<>();
        operation
                .waiter
                .apply(divio)
                .onPoll(poll -> verdicts.add(poll.verdict()))
                .within(HOUR);
        assertThat(verdicts).hasSize(2).first().isEqualTo(Verdict.unknown(state));
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503})
    void aPollThatFailsForAReasonThatMayPassIsToldAndRepeated(int code) {
        api.answers(status(code), json(Operation.RESTORE.done));
        List<Poll<?>> polls = new ArrayList<>();
        divio.waiters().restore("r1").onPoll(polls::add).within(HOUR);
        assertThat(polls).hasSize(2);
        assertThat(polls.get(0).failure()).isNotNull();
        assertThat(polls.get(0).value()).isNull();
    }

    @Test
    void aPollWaitsAsLongAsThePlatformAsks() {
        api.answers(status(429, "Retry-After", "45"), json(Operation.RESTORE.done));
        List<Poll<?>> polls = new ArrayList<>();
        divio.waiters().restore("r1").onPoll(polls::add).within(HOUR);
        assertThat(polls.get(0).failure()).isInstanceOf(DivioRateLimitedException.class);
        assertThat(polls.get(0).nextDelay()).isEqualTo(Duration.ofSeconds(45));
    }

    @Test
    void whatIsMissingIsNotWaitedFor() {
        api.answers(status(404));
        assertThatThrownBy(() -> divio.waiters().restore("r1").within(HOUR)).isInstanceOf(DivioNotFoundException.class);
        api.answers("{'results': []}");
        assertThatThrownBy(() -> divio.waiters().provisioning("e1", "i1").within(HOUR))
                .isInstanceOf(DivioNotFoundException.class)
                .hasMessageContaining("service instance i1 in environment e1");
    }

    @Test
    void aPlatformThatNeverAnswersWellIsTheCauseOfTheTimeout() {
        api.answers(Stream.generate(() -> status(503)).limit(5).toArray(MockResponse[]::new));
        assertThatThrownBy(() -> divio.waiters().backup("b1").within(Duration.ofSeconds(3)))
                .isInstanceOf(DivioWaitTimeoutException.class)
                .hasCauseInstanceOf(DivioServerException.class)
                .hasMessageContaining("no poll was answered");
    }

    @Test
    void anInterruptCancelsTheWaitAndIsKept() {
        api.answers(Operation.BACKUP.going);
        try {
            assertThatThrownBy(() -> divio.waiters()
                            .backup("b1")
                            .onPoll(poll -> Thread.currentThread().interrupt())
                            .within(HOUR))
                    .isInstanceOfSatisfying(
                            DivioWaitInterruptedException.class,
                            failure ->
                                    assertThat(failure.lastValue(Backup.class)).isPresent());
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0.75", "0.5, 1", "0.999999, 1.25"})
    void theDelayIsSpreadAtRandom(double random, double factor) {
        try (Fixture other = new Fixture(builder -> builder.jitter(() -> random))
                .answers(Operation.BACKUP.going, Operation.BACKUP.done)) {
            other.divio.waiters().backup("b1").within(HOUR);
            assertThat(other.time.sleeps().get(0).toMillis() / 1000.0).isCloseTo(factor, offset(0.01));
        }
    }

    @Test
    void theDelayGrowsWithTheTimeWaitedAndIsCapped() {
        api.answers(Collections.nCopies(30, json(Operation.BACKUP.going)).toArray(MockResponse[]::new));
        api.answers(Operation.BACKUP.done);
        divio.waiters().backup("b1").within(HOUR);
        List<Duration> sleeps = api.time.sleeps();
        assertThat(sleeps.get(0)).isEqualTo(Duration.ofSeconds(1));
        assertThat(sleeps).isSorted().last().isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void theNextWaitLooksSeldomAtFirstAndOftenAroundTheExpectedEnd() {
        Duration end = Duration.ofMinutes(10);
        List<Duration> untaught = delaysUntil(end);
        delaysUntil(end);
        List<Duration> taught = delaysUntil(end);

        assertThat(untaught.get(0)).isEqualTo(Duration.ofSeconds(1));
        assertThat(untaught.get(untaught.size() - 1)).isEqualTo(Duration.ofSeconds(30));
        assertThat(taught.get(0)).isEqualTo(Duration.ofSeconds(30));
        assertThat(taught.get(taught.size() - 1)).isLessThanOrEqualTo(Duration.ofSeconds(8));
    }

    private List<Duration> delaysUntil(Duration end) {
        Duration begin = api.time.elapsed();
        List<Duration> delays = new ArrayList<>();
        api.answers(Operation.BACKUP.going);
        divio.waiters()
                .backup("b1")
                .onPoll(poll -> {
                    if (poll.nextDelay() != null) {
                        delays.add(poll.nextDelay());
                        boolean over = api.time
                                        .elapsed()
                                        .minus(begin)
                                        .plus(poll.nextDelay())
                                        .compareTo(end)
                                >= 0;
                        api.answers(over ? Operation.BACKUP.done : Operation.BACKUP.going);
                    }
                })
                .within(HOUR);
        return delays;
    }

    @Test
    void aDeadlineIsNotNegative() {
        assertThatThrownBy(() -> divio.waiters().backup("b1").within(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
