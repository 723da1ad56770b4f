package io.github.divio4j.examples.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

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

    @Test
    void anUploadGoesToAnAddressThatNeedsNoToken() {
        Api.Ticket ticket = api.startUpload("test", instance);

        assertThat(ticket.handler()).isEqualTo("exo-presigned-v1");
        assertThat(ticket.url()).startsWith(sandbox.baseUrl().toString());
        assertThat(ticket.finishUrl()).startsWith(sandbox.baseUrl().toString());
        assertThat(ticket.parameters().get("max_file_size")).isEqualTo(5L * 1024 * 1024 * 1024);
        assertThat(api.get("/apps/v3/backups/" + ticket.backup()).body()).containsEntry("state", "WORKING");
    }

    @Test
    void anUploadedDumpIsABackup() {
        Api.MadeBackup backup = api.upload("test", instance, DUMP);

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
        assertThat(api.download(api.upload("test", instance, DUMP))).isEqualTo(DUMP);
    }

    @Test
    void theLastOfSeveralUploadsCounts() {
        Api.Ticket ticket = api.startUpload("test", instance);
        api.put(ticket.url(), "PGDMP".getBytes(StandardCharsets.US_ASCII)).expect(200);
        api.put(ticket.url(), DUMP).expect(200);
        api.finish(ticket.finishUrl()).expect(200);

        assertThat(api.download(api.completed(ticket.backup()))).isEqualTo(DUMP);
    }

    @Test
    void finishingTwiceIsFinishingOnce() {
        Api.Ticket ticket = api.startUpload("test", instance);
        api.put(ticket.url(), DUMP).expect(200);

        api.finish(ticket.finishUrl()).expect(200);
        api.finish(ticket.finishUrl()).expect(200);

        assertThat(api.completed(ticket.backup()).success()).isEqualTo("SUCCESS");
    }

    @Test
    void finishingWithoutAFileFailsAndSaysWhy() {
        Api.Ticket ticket = api.startUpload("test", instance);
        api.finish(ticket.finishUrl()).expect(200);

        Api.MadeBackup backup = api.completed(ticket.backup());

        assertThat(backup.success()).isEqualTo("FAILURE");
        assertThat(api.get("/apps/v3/service-instance-backups/" + backup.part()).body())
                .containsEntry("errors", List.of("Nothing was uploaded."));
    }

    @Test
    void nothingCanBeUploadedAfterTheEnd() {
        Api.Ticket ticket = api.startUpload("test", instance);
        api.put(ticket.url(), DUMP).expect(200);
        api.finish(ticket.finishUrl()).expect(200);

        api.put(ticket.url(), DUMP).expect(404);
    }

    @Test
    void anUploadUnderNoTicketIsNotFound() {
        api.put("/uploads/nobody", DUMP).expect(404);
        api.finish("/apps/v3/backups/upload/nobody/finish/").expect(404);
    }

    @Test
    void aBackupThatIsNotCompleteCannotBeDownloaded() {
        Api.Ticket ticket = api.startUpload("test", instance);
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

        api.completed(backup);

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

        assertThat(api.completed(backup).success()).isEqualTo("PARTIAL");
    }
}
