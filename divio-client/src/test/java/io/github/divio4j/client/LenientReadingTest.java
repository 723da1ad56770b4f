package io.github.divio4j.client;

import static io.github.divio4j.client.Fixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.divio4j.client.error.Delivery;
import io.github.divio4j.client.error.DivioProtocolException;
import io.github.divio4j.client.error.DivioValidationException;
import io.github.divio4j.client.model.Backup;
import io.github.divio4j.client.model.Deployment;
import io.github.divio4j.client.model.OperationResult;
import io.github.divio4j.client.model.Restore;
import io.github.divio4j.client.model.ServiceInstance;
import io.github.divio4j.client.model.ServiceInstanceBackup;
import io.github.divio4j.client.model.ServiceInstanceStatus;
import io.github.divio4j.client.model.ServiceType;
import java.io.IOException;
import java.time.Instant;
import mockwebserver3.MockResponse;
import okio.Buffer;
import okio.BufferedSink;
import okio.GzipSink;
import okio.Okio;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the API may leave out or add, and what it may not. */
class LenientReadingTest {
    private final Fixture api = new Fixture(builder -> builder.maxResponseBytes(20_000));
    private final DivioClient divio = api.divio;

    @AfterEach
    void close() {
        api.close();
    }

    private ServiceInstanceBackup part(String fields) {
        api.answers("{'uuid': 'p1'" + fields + "}");
        return divio.serviceInstanceBackups().get("p1");
    }

    private Deployment deployment(String fields) {
        api.answers("{'uuid': 'd1'" + fields + "}");
        return divio.deployments().get("d1");
    }

    @Test
    void fieldsThatAreNotKnownAreSkipped() {
        api.answers("{'new': {'a': [1, {'b': null}]}, 'uuid': 'i1', 'newer': 1e400, 'prefix': 'DEFAULT'}");
        assertThat(divio.serviceInstances().get("i1").prefix()).isEqualTo("DEFAULT");
    }

    @Test
    void onlyTheIdOfAServiceInstanceIsRequired() {
        api.answers("{'uuid': 'i1', 'prefix': null, 'type': null}");
        assertThat(divio.serviceInstances().get("i1"))
                .isEqualTo(new ServiceInstance(
                        "i1", null, "", ServiceType.UNKNOWN, ServiceInstanceStatus.UNKNOWN, null, null));
    }

    @Test
    void aStateThatIsNotKnownIsKept() {
        api.answers("{'uuid': 'i1', 'service_status': 'Half done', 'type': 'QUEUE'}");
        ServiceInstance instance = divio.serviceInstances().get("i1");
        assertThat(instance.status().text()).isEqualTo("Half done");
        assertThat(instance.status().known()).isFalse();
        assertThat(instance.type().name()).isEqualTo("QUEUE");
    }

    @Test
    void aReferenceMayBeAnIdOrAnObject() {
        api.answers("{'uuid': 'i1', 'region': {'name': 'x', 'uuid': 'r1'}, 'service': 's1', 'environment': null}");
        ServiceInstance instance = divio.serviceInstances().get("i1");
        assertThat(instance.regionId()).isEqualTo("r1");
        assertThat(instance.serviceId()).isEqualTo("s1");
        assertThat(instance.environmentId()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "null|",
                "''|",
                "[]|",
                "{}|",
                "false|",
                "'disk full'|disk full",
                "['a', 'b']|a,b",
                "{'disk': ['full'], 'x': {'y': 'z'}}|disk: full,x.y: z",
                "[{'message': 'm'}]|message: m"
            },
            quoteCharacter = '`')
    void errorsMayComeInManyForms(String errors, String expected) {
        assertThat(part(", 'errors': " + errors).errors())
                .containsExactly(expected == null ? new String[0] : expected.split(","));
    }

