package io.github.divio4j.examples.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Data that moves between real servers of different major versions, over HTTP alone. */
class VersionPairsTest {
    private static final String INSTANCES = "/apps/v3/service-instances/";

    private static final List<String> VERSIONS =
            PostgresBinaries.available().stream().map(PostgresBinaries::version).toList();
    private static final int PG_DUMP = ClientTools.find(System.getenv("PATH")).dumpVersion();

    private static boolean canBeDumped(String version) {
        return Double.parseDouble(version) < PG_DUMP + 1;
    }

    /** Those that there are servers for on this machine, and a pg_dump. */
    static Stream<Arguments> pairs() {
        return Stream.of(List.of("9.6", "13"), List.of("13", "17"), List.of("15", "18"), List.of("14", "15"))
                .filter(VERSIONS::containsAll)
                .filter(pair -> canBeDumped(pair.get(0)))
                .filter(pair -> !pair.get(0).equals("14") || !VERSIONS.contains("13"))
                .map(pair -> Arguments.of(pair.get(0), pair.get(1)));
    }

    private static Sandbox sandbox(String version) {
        return Sandbox.builder()
                .source(version)
                .environments(List.of("test"))
                .speed(50)
                .rows(500)
                .start();
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("pairs")
    void theStepsOfTheManualMoveTheData(String from, String to) throws Exception {
        try (Sandbox sandbox = sandbox(from)) {
            Api api = new Api(sandbox);
            String source = api.find("test", "DEFAULT", "DATABASE");
            Map<String, String> before = Content.of(sandbox.dsn(source).orElseThrow());
            assertThat(Content.rows(before)).isEqualTo(500);
            String target = api.instance("test", "PostgreSQL Database " + to, "NEW");

            api.provision(target);
            assertThat(api.restore(api.backUp("test", source), target).body())
                    .containsEntry("success", "SUCCESS")
                    .containsEntry("errors", List.of());
            api.patch(INSTANCES + source + "/", Map.of("prefix", "OLD")).expect(200);
            api.post(INSTANCES + source + "/detach/", Map.of()).expect(200);
            api.patch(INSTANCES + target + "/", Map.of("prefix", "DEFAULT")).expect(200);
            String deployment = api.deploy("test").text("uuid");
            api.delete(INSTANCES + source + "/").expect(204);

            String url = api.deployedVariables(deployment).get("DATABASE_URL");
            assertThat(url).isEqualTo(sandbox.dsn(target).orElseThrow());
            assertThat(Content.one(url, "SHOW server_version")).startsWith(to + ".");
            assertThat(Content.of(url)).isEqualTo(before);
        }
    }

    @Test
    void theNewestServerCanBeBackedUpOrItIsSaidWhatToInstall() {
        String newest = VERSIONS.get(VERSIONS.size() - 1);
        try (Sandbox sandbox = sandbox(newest)) {
            Api api = new Api(sandbox);

            Api.MadeBackup backup = api.backUp("test", api.find("test", "DEFAULT", "DATABASE"));

            List<String> errors = canBeDumped(newest)
                    ? List.of()
                    : List.of("A PostgreSQL " + newest + " database can be dumped by pg_dump " + newest
                            + " or newer only, but the pg_dump on the PATH is version " + PG_DUMP
                            + ": install postgresql-client-" + newest + " and put it first on the PATH.");
            assertThat(backup.success()).isEqualTo(errors.isEmpty() ? "SUCCESS" : "FAILURE");
            assertThat(api.get("/apps/v3/service-instance-backups/" + backup.part() + "/")
                            .body())
                    .containsEntry("errors", errors);
        }
    }

    private static Api.MadeBackup upload(Api api, Sandbox sandbox, String instance, byte[] dump) {
        Api.Answer answer = api.post(
                        "/apps/v3/backups/upload/",
                        Map.of("environment", sandbox.environmentId("test"), "services", List.of(instance)))
                .expect(201);
        Map<?, ?> result = (Map<?, ?>) ((Map<?, ?>) answer.body().get("results")).get(instance);
        String url = (String) ((Map<?, ?>) result.get("upload_parameters")).get("url");
        api.send(api.request(url)
                        .PUT(HttpRequest.BodyPublishers.ofByteArray(dump))
                        .build())
                .expect(200);
        api.send(api.request((String) result.get("finish_url"))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build())
                .expect(200);
        Api.Answer done = api.await(
                "/apps/v3/backups/" + answer.text("uuid") + "/", body -> "COMPLETED".equals(body.get("state")));
        List<?> parts = (List<?>) done.body().get("service_instance_backups");
        return new Api.MadeBackup(answer.text("uuid"), (String) parts.get(0), done.text("success"));
    }

    private static byte[] download(Api api, Api.MadeBackup backup) {
        String download = api.post(
                        "/apps/v3/backup-downloads/",
                        Map.of("backup", backup.id(), "service_instance_backups", List.of(backup.part())))
                .expect(201)
                .text("uuid");
        String item = (String) api.get("/apps/v3/backup-download-service-instances/?backup=" + download)
                .results()
                .get(0)
                .get("uuid");
        String url = api.await(
                        "/apps/v3/backup-download-service-instances/" + item, body -> body.get("ended_at") != null)
                .text("download_url");
        return api.send(api.request(url).build()).expect(200).response().body();
    }

    @Test
    void aDownloadedDumpCanBeUploadedForTheTargetAndRestoredThere() throws Exception {
        String from = VERSIONS.get(0);
        String to = VERSIONS.get(1);
        try (Sandbox sandbox = sandbox(from)) {
            Api api = new Api(sandbox);
            String source = api.find("test", "DEFAULT", "DATABASE");
            String target = api.instance("test", "PostgreSQL Database " + to, "NEW");
            api.provision(target);

            byte[] dump = download(api, api.backUp("test", source));
            Api.MadeBackup uploaded = upload(api, sandbox, target, dump);
            assertThat(api.restore(uploaded, target).body()).containsEntry("success", "SUCCESS");

            assertThat(dump).startsWith("PGDMP".getBytes(StandardCharsets.US_ASCII));
            assertThat(Content.of(sandbox.dsn(target).orElseThrow()))
                    .isEqualTo(Content.of(sandbox.dsn(source).orElseThrow()));

            // A restore overwrites what was there, whatever the format of the dump.
            byte[] sql =
                    "-- PostgreSQL database dump\nCREATE TABLE notes (text text);\nINSERT INTO notes VALUES ('grün');\n"
                            .getBytes(StandardCharsets.UTF_8);
            assertThat(api.restore(upload(api, sandbox, target, sql), target).body())
                    .containsEntry("success", "SUCCESS");
            String dsn = sandbox.dsn(target).orElseThrow();
            assertThat(Content.one(
                            dsn,
                            "SELECT string_agg(relname, ',') FROM pg_class"
                                    + " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"))
                    .isEqualTo("notes");
            assertThat(Content.one(dsn, "SELECT text FROM notes")).isEqualTo("grün");

            // What is neither fails and says so.
            Api.Answer damaged =
                    api.restore(upload(api, sandbox, target, java.util.Arrays.copyOf(dump, dump.length / 2)), target);
            assertThat(damaged.body()).containsEntry("success", "FAILURE");
            assertThat(damaged.body().get("errors").toString()).contains("pg_restore failed");
        }
    }
}
