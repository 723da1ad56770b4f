package io.github.divio4j.examples.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultsTest {
    private static final String INSTANCES = "/apps/v3/service-instances/";

    private final Sandbox sandbox =
            Sandbox.builder().databases(Databases.NONE).speed(100).start();
    private final Api api = new Api(sandbox);
    private String database;

    @BeforeEach
    void findTheDatabase() {
        database = api.find("test", "DEFAULT", "DATABASE");
        sandbox.requests().clear();
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private HttpRequest detach() {
        return api.request(INSTANCES + database + "/detach/")
                .header("Authorization", "Token " + sandbox.token())
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
    }

    private InstanceStatus status() {
        return sandbox.instances("test").get(0).status();
    }

    @Test
    void aRequestDroppedBeforeItIsHandledDoesNothing() {
        sandbox.faults().dropBefore("POST", ".*/detach/");

        assertThatThrownBy(() -> api.trySend(detach())).isInstanceOf(IOException.class);

        assertThat(status()).isEqualTo(InstanceStatus.ATTACHED);
        assertThat(sandbox.requests().all()).extracting(HandledRequest::status).containsExactly(0);
        assertThat(sandbox.requests().changes()).isEmpty();
    }

    @Test
    void aRequestDroppedAfterItIsHandledHasDoneItsWork() {
        sandbox.faults().dropAfter("POST", ".*/detach/");

        assertThatThrownBy(() -> api.trySend(detach())).isInstanceOf(IOException.class);

        assertThat(status()).isEqualTo(InstanceStatus.PENDING_DETACHMENT);
        assertThat(sandbox.requests().changes())
                .extracting(HandledRequest::toString)
                .containsExactly("POST " + INSTANCES + database + "/detach/ -> 200");
    }

    @Test
    void aDroppedRequestReachesTheSandboxOnce() {
        sandbox.faults().dropAfter("POST", ".*/detach/");
        api.get("/apps/v3/");

        assertThatThrownBy(() -> api.trySend(detach())).isInstanceOf(IOException.class);

        assertThat(sandbox.requests().matching("POST", ".*")).hasSize(1);
    }

    @Test
    void aDropIsUsedUpByOneRequest() {
        sandbox.faults().dropBefore("POST", ".*/detach/");
        assertThatThrownBy(() -> api.trySend(detach())).isInstanceOf(IOException.class);

        api.send(detach()).expect(200);
    }

    @Test
    void otherRequestsAreNotDropped() {
        sandbox.faults().dropBefore("POST", ".*/detach/");

        api.get(INSTANCES + database + "/detach/").expect(405);
        api.get(INSTANCES + database + "/").expect(200);
    }

    @Test
    void anAnswerOnPurposeIsGivenAsOftenAsAskedForAndDoesNothing() {
        sandbox.faults().answer("POST", ".*/detach/", 503, Map.of("Retry-After", "1"), 2);

        for (int i = 0; i < 2; i++) {
            Api.Answer answer = api.send(detach()).expect(503);
            assertThat(answer.response().headers().firstValue("Retry-After")).hasValue("1");
            assertThat(status()).isEqualTo(InstanceStatus.ATTACHED);
        }
        api.send(detach()).expect(200);
    }

    @Test
    void aRedirectOnPurposeCarriesItsLocation() {
        sandbox.faults().answer("GET", ".*", 302, Map.of("Location", sandbox.baseUrl() + "/elsewhere"), 1);

        assertThat(api.get("/apps/v3/regions/").expect(302).response().headers().firstValue("Location"))
                .hasValue(sandbox.baseUrl() + "/elsewhere");
    }

    @Test
    void anAnswerWithoutContentHasNoBody() {
        sandbox.faults().answer("GET", ".*", 204, 1);

        assertThat(api.get("/apps/v3/regions/").expect(204).response().body()).isEmpty();
        api.get("/apps/v3/regions/").expect(200);
    }

    @Test
    void aDelayedRequestIsAnsweredLater() {
        sandbox.faults().delay("GET", "/apps/v3/regions/", Duration.ofMillis(200), 1);
        long start = System.nanoTime();

        api.get("/apps/v3/regions/").expect(200);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
    }

    @Test
    void theOldestOfSeveralFaultsCountsFirst() {
        sandbox.faults().answer("GET", "/apps/v3/.*", 500, 1);
        sandbox.faults().answer("GET", "/apps/v3/regions/", 429, 1);

        assertThat(List.of(
                        api.get("/apps/v3/regions/").status(),
                        api.get("/apps/v3/regions/").status(),
                        api.get("/apps/v3/regions/").status()))
                .containsExactly(500, 429, 200);
    }

    @Test
    void anOperationFailsInTheEnvironmentThatIsMeant() {
        sandbox.faults().failNext(Operation.DEPLOYMENT, "live", "the image does not start");

        assertThat(api.deploy("test").body()).containsEntry("success", true);
        assertThat(api.deploy("live").body()).containsEntry("success", false);
        assertThat(api.deploy("live").body()).containsEntry("success", true);
    }

    @Test
    void aBackupThatFailsSaysWhyInItsPart() {
        sandbox.faults().failNext(Operation.BACKUP, "disk full");

        Api.MadeBackup backup = api.backUp("test", database);

        assertThat(backup.success()).isEqualTo("FAILURE");
        assertThat(api.get("/apps/v3/service-instance-backups/" + backup.part()).body())
                .containsEntry("errors", List.of("disk full"));
        assertThat(api.backUp("test", database).success()).isEqualTo("SUCCESS");
    }

    @Test
    void aRestoreThatFailsSaysWhy() {
        Api.MadeBackup backup = api.backUp("test", database);
        sandbox.faults().failNext(Operation.RESTORE, "the dump is damaged");

        assertThat(api.restore(backup, database).body())
                .containsEntry("success", "FAILURE")
                .containsEntry("errors", List.of("the dump is damaged"));
    }

    @Test
    void aDownloadThatFailsSaysWhyAndHasNoAddress() {
        Api.MadeBackup backup = api.backUp("test", database);
        sandbox.faults().failNext(Operation.DOWNLOAD, "no space");
        String download = api.post(
                        "/apps/v3/backup-downloads/",
                        Map.of("backup", backup.id(), "service_instance_backups", List.of(backup.part())))
                .text("uuid");
        String item = (String) api.get("/apps/v3/backup-download-service-instances/?backup=" + download)
                .results()
                .get(0)
                .get("uuid");

        assertThat(api.await("/apps/v3/backup-download-service-instances/" + item, body -> body.get("ended_at") != null)
                        .body())
                .containsEntry("errors", List.of("no space"))
                .containsEntry("download_url", null);
    }

    @Test
    void clearingForgetsFaultsAndReleasesWhatIsHeld() {
        sandbox.faults().hold(Operation.DEPLOYMENT);
        sandbox.faults().failNext(Operation.BACKUP, "never");
        sandbox.faults().answer("GET", "/apps/v3/regions/", 500, 100);
        String deployment = api.startDeployment("test").expect(201).text("uuid");

        sandbox.faults().clear();

        api.get("/apps/v3/regions/").expect(200);
        assertThat(api.backUp("test", database).success()).isEqualTo("SUCCESS");
        api.await("/apps/v3/deployments/" + deployment + "/", body -> body.get("ended_at") != null);
    }

    @Test
    void closingEndsWhatIsHeld() {
        Sandbox other = Sandbox.builder().databases(Databases.NONE).start();
        other.faults().hold(Operation.DEPLOYMENT);
        new Api(other).startDeployment("test").expect(201);
        long start = System.nanoTime();

        other.close();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }
}
