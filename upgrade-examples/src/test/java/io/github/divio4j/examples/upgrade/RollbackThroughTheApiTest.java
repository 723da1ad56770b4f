package io.github.divio4j.examples.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.client.DivioClient;
import io.github.divio4j.examples.sandbox.Databases;
import io.github.divio4j.examples.sandbox.InstanceSnapshot;
import io.github.divio4j.examples.sandbox.Sandbox;
import io.github.divio4j.upgrade.Blocker;
import io.github.divio4j.upgrade.UpgradePlanner.TargetAfterRollback;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.UpgradeSpec.OldInstance;
import io.github.divio4j.upgrade.divio.DivioUpgrade;
import io.github.divio4j.upgrade.run.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The way back, the download of backups, and a platform that describes itself otherwise, over HTTP. */
@Timeout(60)
class RollbackThroughTheApiTest {

    private static final UpgradeSpec KEEPING =
            UpgradeSpec.to("15").oldInstance(OldInstance.KEEP).build();

    private final Sandbox sandbox =
            Sandbox.builder().databases(Databases.NONE).speed(50).start();
    private final DivioClient divio = client(chain -> chain.proceed(chain.request()));

    private DivioClient client(Interceptor interceptor) {
        return DivioClient.builder()
                .baseUrl(sandbox.baseUrl())
                .token(sandbox.token())
                .okHttpClient(
                        new OkHttpClient.Builder().addInterceptor(interceptor).build())
                .build();
    }

    @AfterEach
    void stop() {
        divio.close();
        sandbox.close();
    }

    private DivioUpgrade.Builder upgrade(DivioClient client) {
        return DivioUpgrade.builder(client, sandbox.applicationSlug())
                .pollInterval(Duration.ofMillis(20))
                .patience(Duration.ofMillis(300));
    }

    private List<String> databases() {
        return sandbox.instances().stream()
                .map(InstanceSnapshot::summary)
                .filter(summary -> summary.contains("PostgreSQL"))
                .sorted()
                .toList();
    }

    @Test
    void theWayBackBringsEveryEnvironmentBackToItsSource() throws Exception {
        DivioUpgrade upgrade = upgrade(divio).build();
        assertThat(upgrade.runner().build().run(KEEPING).succeeded()).isTrue();

        RunReport report = upgrade.runner().build().rollback(KEEPING, TargetAfterRollback.DELETE);

        assertThat(report.succeeded()).as(report.toString()).isTrue();
        assertThat(databases())
                .containsExactly(
                        "live/PostgreSQL Database 13/DEFAULT/ATTACHED", "test/PostgreSQL Database 13/DEFAULT/ATTACHED");
    }

    @Test
    void anUpgradeFollowsAWayBack() throws Exception {
        DivioUpgrade upgrade = upgrade(divio).build();
        upgrade.runner().build().run(KEEPING);
        upgrade.runner().build().rollback(KEEPING, TargetAfterRollback.KEEP);

        RunReport report = upgrade.runner().build().run(UpgradeSpec.to("15").build());

        assertThat(report.succeeded()).as(report.toString()).isTrue();
        assertThat(databases())
                .containsExactly(
                        "live/PostgreSQL Database 15/DEFAULT/ATTACHED", "test/PostgreSQL Database 15/DEFAULT/ATTACHED");
    }

    @Test
    void theBackupIsStoredWithItsDigestAndManifestBeforeTheSourceIsDeleted(@TempDir Path folder) throws Exception {
        UpgradeSpec spec = UpgradeSpec.to("15").downloadBackup().build();

        RunReport report = upgrade(divio)
                .backupDirectory(folder.resolve("dumps"))
                .build()
                .runner()
                .build()
                .run(spec);

        assertThat(report.succeeded()).as(report.toString()).isTrue();
        for (String environment : List.of("test", "live")) {
            Path place =
                    folder.resolve("dumps").resolve(sandbox.applicationSlug()).resolve(environment);
            Properties manifest = manifest(place);
            Path dump = place.resolve(manifest.getProperty("backup") + ".dump");
            String digest = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(dump)));
            assertThat(manifest)
                    .containsEntry("environment", environment)
                    .containsEntry("postgres_version", "13")
                    .containsEntry("size", Long.toString(Files.size(dump)))
                    .containsEntry("sha256", digest)
                    .containsEntry(
                            "step", sandbox.applicationSlug() + "/" + environment + "/download-backup/DEFAULT/13-15");
            assertThat(place.resolve(dump.getFileName() + ".sha256")).hasContent(digest + "  " + dump.getFileName());
            assertThat(place.toFile().list()).hasSize(3);
        }
    }

    private static Properties manifest(Path place) throws IOException {
        try (var files = Files.list(place)) {
            Path file = files.filter(f -> f.toString().endsWith(".properties"))
                    .findFirst()
                    .orElseThrow();
            Properties manifest = new Properties();
            try (var in = Files.newBufferedReader(file)) {
                manifest.load(in);
            }
            return manifest;
        }
    }

    @Test
    void aDownloadWithoutAFolderIsABlocker() {
        UpgradeSpec spec = UpgradeSpec.to("15").downloadBackup().build();

        assertThat(upgrade(divio).build().runner().build().plan(spec).blockers())
                .hasSize(2)
                .allSatisfy(b -> assertThat(b.message()).contains("backupDirectory"));
    }

    /** Hands on every answer, with another word in the platform's description of itself. */
    private static Interceptor describing(String word, String otherwise) {
        return chain -> {
            Response response = chain.proceed(chain.request());
            if (!chain.request().url().encodedPath().endsWith("schema.json")) {
                return response;
            }
            String text = response.body().string().replace(word, otherwise);
            return response.newBuilder()
                    .body(ResponseBody.create(text, response.body().contentType()))
                    .build();
        };
    }

    @Test
    void aPlatformThatNamesTheTargetOfARestoreOtherwiseBlocksBeforeAnythingIsDone() throws Exception {
        try (DivioClient other = client(describing("\"service_instance\"", "\"destination\""))) {
            sandbox.requests().clear();

            RunReport report = upgrade(other).build().runner().build().run(KEEPING);

            assertThat(report.environments())
                    .allSatisfy(e -> assertThat(e.detail())
                            .contains("cannot be asked to restore the backup into PostgreSQL Database 15 (NEW)")
                            .contains("service_instance_restores[].service_instance"));
            assertThat(sandbox.requests().changes()).isEmpty();
        }
    }

    @Test
    void aPlatformThatDoesNotDescribeRestoresNeedsToBeTrusted() {
        Interceptor silent = describing("/apps/v3/backup-restores/", "/apps/v3/something-else/");
        Interceptor undescribed = chain -> chain.request().method().equals("OPTIONS")
                ? silent.intercept(chain)
                        .newBuilder()
                        .code(403)
                        .body(ResponseBody.create("{}", null))
                        .build()
                : silent.intercept(chain);
        try (DivioClient other = client(undescribed)) {
            assertThat(upgrade(other).build().runner().build().plan(KEEPING).blockers())
                    .extracting(Blocker::reason)
                    .containsOnly(Blocker.Reason.CALL_NOT_SUPPORTED);
            assertThat(upgrade(other)
                            .trustAssumedRestore()
                            .build()
                            .runner()
                            .build()
                            .plan(KEEPING)
                            .steps())
                    .hasSize(16);
        }
    }
}
