package io.github.divio4j.examples.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeploymentTest {
    private static final String INSTANCES = "/apps/v3/service-instances/";

    private final Sandbox sandbox =
            Sandbox.builder().databases(Databases.NONE).speed(100).start();
    private final Api api = new Api(sandbox);

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private List<String> world(String environment) {
        return sandbox.instances(environment).stream()
                .map(InstanceSnapshot::summary)
                .toList();
    }

    @Test
    void provisionsAndAttachesWhatIsNew() {
        String id = api.instance("test", "PostgreSQL Database 15", "NEW");

        Api.Answer deployment = api.deploy("test");

        assertThat(deployment.body()).containsEntry("success", true).containsEntry("status", "success");
        assertThat(world("test")).contains("test/PostgreSQL Database 15/NEW/ATTACHED");
        assertThat(api.deployedVariables(deployment.text("uuid")))
                .containsEntry("NEW_DATABASE_DSN", sandbox.dsn(id).orElseThrow());
    }

    @Test
    void attachesWhatIsProvisioned() {
        api.provision(api.instance("test", "PostgreSQL Database 15", "NEW"));

        api.deploy("test");

        assertThat(world("test")).contains("test/PostgreSQL Database 15/NEW/ATTACHED");
    }

    @Test
    void detachesWhatIsPendingDetachment() {
        String id = api.find("test", "DEFAULT", "DATABASE");
        api.post(INSTANCES + id + "/detach/", Map.of()).expect(200);

        Api.Answer deployment = api.deploy("test");

        assertThat(world("test")).contains("test/PostgreSQL Database 13/DEFAULT/DETACHED");
        assertThat(api.deployedVariables(deployment.text("uuid")))
                .doesNotContainKeys("DATABASE_URL", "DEFAULT_DATABASE_DSN")
                .containsKey("DEFAULT_STORAGE_DSN");
    }

    @Test
    void leavesWhatIsDetachedAlone() {
        String id = api.find("test", "DEFAULT", "DATABASE");
        api.post(INSTANCES + id + "/detach/", Map.of()).expect(200);
        api.deploy("test");

        api.deploy("test");

        assertThat(world("test")).contains("test/PostgreSQL Database 13/DEFAULT/DETACHED");
    }

    @Test
    void thatFailsChangesNothing() {
        api.instance("test", "PostgreSQL Database 15", "NEXT");
        api.provision(api.instance("test", "PostgreSQL Database 15", "READY"));
        api.post(INSTANCES + api.find("test", "DEFAULT", "DATABASE") + "/detach/", Map.of())
                .expect(200);
        List<String> before = world("test");
        String running = sandbox.orderBook("test").databaseUrl();
        sandbox.faults().failNext(Operation.DEPLOYMENT, "the health check timed out");

        Api.Answer deployment = api.deploy("test");

        assertThat(deployment.body()).containsEntry("success", false).containsEntry("status", "failure");
        assertThat(api.get("/apps/v3/deployments/" + deployment.text("uuid") + "/logs")
                        .text("logs"))
                .contains("the health check timed out");
        assertThat(world("test")).isEqualTo(before);
        assertThat(sandbox.orderBook("test").databaseUrl()).isEqualTo(running);
    }

    @Test
    void aSecondOneInTheSameEnvironmentIsRefusedWhileTheFirstRuns() {
        sandbox.faults().hold(Operation.DEPLOYMENT);
        api.startDeployment("test").expect(201);

        Api.Answer second = api.startDeployment("test").expect(400);

        assertThat(second.body().get("non_field_errors").toString()).contains("already running");
        api.startDeployment("live").expect(201);
    }

    @Test
    void ofOneEnvironmentDoesNotTouchTheOther() {
        api.instance("live", "PostgreSQL Database 15", "NEW");
        List<String> before = world("live");

        api.deploy("test");

        assertThat(world("live")).isEqualTo(before);
    }

    @Test
    void aRenameReachesTheApplicationOnlyWithADeployment() {
        String id = api.find("test", "DEFAULT", "DATABASE");
        String dsn = sandbox.dsn(id).orElseThrow();
        api.patch(INSTANCES + id + "/", Map.of("prefix", "OLD")).expect(200);
        assertThat(sandbox.orderBook("test").databaseUrl()).isEqualTo(dsn);

        Api.Answer deployment = api.deploy("test");

        assertThat(sandbox.orderBook("test").databaseUrl()).isNull();
        assertThat(api.deployedVariables(deployment.text("uuid"))).containsEntry("OLD_DATABASE_DSN", dsn);
    }

    @Test
    void takesItsVariablesWhenItStarts() {
        String id = api.find("test", "DEFAULT", "DATABASE");
        sandbox.faults().hold(Operation.DEPLOYMENT);
        String deployment = api.startDeployment("test").expect(201).text("uuid");
        api.patch(INSTANCES + id + "/", Map.of("prefix", "OLD")).expect(200);
        sandbox.faults().release(Operation.DEPLOYMENT);
        api.await("/apps/v3/deployments/" + deployment + "/", body -> body.get("ended_at") != null);

        assertThat(api.deployedVariables(deployment))
                .containsKey("DATABASE_URL")
                .doesNotContainKey("OLD_DATABASE_DSN");
        assertThat(sandbox.orderBook("test").databaseUrl()).isNotNull();
    }

    @Test
    void theOldContainersGoOnUntilItsEnd() {
        api.patch(INSTANCES + api.find("test", "DEFAULT", "DATABASE") + "/", Map.of("prefix", "OLD"))
                .expect(200);
        sandbox.faults().hold(Operation.DEPLOYMENT);

        String deployment = api.startDeployment("test").expect(201).text("uuid");

        assertThat(api.get("/apps/v3/deployments/" + deployment + "/").body())
                .containsEntry("success", null)
                .containsEntry("ended_at", null)
                .containsEntry("status", "running");
        assertThat(sandbox.orderBook("test").databaseUrl()).isNotNull();
    }

    @Test
    void aServiceThatIsDetachedWhileItRunsStaysPending() {
        String id = api.find("test", "DEFAULT", "DATABASE");
        sandbox.faults().hold(Operation.DEPLOYMENT);
        String deployment = api.startDeployment("test").expect(201).text("uuid");
        api.post(INSTANCES + id + "/detach/", Map.of()).expect(200);
        sandbox.faults().release(Operation.DEPLOYMENT);
        api.await("/apps/v3/deployments/" + deployment + "/", body -> body.get("ended_at") != null);

        assertThat(world("test")).contains("test/PostgreSQL Database 13/DEFAULT/PENDING_DETACHMENT");
    }

    @Test
    void aServiceThatIsAttachedAgainWhileItRunsWaitsForTheNextOne() {
        String id = api.find("test", "DEFAULT", "DATABASE");
        api.post(INSTANCES + id + "/detach/", Map.of()).expect(200);
        sandbox.faults().hold(Operation.DEPLOYMENT);
        String deployment = api.startDeployment("test").expect(201).text("uuid");
        api.post(INSTANCES + id + "/attach/", Map.of()).expect(200);
        sandbox.faults().release(Operation.DEPLOYMENT);
        api.await("/apps/v3/deployments/" + deployment + "/", body -> body.get("ended_at") != null);

        assertThat(world("test")).contains("test/PostgreSQL Database 13/DEFAULT/PENDING_ATTACHMENT");
    }

    @Test
    void theNewestComesFirst() {
        String id = api.deploy("test").text("uuid");

        List<Map<String, Object>> deployments = api.get(
                        "/apps/v3/deployments/?environment=" + sandbox.environmentId("test"))
                .results();

        assertThat(deployments).hasSize(2);
        assertThat(deployments.get(0)).containsEntry("uuid", id);
    }

    @Test
    void theEnvironmentNamesTheLastOneThatEnded() {
        String id = api.deploy("test").text("uuid");

        assertThat(api.get("/apps/v3/environments/" + sandbox.environmentId("test") + "/")
                        .body()
                        .get("last_finished_deployment"))
                .extracting("uuid")
                .isEqualTo(id);
    }

    @Test
    void givesTheFixedVariablesAndThoseOfTheUser() {
        try (Sandbox other = Sandbox.builder()
                .databases(Databases.NONE)
                .speed(100)
                .variable("CURRENCY", "EUR")
                .variable("DATABASE_URL", "postgres://elsewhere/db")
                .sensitiveVariable("PAYMENT_KEY", "secret")
                .start()) {
            Api otherApi = new Api(other);

            Map<String, String> variables =
                    otherApi.deployedVariables(otherApi.deploy("live").text("uuid"));

            assertThat(variables)
                    .containsKeys("DOMAIN", "DOMAIN_ALIASES", "SECRET_KEY")
                    .containsEntry("STAGE", "live")
                    .containsEntry("GIT_BRANCH", "main")
                    .containsEntry("CURRENCY", "EUR")
                    .containsEntry("PAYMENT_KEY", "secret")
                    .containsEntry("DATABASE_URL", "postgres://elsewhere/db");
        }
    }
}
