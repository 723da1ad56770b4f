package io.github.divio4j.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.client.ContractCheck.Status;
import io.github.divio4j.client.internal.KnownCall;
import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the platform says about its calls is compared with what the client knows. */
class ContractTest {
    private final List<String> seen = new CopyOnWriteArrayList<>();

    private ContractReport verify(Function<RecordedRequest, MockResponse> platform) throws IOException {
        try (MockWebServer server = new MockWebServer()) {
            server.setDispatcher(new Dispatcher() {
                @Override
                public MockResponse dispatch(RecordedRequest request) {
                    seen.add(request.getMethod());
                    return platform.apply(request);
                }
            });
            server.start();
            try (DivioClient divio = DivioClient.builder()
                    .token("t")
                    .maxAttempts(1)
                    .baseUrl("http://127.0.0.1:" + server.getPort())
                    .build()) {
                return divio.contract().verify();
            }
        }
    }

    private static Function<RecordedRequest, MockResponse> schema(String paths, String more) {
        return request -> request.getTarget().equals("/apps/v3/schema.json")
                ? Fixture.json("{'openapi': '3.0.2', 'paths': {" + paths + "}" + more + "}")
                : Fixture.status(404);
    }

    private static Status status(ContractReport report, String method, String path) {
        return report.find(method, path).orElseThrow().status();
    }

    @Test
    void aCompleteSchemaConfirmsEveryCall() throws IOException {
        ContractReport report = verify(request -> {
            String root = request.getTarget().replace("schema.json", "");
            String paths = KnownCall.all().stream()
                    .filter(call -> call.root().equals(root))
                    .collect(Collectors.groupingBy(KnownCall::path))
                    .entrySet()
                    .stream()
                    .map(path -> "'" + path.getKey().replace("{id}", "{uuid}") + "': {"
                            + path.getValue().stream()
                                    .map(call -> "'" + call.method().toLowerCase(java.util.Locale.ROOT) + "': "
                                            + body(object(call.fields())))
                                    .collect(Collectors.joining(","))
                            + "}")
                    .collect(Collectors.joining(","));
            return Fixture.json("{'paths': {" + paths + "}}");
        });
        assertThat(report.confirmed()).as(report.toString()).isTrue();
        assertThat(report.checks()).hasSizeGreaterThan(40);
        assertThat(seen).containsOnly("GET");
    }

    private static String body(String schema) {
        return "{'requestBody': {'content': {'application/json': {'schema': " + schema + "}}}}";
    }

    /** Describes an object with these fields, of which {@code a[].b} is one of the objects in a list. */
    private static String object(List<String> fields) {
        return "{'properties': {"
                + fields.stream()
                        .filter(field -> !field.contains("[]"))
                        .map(field -> {
                            List<String> inner = fields.stream()
                                    .filter(other -> other.startsWith(field + "[]."))
                                    .map(other -> other.substring(field.length() + 3))
                                    .toList();
                            return "'" + field + "': "
                                    + (inner.isEmpty() ? "{}" : "{'type': 'array', 'items': " + object(inner) + "}");
                        })
                        .collect(Collectors.joining(","))
                + "}}";
    }

    @Test
    void fieldsAndParametersAreCompared() throws IOException {
        ContractReport report = verify(schema("""
                '/backups/': {
                  'get': {'parameters': [{'in': 'query', 'name': 'page_size'}]},
                  'post': {'requestBody': {'content': {'application/json': {'schema': {'$ref': '#/components/schemas/B'}}}}}},
                '/backup-restores/': {
                  'post': {'parameters': [{'in': 'body', 'schema': {'properties': {'backup': {}}}}]}}
                """, """
                , 'components': {'schemas': {'B': {'allOf': [
                  {'properties': {'environment': {}, 'services': {}, 'trigger': {}}},
                  {'properties': {'scheduled_for_deletion_at': {}, 'notes': {}}}]}}}"""));
        assertThat(status(report, "POST", "/apps/v3/backups/")).isEqualTo(Status.CONFIRMED);
        assertThat(report.find("GET", "/apps/v3/backups/").orElseThrow())
                .hasToString("DIFFERENT GET /apps/v3/backups/ (the parameter environment is not described)");
        assertThat(report.find("POST", "/apps/v3/backup-restores/")
                        .orElseThrow()
                        .remarks())
                .containsExactly(
                        "the field service_instance_restores is not described", "the field notes is not described");
    }