    @Test
    void timesAreReadWithAnyOffsetAndFraction() {
        ServiceInstanceBackup part = part(
                ", 'taken_at': '2026-03-01T12:00:00.123456Z', 'ended_at': '2026-03-01T14:00:00+02:00', 'queued_at': null");
        assertThat(part.takenAt()).isEqualTo(Instant.parse("2026-03-01T12:00:00.123456Z"));
        assertThat(part.endedAt()).isEqualTo(Instant.parse("2026-03-01T12:00:00Z"));
        assertThat(part.queuedAt()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "2026-03-01", "2026-03-01T12:00:00", "2026-13-01T12:00:00Z"})
    void aTimeThatIsNotCertainIsRefused(String time) {
        assertThatThrownBy(() -> part(", 'taken_at': '" + time + "'"))
                .isInstanceOf(DivioProtocolException.class)
                .hasMessageContaining("taken_at");
    }

    @ParameterizedTest
    @CsvSource({"true,true", "false,false", "'''SUCCESS''',true", "'''FAILURE''',false", "1,true", "0,false"})
    void theSuccessOfADeploymentMayBeAWord(String success, boolean expected) {
        Deployment deployment = deployment(", 'ended_at': '2026-03-01T12:00:00Z', 'success': " + success);
        assertThat(deployment.succeeded()).isEqualTo(expected);
    }

