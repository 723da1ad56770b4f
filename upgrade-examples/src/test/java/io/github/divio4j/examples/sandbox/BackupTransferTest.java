package io.github.divio4j.examples.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dumps that leave the platform and come to it, and where they are restored. */
class BackupTransferTest {
    private static final byte[] DUMP = "PGDMP brought from elsewhere ✓".getBytes(StandardCharsets.UTF_8);

    private final Sandbox sandbox =
            Sandbox.builder().databases(Databases.NONE).speed(100).start();
    private final Api api = new Api(sandbox);
    private String instance;

    @BeforeEach
    void findTheInstance() {
        instance = api.find("test", "DEFAULT", "DATABASE");
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private record Ticket(String backup, String handler, String url, String finishUrl, Map<?, ?> parameters) {}

    private Ticket startUpload() {
        Api.Answer answer = api.post(
                        "/apps/v3/backups/upload/",
                        Map.of(
                                "environment",
                                sandbox.environmentId("test"),
                                "services",
                                List.of(instance),
                                "notes",
                                "brought by a test",
                                "scheduled_for_deletion_at",
                                "2999-01-01T00:00:00.123456+00:00"))
                .expect(201);
        Map<?, ?> results = (Map<?, ?>) answer.body().get("results");
        assertThat(results.keySet()).isEqualTo(java.util.Set.of(instance));
        Map<?, ?> result = (Map<?, ?>) results.get(instance);
        Map<?, ?> parameters = (Map<?, ?>) result.get("upload_parameters");
        return new Ticket(
                answer.text("uuid"),
                (String) result.get("handler"),
                (String) parameters.get("url"),
                (String) result.get("finish_url"),
                parameters);
    }

    private Api.Answer put(String url, byte[] content) {
        return api.send(api.request(url)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(content))
                .build());
    }

    /** With an empty body and without a token. */
    private Api.Answer finish(String url) {
        return api.send(
                api.request(url).POST(HttpRequest.BodyPublishers.noBody()).build());
    }

    private Api.MadeBackup completed(String backup) {
        Api.Answer done = api.await("/apps/v3/backups/" + backup + "/", body -> "COMPLETED".equals(body.get("state")));
        List<?> parts = (List<?>) done.body().get("service_instance_backups");
        return new Api.MadeBackup(backup, (String) parts.get(0), done.text("success"));
    }

    private Api.MadeBackup upload() {
        Ticket ticket = startUpload();
        put(ticket.url(), DUMP).expect(200);
        finish(ticket.finishUrl()).expect(200);
        return completed(ticket.backup());
    }

    private byte[] download(Api.MadeBackup backup) {
        String download = api.post(
                        "/apps/v3/backup-downloads/",
                        Map.of(
                                "backup", backup.id(),
                                "service_instance_backups", List.of(backup.part()),
                                "trigger", "PULL"))
                .expect(201)
                .text("uuid");
        // The row is there at once, under a parameter whose name says backup.
        String item = (String) api.get("/apps/v3/backup-download-service-instances/?backup=" + download)
                .expect(200)
                .results()
                .get(0)
                .get("uuid");
        String url = api.await(
                        "/apps/v3/backup-download-service-instances/" + item, body -> body.get("ended_at") != null)
                .text("download_url");
        return api.send(api.request(url).build()).expect(200).response().body();
    }

    @Test
    void anUploadGoesToAnAddressThatNeedsNoToken() {
        Ticket ticket = startUpload();

        assertThat(ticket.handler()).isEqualTo("exo-presigned-v1");
        assertThat(ticket.url()).startsWith(sandbox.baseUrl().toString());
        assertThat(ticket.finishUrl()).startsWith(sandbox.baseUrl().toString());
        assertThat(ticket.parameters().get("max_file_size")).isEqualTo(5L * 1024 * 1024 * 1024);
        assertThat(api.get("/apps/v3/backups/" + ticket.backup()).body()).containsEntry("state", "WORKING");
    }

