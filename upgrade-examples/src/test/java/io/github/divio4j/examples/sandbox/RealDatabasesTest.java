package io.github.divio4j.examples.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.client.DivioClient;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.divio.DivioUpgrade;
import io.github.divio4j.upgrade.run.RunReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RealDatabasesTest {
    private static final String INSTANCES = "/apps/v3/service-instances/";

    @Test
    void theStepsOfTheManualMoveTheDataToANewMajorVersion() throws Exception {
        try (Sandbox sandbox = Sandbox.builder().speed(20).rows(20_000).start()) {
            Api api = new Api(sandbox);
            String source = api.find("test", "DEFAULT", "DATABASE");
            String sourceDsn = sandbox.dsn(source).orElseThrow();
            Map<String, String> before = Content.of(sourceDsn);
            String target = api.instance("test", "PostgreSQL Database 15", "NEW");

            api.provision(target);
            Api.MadeBackup backup = api.backUp("test", source);
            assertThat(backup.success()).isEqualTo("SUCCESS");
            assertThat(api.restore(backup, target).body()).containsEntry("success", "SUCCESS");
            api.patch(INSTANCES + source + "/", Map.of("prefix", "OLD")).expect(200);
            api.post(INSTANCES + source + "/detach/", Map.of()).expect(200);
            api.patch(INSTANCES + target + "/", Map.of("prefix", "DEFAULT")).expect(200);
            Api.Answer deployment = api.deploy("test");
            assertThat(deployment.body()).containsEntry("success", true);
            api.delete(INSTANCES + source + "/").expect(204);

            String url = api.deployedVariables(deployment.text("uuid")).get("DATABASE_URL");
            assertThat(url).isEqualTo(sandbox.orderBook("test").databaseUrl()).isNotEqualTo(sourceDsn);
            assertThat(Content.one(url, "SHOW server_version")).startsWith("15.");
            assertThat(Content.of(url)).isEqualTo(before);
            assertThat(Content.rows(before)).isEqualTo(20_000);
            assertThat(sandbox.instances("test"))
                    .extracting(InstanceSnapshot::summary)
                    .containsExactly(
                            "test/Object Storage/DEFAULT/ATTACHED", "test/PostgreSQL Database 15/DEFAULT/ATTACHED");
        }
    }

    @Test
    void theDataMovesByProvenCallsAlone() throws Exception {
        try (Sandbox sandbox = Sandbox.builder()
                        .speed(20)
                        .rows(2_000)
                        .environments(List.of("test"))
                        .start();
                DivioClient divio = DivioClient.builder()
                        .baseUrl(sandbox.baseUrl())
                        .token(sandbox.token())
                        .build()) {
            Api api = new Api(sandbox);
            Map<String, String> before = Content.of(
                    sandbox.dsn(api.find("test", "DEFAULT", "DATABASE")).orElseThrow());
            UpgradeSpec spec = UpgradeSpec.to("15")
                    .provisioning(UpgradeSpec.Provisioning.BY_DEPLOYMENT)
                    .restoring(UpgradeSpec.Restoring.BY_UPLOAD)
                    .build();

            RunReport report = DivioUpgrade.builder(divio, sandbox.applicationSlug())
                    .build()
                    .runner()
                    .build()
                    .run(spec);

            assertThat(report.succeeded()).as(report.toString()).isTrue();
            String url = sandbox.orderBook("test").databaseUrl();
            assertThat(Content.one(url, "SHOW server_version")).startsWith("15.");
            assertThat(Content.of(url)).isEqualTo(before);
        }
    }

    @Test
    void closingLeavesNothing() throws Exception {
        Sandbox sandbox =
                Sandbox.builder().environments(List.of("test")).rows(100).start();
        PostgresDsn dsn = PostgresDsn.parse(
                sandbox.dsn(sandbox.instances("test").get(0).id()).orElseThrow());
        String superuser = new PostgresDsn(dsn.host(), dsn.port(), "postgres", "postgres", "").text();
        Path data = Path.of(Content.one(superuser, "SHOW data_directory"));
        ProcessHandle server = PostgresProcess.find(data).orElseThrow();
        Path folder = data.getParent();
        assertThat(folder.getParent()).isEqualTo(RunFolder.parent());

        sandbox.close();

        assertThat(server.isAlive()).isFalse();
        assertThat(folder).doesNotExist();
        assertThat(folder.resolveSibling(folder.getFileName() + ".lock")).doesNotExist();
    }
}