    @Test
    void aDeploymentHasNotSucceededBeforeItsEnd() {
        assertThat(deployment(", 'success': true, 'ended_at': null").succeeded())
                .isFalse();
        assertThat(deployment("").success()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"['B', 'A']", "{'A': 'secret', 'B': 'secret'}", "[{'name': 'A'}, {'name': 'B', 'value': 1}]"})
    void theVariablesOfADeploymentAreNamesOnly(String variables) {
        Deployment deployment = deployment(", 'environment_variables': " + variables);
        assertThat(deployment.environmentVariableNames()).containsExactly("A", "B");
        assertThat(deployment.toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource({"42.9,42", "-1,0", "250,100", "1e300,100"})
    void theProgressOfADeploymentIsAPercentage(String percent, int expected) {
        assertThat(deployment(", 'percent': " + percent).percent()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "WORKING,SUCCESS,false,false",
        "'',SUCCESS,false,false",
        "COMPLETED,SUCCESS,true,true",
        "completed,success,true,true",
        "COMPLETED,PARTIAL,true,false",
        "COMPLETED,FAILURE,true,false"
    })
    void aBackupHasSucceededWhenItIsCompletedWithSuccess(
            String state, String success, boolean finished, boolean succeeded) {
        api.answers("{'uuid': 'b1', 'state': '%s', 'success': '%s', 'service_instance_backups': ['p1']}"
                .formatted(state, success));
        Backup backup = divio.backups().get("b1");
        assertThat(backup.finished()).isEqualTo(finished);
        assertThat(backup.succeeded()).isEqualTo(succeeded);
    }

    @Test
    void aBackupWithoutPartsHasNotSucceeded() {
        api.answers("{'uuid': 'b1', 'state': 'COMPLETED', 'success': 'SUCCESS', 'service_instance_backups': null}");
        assertThat(divio.backups().get("b1").succeeded()).isFalse();
    }

    @Test
    void theErrorsOfARestoreMayBeInItsParts() {
        api.answers(
                "{'uuid': 'r1', 'finished': true, 'success': 'FAILURE', 'service_instance_restores': [{'errors': ['bad dump']}, null]}");
        Restore restore = divio.restores().get("r1");
        assertThat(restore.finished()).isTrue();
        assertThat(restore.succeeded()).isFalse();
        assertThat(restore.success()).isEqualTo(OperationResult.FAILURE);
        assertThat(restore.errors()).containsExactly("bad dump");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "{}",
                "[]",
                "7",
                "{'uuid': null}",
                "{'uuid': ' '}",
                "{'uuid': []}",
                "{'uuid': 'b1'",
                "{'uuid': 'b1'} {}",
                "<html><body>Bad gateway</body></html>",
                "{'uuid': 'b1', 'service_instance_backups': 'p1'}",
                "{'uuid': 'b1', 'service_instance_backups': [null]}",
                "{'uuid': 'b1', 'notes': {}}"
            })
    void anAnswerThatIsNoBackupIsRefused(String answer) {
        api.answers(answer);
        assertThatThrownBy(() -> divio.backups().get("b1"))
                .isInstanceOfSatisfying(DivioProtocolException.class, failure -> {
                    assertThat(failure.method()).isEqualTo("GET");
                    assertThat(failure.path()).isEqualTo("/apps/v3/backups/b1/");
                    assertThat(failure.delivery()).isEqualTo(Delivery.ANSWERED);
                    assertThat(failure.mayHaveTakenEffect()).isFalse();
                });
        assertThat(api.requests()).hasSize(1);
    }

    @Test
    void anAnswerThatIsTooLargeIsRefusedOnce() {
        api.answers("{'uuid': 'b1', 'notes': '" + "x".repeat(30_000) + "'}");
        assertThatThrownBy(() -> divio.backups().get("b1"))
                .isInstanceOf(DivioProtocolException.class)
                .hasMessageContaining("larger than 20000 bytes");
        assertThat(api.requests()).hasSize(1);
    }

    @Test
    void theSizeThatCountsIsThatAfterDecompression() throws IOException {
        Buffer small = new Buffer();
        try (BufferedSink compressed = Okio.buffer(new GzipSink(small))) {
            compressed.writeUtf8("{\"uuid\": \"b1\", \"notes\": \"" + "x".repeat(3_000_000) + "\"}");
        }
        assertThat(small.size()).isLessThan(20_000);
        api.answers(new MockResponse.Builder()
                .addHeader("Content-Encoding", "gzip")
                .body(small)
                .build());
        assertThatThrownBy(() -> divio.backups().get("b1"))
                .isInstanceOf(DivioProtocolException.class)
                .hasMessageContaining("larger than 20000 bytes");
    }

    @ParameterizedTest
    @ValueSource(ints = {256, 5_000, 2_000_000})
    void anAnswerThatIsNestedTooDeeplyIsRefused(int levels) {
        // One level is the object itself.
        api.answers(
                "{'uuid': 'b1', 'x': " + "[".repeat(254) + "]".repeat(254) + "}",
                "{'uuid': 'b1', 'x': " + "[".repeat(levels - 1) + "]".repeat(levels - 1) + "}");
        assertThat(divio.backups().get("b1").id()).isEqualTo("b1");
        assertThatThrownBy(() -> divio.backups().get("b1")).isInstanceOf(DivioProtocolException.class);
    }

    @Test
    void anErrorBodyThatIsNestedTooDeeplyIsQuotedInPart() {
        api.answers(Fixture.status(400, "{\"a\":".repeat(5_000)));
        assertThatThrownBy(() -> divio.backups().get("b1"))
                .isInstanceOfSatisfying(
                        DivioValidationException.class,
                        failure -> assertThat(failure.errors().excerpt()).hasSize(300));
    }

    @Test
    void anErrorBodyWithoutEndIsCutOff() {
        api.answers(new MockResponse.Builder()
                .code(400)
                .body("<html>" + "x".repeat(5_000_000))
                .build());
        assertThatThrownBy(() -> divio.backups().get("b1"))
                .hasMessageStartingWith("GET /apps/v3/backups/b1/ answered 400: <html>xxx")
                .satisfies(failure -> assertThat(failure.getMessage()).hasSizeLessThan(1_000));
    }

    @Test
    void anUnreadableAnswerToAWriteSaysThatItWasProbablyCarriedOut() {
        api.answers(json("<html>").newBuilder().code(201).build());
        assertThatThrownBy(() -> divio.deployments().create("e1"))
                .isInstanceOfSatisfying(
                        DivioProtocolException.class,
                        failure -> assertThat(failure.mayHaveTakenEffect()).isTrue());
    }
}