    @Test
    void anUploadedDumpIsABackup() {
        Api.MadeBackup backup = upload();

        assertThat(backup.success()).isEqualTo("SUCCESS");
        assertThat(api.get("/apps/v3/service-instance-backups/" + backup.part() + "/")
                        .expect(200)
                        .body())
                .containsEntry("backup", backup.id())
                .containsEntry("service_instance", instance)
                .containsEntry("service_type", "DATABASE")
                .containsEntry("size", (long) DUMP.length)
                .containsEntry("errors", List.of());
    }

    @Test
    void whatWasUploadedIsWhatIsDownloaded() {
        assertThat(download(upload())).isEqualTo(DUMP);
    }

    @Test
    void theLastOfSeveralUploadsCounts() {
        Ticket ticket = startUpload();
        put(ticket.url(), "PGDMP".getBytes(StandardCharsets.US_ASCII)).expect(200);
        put(ticket.url(), DUMP).expect(200);
        finish(ticket.finishUrl()).expect(200);

        assertThat(download(completed(ticket.backup()))).isEqualTo(DUMP);
    }

    @Test
    void finishingTwiceIsFinishingOnce() {
        Ticket ticket = startUpload();
        put(ticket.url(), DUMP).expect(200);

        finish(ticket.finishUrl()).expect(200);
        finish(ticket.finishUrl()).expect(200);

        assertThat(completed(ticket.backup()).success()).isEqualTo("SUCCESS");
    }

    @Test
    void finishingWithoutAFileFailsAndSaysWhy() {
        Ticket ticket = startUpload();
        finish(ticket.finishUrl()).expect(200);

        Api.MadeBackup backup = completed(ticket.backup());

        assertThat(backup.success()).isEqualTo("FAILURE");
        assertThat(api.get("/apps/v3/service-instance-backups/" + backup.part()).body())
                .containsEntry("errors", List.of("Nothing was uploaded."));
    }

    @Test
    void nothingCanBeUploadedAfterTheEnd() {
        Ticket ticket = startUpload();
        put(ticket.url(), DUMP).expect(200);
        finish(ticket.finishUrl()).expect(200);

        put(ticket.url(), DUMP).expect(404);
    }

    @Test
    void anUploadUnderNoTicketIsNotFound() {
        put("/uploads/nobody", DUMP).expect(404);
        finish("/apps/v3/backups/upload/nobody/finish/").expect(404);
    }

    @Test
    void aBackupThatIsNotCompleteCannotBeDownloaded() {
        Ticket ticket = startUpload();
        String part = (String)
                ((List<?>) api.get("/apps/v3/backups/" + ticket.backup()).body().get("service_instance_backups"))
                        .get(0);

        assertThat(api.post(
                                "/apps/v3/backup-downloads/",
                                Map.of("backup", ticket.backup(), "service_instance_backups", List.of(part)))
                        .expect(400)
                        .body())
                .containsKey("non_field_errors");
    }

    @Test
    void theAddressOfADownloadIsMadeWhenItIsReady() {
        Api.MadeBackup backup = api.backUp("test", instance);
        sandbox.faults().hold(Operation.DOWNLOAD);
        String download = api.post(
                        "/apps/v3/backup-downloads/",
                        Map.of("backup", backup.id(), "service_instance_backups", List.of(backup.part())))
                .expect(201)
                .text("uuid");

        assertThat(api.get("/apps/v3/backup-download-service-instances/?backup=" + download)
                        .results()
                        .get(0))
                .containsEntry("ended_at", null)
                .containsEntry("download_url", null);
    }

    @Test
    void aBackupIsGoneWhenItsTimeHasCome() {
        String backup = api.post(
                        "/apps/v3/backups/",
                        Map.of(
                                "environment", sandbox.environmentId("test"),
                                "services", List.of(instance),
                                "trigger", "MANUAL",
                                "scheduled_for_deletion_at",
                                        Instant.now().plusMillis(300).toString()))
                .expect(201)
                .text("uuid");

        SandboxJvm.until(() -> api.get("/apps/v3/backups/" + backup + "/").status() == 404);
    }

    // Restores