    /** What the check says about a restore when its items are described like this. */
    private ContractCheck restore(String items, String schemas) throws IOException {
        return verify(schema(
                        "'/backup-restores/': {'post': "
                                + body("{'properties': {'backup': {}, 'notes': {}, 'service_instance_restores': "
                                        + items + "}}")
                                + "}",
                        ", 'components': {'schemas': {" + schemas + "}}"))
                .find("POST", "/apps/v3/backup-restores/")
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type': 'array', 'items': {'$ref': '#/components/schemas/R'}}",
                "{'type': 'array', 'items': {'allOf': [{'$ref': '#/components/schemas/R'}], 'nullable': true}}",
                "{'allOf': [{'$ref': '#/components/schemas/L'}]}"
            })
    void theObjectsInAListAreCompared(String items) throws IOException {
        String list = "'L': {'type': 'array', 'items': {'$ref': '#/components/schemas/R'}}, 'R': {'properties': {"
                + "'service_instance_backup': {}, ";
        assertThat(restore(items, list + "'service_instance': {}}}").status()).isEqualTo(Status.CONFIRMED);
        assertThat(restore(items, list + "'target': {}}}"))
                .as("a platform that ignores the target restores over the source")
                .hasToString("DIFFERENT POST /apps/v3/backup-restores/"
                        + " (the field service_instance_restores[].service_instance is not described)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'type': 'array'}",
                "{'type': 'array', 'items': {'type': 'object'}}",
                "{'items': {'$ref': '#/components/schemas/nowhere'}}",
                "{'items': {'$ref': '#/components/schemas/R'}}",
                "{'properties': {'service_instance_backup': {}, 'service_instance': {}}}"
            })
    void aListWhoseObjectsAreNotDescribedIsUnknown(String items) throws IOException {
        String endless = "'R': {'allOf': [{'$ref': '#/components/schemas/R'}, {'$ref': '#/components/schemas/R'}]}";
        assertThat(restore(items, endless))
                .hasToString("UNKNOWN POST /apps/v3/backup-restores/"
                        + " (what the field service_instance_restores[] holds is not described)");
    }

    @Test
    void aBodyThatIsNotDescribedIsUnknown() throws IOException {
        ContractReport report = verify(schema("'/deployments/': {'post': {}, 'get': {}}", ""));
        assertThat(report.find("POST", "/apps/v3/deployments/").orElseThrow())
                .hasToString("UNKNOWN POST /apps/v3/deployments/ (what the body holds is not described)");
        assertThat(status(report, "GET", "/apps/v3/deployments/")).isEqualTo(Status.CONFIRMED);
    }

    @Test
    void aFieldThatIsRequiredAndNotSentIsDifferent() throws IOException {
        ContractReport report = verify(schema(
                "'/deployments/': {'post': "
                        + body("{'required': ['environment', 'reason', 'uuid'], 'properties': {'environment': {},"
                                + " 'build_mode': {}, 'reason': {}, 'uuid': {'readOnly': true}}}")
                        + "}",
                ""));
        assertThat(report.find("POST", "/apps/v3/deployments/").orElseThrow())
                .hasToString("DIFFERENT POST /apps/v3/deployments/ (the field reason is required, and is not sent)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'readOnly': true}", "{'allOf': [{'$ref': '#/components/schemas/I'}], 'readOnly': true}"})
    void aFieldThatIsOnlyAnsweredIsDifferent(String target) throws IOException {
        String items = "{'type': 'array', 'items': {'properties': {'service_instance_backup': {}, 'service_instance': "
                + target + "}}}";
        assertThat(restore(items, "'I': {'type': 'string'}"))
                .as("one description of what is sent and what is answered")
                .hasToString("DIFFERENT POST /apps/v3/backup-restores/"
                        + " (the field service_instance_restores[].service_instance is answered, and not taken)");
    }

    @Test
    void optionsTellOfFieldsThatAreOnlyAnswered() throws IOException {
        ContractReport report = verify(request -> request.getMethod().equals("OPTIONS")
                ? Fixture.json("{'actions': {'POST': {'environment': {}, 'build_mode': {'read_only': true}}}}")
                        .newBuilder()
                        .addHeader("Allow", "GET, POST")
                        .build()
                : Fixture.status(404));
        assertThat(report.find("POST", "/apps/v3/deployments/").orElseThrow().remarks())
                .containsExactly("the field build_mode is answered, and not taken");
    }

    @Test
    void optionsTellOfTheObjectsInAListToo() throws IOException {
        String restore = "{'actions': {'POST': {'backup': {'required': true}, 'notes': {}, 'service_instance_restores':"
                + " {'type': 'list', 'child': {'type': 'nested object', 'children': {'service_instance_backup': {},"
                + " 'TARGET': {}}}}}}}";
        for (String target : List.of("service_instance", "target")) {
            ContractReport report = verify(request -> request.getMethod().equals("OPTIONS")
                    ? Fixture.json(restore.replace("TARGET", target))
                            .newBuilder()
                            .addHeader("Allow", "GET, POST")
                            .build()
                    : Fixture.status(404));
            assertThat(report.find("POST", "/apps/v3/backup-restores/").orElseThrow())
                    .hasToString(
                            target.equals("target")
                                    ? "DIFFERENT POST /apps/v3/backup-restores/ (the field"
                                            + " service_instance_restores[].service_instance is not described)"
                                    : "CONFIRMED POST /apps/v3/backup-restores/");
            assertThat(report.find("POST", "/apps/v3/deployments/")
                            .orElseThrow()
                            .remarks())
                    .contains("the field backup is required, and is not sent");
        }
    }

    @Test
    void optionsThatTellNoFieldsConfirmOnlyCallsWithoutAny() throws IOException {
        ContractReport report = verify(request -> request.getMethod().equals("OPTIONS")
                ? Fixture.json("{}")
                        .newBuilder()
                        .addHeader("Allow", "GET, POST, PATCH, DELETE")
                        .build()
                : Fixture.status(404));
        assertThat(status(report, "POST", "/apps/v3/backup-restores/")).isEqualTo(Status.UNKNOWN);
        assertThat(status(report, "POST", "/apps/v3/service-instances/{id}/detach/"))
                .isEqualTo(Status.CONFIRMED);
        assertThat(status(report, "DELETE", "/apps/v3/service-instances/{id}/")).isEqualTo(Status.CONFIRMED);
    }

    @Test
    void aCallThatTheSchemaLeavesOutIsAskedAbout() throws IOException {
        ContractReport report = verify(request -> {
            if (request.getTarget().equals("/apps/v3/schema.json")) {
                return Fixture.json("{'paths': {'/apps/v3/regions/': {'get': {}}}}");
            }
            return request.getTarget().equals("/apps/v3/service-instances/00000000-0000-0000-0000-000000000000/")
                    ? Fixture.json("{'actions': {'PUT': {'prefix': {}}}}")
                            .newBuilder()
                            .addHeader("Allow", "GET, patch, HEAD, OPTIONS")
                            .build()
                    : Fixture.status(404);
        });
        assertThat(status(report, "GET", "/apps/v3/regions/")).isEqualTo(Status.CONFIRMED);
        assertThat(status(report, "PATCH", "/apps/v3/service-instances/{id}/")).isEqualTo(Status.CONFIRMED);
        assertThat(report.find("DELETE", "/apps/v3/service-instances/{id}/").orElseThrow())
                .hasToString("MISSING DELETE /apps/v3/service-instances/{id}/ (the path allows only GET, HEAD,"
                        + " OPTIONS, PATCH)");
        assertThat(status(report, "GET", "/apps/v3/backups/")).isEqualTo(Status.MISSING);
        assertThat(status(report, "POST", "/apps/v3/service-instances/{id}/provision/"))
                .as("404 may be about the id")
                .isEqualTo(Status.UNKNOWN);
        assertThat(new TreeSet<>(seen)).containsExactly("GET", "OPTIONS");
    }

    @Test
    void withoutASchemaEverythingIsAskedAbout() throws IOException {
        ContractReport report = verify(request -> request.getMethod().equals("OPTIONS")
                ? Fixture.json("{'actions': {'POST': {'environment': {}}}}")
                        .newBuilder()
                        .addHeader("Allow", "GET, POST")
                        .build()
                : new MockResponse.Builder().body("<html>hello</html>").build());
        assertThat(status(report, "GET", "/apps/v3/regions/")).isEqualTo(Status.CONFIRMED);
        assertThat(report.find("POST", "/apps/v3/deployments/").orElseThrow().remarks())
                .containsExactly("the field build_mode is not described");
    }

    @Test
    void aPlatformThatDoesNotSayIsUnknown() throws IOException {
        ContractReport report = verify(request -> Fixture.status(403));
        assertThat(report.with(Status.UNKNOWN)).hasSameSizeAs(report.checks());
        assertThat(report.checks().get(0).remarks()).containsExactly("it answers 403 when asked");
    }
}