    private Api.Answer restore(Api.MadeBackup backup, Map<String, ?> target) {
        Map<String, Object> item = new java.util.HashMap<>(target);
        item.put("service_instance_backup", backup.part());
        return api.post(
                "/apps/v3/backup-restores/",
                Map.of("backup", backup.id(), "service_instance_restores", List.of(item), "notes", "by a test"));
    }

    private static Object target(Api.Answer restore) {
        Map<?, ?> item = (Map<?, ?>) ((List<?>) restore.body().get("service_instance_restores")).get(0);
        return item.get("service_instance");
    }

    @ParameterizedTest
    @ValueSource(strings = {"service_instance", "target_service_instance"})
    void aRestoreGoesToTheTargetThatItNames(String field) {
        String live = api.find("live", "DEFAULT", "DATABASE");

        Api.Answer restore =
                restore(api.backUp("test", instance), Map.of(field, live)).expect(201);

        assertThat(target(restore)).isEqualTo(live);
        assertThat(restore.body())
                .containsEntry("environment", sandbox.environmentId("live"))
                .containsEntry("notes", "by a test");
    }

    @Test
    void withoutATargetARestoreGoesBackToWhereTheBackupCameFrom() {
        assertThat(target(restore(api.backUp("test", instance), Map.of()).expect(201)))
                .isEqualTo(instance);
    }

    @Test
    void whetherARestoreWentWellIsSaidAtItsEnd() {
        Api.MadeBackup backup = api.backUp("test", instance);
        sandbox.faults().hold(Operation.RESTORE);
        Api.Answer restore = restore(backup, Map.of()).expect(201);
        assertThat(restore.body()).containsEntry("finished", false).containsEntry("success", null);

        sandbox.faults().release(Operation.RESTORE);

        assertThat(api.await(
                                "/apps/v3/backup-restores/" + restore.text("uuid") + "/",
                                body -> Boolean.TRUE.equals(body.get("finished")))
                        .body())
                .containsEntry("success", "SUCCESS")
                .containsEntry("errors", List.of());
    }

    @Test
    void aBackupOfAnotherKindOfServiceCannotBeRestored() {
        String storage = api.find("test", "DEFAULT", "STORAGE");

        assertThat(restore(api.backUp("test", instance), Map.of("service_instance", storage))
                        .expect(400)
                        .body()
                        .get("non_field_errors")
                        .toString())
                .contains("cannot be restored into");
    }

    @Test
    void aTargetThatIsNotThereIsAnErrorOfItsField() {
        assertThat(restore(api.backUp("test", instance), Map.of("service_instance", "nobody"))
                        .expect(400)
                        .body())
                .containsKey("service_instance_restores");
    }

    @Test
    void aTargetIsRestoredIntoByOneAtATime() {
        Api.MadeBackup backup = api.backUp("test", instance);
        sandbox.faults().hold(Operation.RESTORE);
        restore(backup, Map.of()).expect(201);

        assertThat(restore(backup, Map.of()).expect(400).body()).containsKey("non_field_errors");
    }

    @Test
    void severalServicesAreBackedUpTogether() {
        String storage = api.find("test", "DEFAULT", "STORAGE");
        String backup = api.post(
                        "/apps/v3/backups/",
                        Map.of("environment", sandbox.environmentId("test"), "services", List.of(instance, storage)))
                .expect(201)
                .text("uuid");

        completed(backup);

        assertThat(api.get("/apps/v3/service-instance-backups/?backup=" + backup)
                        .results())
                .extracting(part -> part.get("service_type"))
                .containsExactlyInAnyOrder("DATABASE", "STORAGE");
    }

    @Test
    void oneFailureOfTwoIsPartial() {
        sandbox.faults().failNext(Operation.BACKUP, "disk full");
        String storage = api.find("test", "DEFAULT", "STORAGE");
        String backup = api.post(
                        "/apps/v3/backups/",
                        Map.of("environment", sandbox.environmentId("test"), "services", List.of(instance, storage)))
                .expect(201)
                .text("uuid");

        assertThat(completed(backup).success()).isEqualTo("PARTIAL");
    }
}
