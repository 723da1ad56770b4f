package io.github.divio4j.client;

import static io.github.divio4j.client.Fixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.divio4j.client.error.DivioNotFoundException;
import io.github.divio4j.client.error.DivioProtocolException;
import io.github.divio4j.client.model.Application;
import io.github.divio4j.client.model.Backup;
import io.github.divio4j.client.model.BackupState;
import io.github.divio4j.client.model.BuildMode;
import io.github.divio4j.client.model.Deployment;
import io.github.divio4j.client.model.NewBackup;
import io.github.divio4j.client.model.NewRestore;
import io.github.divio4j.client.model.Restore;
import io.github.divio4j.client.model.ServiceInstance;
import io.github.divio4j.client.model.ServiceInstanceStatus;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each call sends. */
class RequestsTest {
    private final Fixture api = new Fixture();
    private final DivioClient divio = api.divio;

    @AfterEach
    void close() {
        api.close();
    }

    private void sends(Consumer<DivioClient> call, String answer, String line, String body) {
        api.answers(answer);
        call.accept(divio);
        assertThat(api.lines()).containsExactly(line);
        RecordedRequest request = api.onlyRequest();
        assertThat(request.getBody() == null ? "" : request.getBody().utf8()).isEqualTo(body.replace('\'', '"'));
    }

    private void reads(Consumer<DivioClient> call, String answer, String path) {
        sends(call, answer, "GET " + path, "");
    }

    @Test
    void listsApplications() {
        reads(d -> d.applications().list().toList(), "{'results': []}", "/apps/v3/applications/");
    }

    @Test
    void readsAnApplication() {
        reads(
                d -> d.applications().get("a1"),
                "{'uuid': 'a1', 'slug': 'shop', 'name': 'The shop', 'organisation': 'o1', 'repository': null}",
                "/apps/v3/applications/a1/");
    }

    @Test
    void findsAnApplicationBySlug() {
        api.answers(
                "{'results': [{'uuid': 'a0', 'slug': 'shop-2'}, {'uuid': 'a1', 'slug': 'shop', 'name': 'The shop'}]}");
        assertThat(divio.applications().getBySlug("shop"))
                .isEqualTo(new Application("a1", "shop", "The shop", null, null));
        assertThat(api.lines()).containsExactly("GET /apps/v3/applications/?slug=shop");
    }

    @Test
    void aSlugThatNobodyHasIsNotFound() {
        api.answers("{'results': []}", "{'results': []}");
        assertThat(divio.applications().findBySlug("shop")).isEmpty();
        assertThatThrownBy(() -> divio.applications().getBySlug("shop"))
                .isInstanceOf(DivioNotFoundException.class)
                .hasMessageContaining("application with the slug \"shop\"");
    }

    @Test
    void aSlugThatTwoHaveIsAnError() {
        api.answers("{'results': [{'uuid': 'a1', 'slug': 'shop'}, {'uuid': 'a2', 'slug': 'shop'}]}");
        assertThatThrownBy(() -> divio.applications().findBySlug("shop"))
                .isInstanceOf(DivioProtocolException.class)
                .hasMessageContaining("more than one application");
    }

    @Test
    void listsTheEnvironmentsOfAnApplication() {
        api.answers(
                "{'results': [{'uuid': 'e1', 'slug': 'test'}, {'uuid': 'e2', 'slug': 'live', 'application': 'other'}]}");
        assertThat(divio.environments().list("a1").toList())
                .as("a row of another application is left out, should the platform ignore the filter")
                .singleElement()
                .satisfies(
                        environment -> assertThat(environment.applicationId()).isEqualTo("a1"));
        assertThat(api.lines()).containsExactly("GET /apps/v3/environments/?application=a1");
    }

    @Test
    void findsAnEnvironmentBySlug() {
        api.answers("{'results': [{'uuid': 'e2', 'slug': 'live'}]}", "{'results': []}");
        assertThat(divio.environments().getBySlug("a1", "live").id()).isEqualTo("e2");
        assertThatThrownBy(() -> divio.environments().getBySlug("a1", "live"))
                .isInstanceOf(DivioNotFoundException.class)
                .hasMessageContaining("environment with the slug \"live\" in the application a1");
        assertThat(api.lines().get(0)).isEqualTo("GET /apps/v3/environments/?application=a1&slug=live");
    }

    @Test
    void readsAnEnvironment() {
        api.answers("""
                {'uuid': 'e2', 'slug': 'live', 'branch': 'main', 'application': 'a1',
                 'last_finished_deployment': {'uuid': 'd9', 'status': 'success'},
                 'ssh_endpoint': {'host': 'ssh.example', 'port': 2222, 'user': 'app'}}""");
        var environment = divio.environments().get("e2");
        assertThat(environment.lastFinishedDeploymentId()).isEqualTo("d9");
        assertThat(environment.sshEndpoint())
                .isNotNull()
                .hasToString("SshEndpoint[host=ssh.example, port=2222, user=app]");
        assertThat(api.lines()).containsExactly("GET /apps/v3/environments/e2/");
    }

    @Test
    void listsTheCatalogueOfARegion() {
        reads(d -> d.services().list("r1").toList(), "{'results': []}", "/apps/v3/services/?region=r1");
    }

    @Test
    void readsAServiceOfTheCatalogue() {
        reads(d -> d.services().get("s1"), "{'uuid': 's1', 'name': 'PostgreSQL Database 15'}", "/apps/v3/services/s1/");
    }

    @Test
    void listsTheServiceInstancesOfAnEnvironment() {
        api.answers("""
                {'results': [
                  {'uuid': 'i1', 'prefix': 'DEFAULT', 'type': 'DATABASE', 'service_status': 'ATTACHED', 'region': 'r1', 'service': 's1'},
                  {'uuid': 'i2', 'prefix': 'DEFAULT', 'type': 'STORAGE', 'service_status': 'NEW', 'environment': 'other'}]}""");
        assertThat(divio.serviceInstances().list("e1").toList()).singleElement().satisfies(instance -> {
            assertThat(instance.environmentId()).isEqualTo("e1");
            assertThat(instance.status()).isEqualTo(ServiceInstanceStatus.ATTACHED);
            assertThat(instance.serviceId()).isEqualTo("s1");
        });
        assertThat(api.lines()).containsExactly("GET /apps/v3/service-instances/?environment=e1");
    }

    @Test
    void readsAServiceInstance() {
        reads(d -> d.serviceInstances().get("i1"), "{'uuid': 'i1'}", "/apps/v3/service-instances/i1/");
    }

    @Test
    void addsAServiceInstance() {
        sends(
                d -> assertThat(d.serviceInstances().create("e1", "r1", "s1", "NEW"))
                        .map(ServiceInstance::id)
                        .contains("i9"),
                "{'uuid': 'i9', 'prefix': 'NEW', 'service_status': 'NEW'}",
                "POST /apps/v3/service-instances/",
                "{'environment':'e1','region':'r1','service':'s1','prefix':'NEW'}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{}", "null", "[]", "created", "<html>", "{'uuid': ''}", "{'uuid': 5", "{'prefix': {}}"})
    void addsAServiceInstanceWhateverThePlatformAnswers(String answer) {
        api.answers(json(answer).newBuilder().code(201).build());
        assertThat(divio.serviceInstances().create("e1", "r1", "s1", "NEW")).isEmpty();
    }

    @Test
    void addsAServiceInstanceWhenThePlatformAnswersWithoutBody() {
        api.answers(new MockResponse.Builder().code(204).build());
        assertThat(divio.serviceInstances().create("e1", "r1", "s1", "NEW")).isEmpty();
    }

    @Test
    void provisions() {
        sends(d -> d.serviceInstances().provision("i1"), "", "POST /apps/v3/service-instances/i1/provision/", "{}");
    }

    @Test
    void attaches() {
        sends(d -> d.serviceInstances().attach("i1"), "{}", "POST /apps/v3/service-instances/i1/attach/", "{}");
    }

    @Test
    void detaches() {
        sends(d -> d.serviceInstances().detach("i1"), "whatever", "POST /apps/v3/service-instances/i1/detach/", "{}");
    }

    @Test
    void renames() {
        sends(
                d -> d.serviceInstances().rename("i1", "OLD"),
                "{}",
                "PATCH /apps/v3/service-instances/i1/",
                "{'prefix':'OLD'}");
    }

    @Test
    void deletes() {
        sends(d -> d.serviceInstances().delete("i1"), "", "DELETE /apps/v3/service-instances/i1/", "");
    }

    @Test
    void startsABackup() {
        sends(
                d -> {
                    Backup backup = d.backups()
                            .create(NewBackup.builder("e1", List.of("i1", "i2"))
                                    .notes("before the upgrade")
                                    .scheduledForDeletionAt(Instant.parse("2026-03-02T00:00:00Z"))
                                    .build());
                    assertThat(backup.id()).isEqualTo("b1");
                    assertThat(backup.environmentId()).isEqualTo("e1");
                    assertThat(backup.state()).isEqualTo(BackupState.UNKNOWN);
                    assertThat(backup.finished()).isFalse();
                },
                "{'uuid': 'b1'}",
                "POST /apps/v3/backups/",
                "{'environment':'e1','services':['i1','i2'],'trigger':'MANUAL',"
                        + "'scheduled_for_deletion_at':'2026-03-02T00:00:00Z','notes':'before the upgrade'}");
    }

    @Test
    void startsABackupWithoutDeletionDate() {
        sends(
                d -> d.backups().create(NewBackup.builder("e1", List.of("i1")).build()),
                "{'uuid': 'b1'}",
                "POST /apps/v3/backups/",
                "{'environment':'e1','services':['i1'],'trigger':'MANUAL','notes':''}");
    }

    @Test
    void readsABackup() {
        reads(d -> d.backups().get("b1"), "{'uuid': 'b1'}", "/apps/v3/backups/b1/");
    }

    @Test
    void listsTheBackupsOfAllEnvironments() {
        api.answers("{'results': [{'uuid': 'b1', 'environment': 'e1'}, {'uuid': 'b2', 'environment': 'e2'}]}");
        assertThat(divio.backups().list().toList())
                .extracting(Backup::environmentId)
                .containsExactly("e1", "e2");
        assertThat(api.lines()).containsExactly("GET /apps/v3/backups/");
    }

    @Test
    void listsTheBackupsOfAnEnvironmentEvenWhenThePlatformDoesNotFilter() {
        api.answers(
                "{'results': [{'uuid': 'b1', 'environment': 'e1'}, {'uuid': 'b2', 'environment': 'e2'}, {'uuid': 'b3'}]}");
        assertThat(divio.backups().list("e1").toList()).extracting(Backup::id).containsExactly("b1");
        assertThat(api.lines()).containsExactly("GET /apps/v3/backups/?environment=e1");
    }

    @Test
    void readsAPartOfABackup() {
        reads(d -> d.serviceInstanceBackups().get("p1"), "{'uuid': 'p1'}", "/apps/v3/service-instance-backups/p1/");
    }

    @Test
    void listsThePartsOfABackup() {
        api.answers("{'results': [{'uuid': 'p1', 'backup': 'b1'}, {'uuid': 'p2', 'backup': 'b2'}]}");
        assertThat(divio.serviceInstanceBackups().list("b1").toList()).hasSize(1);
        assertThat(api.lines()).containsExactly("GET /apps/v3/service-instance-backups/?backup=b1");
    }

    @Test
    void startsARestoreIntoAnotherInstance() {
        sends(
                d -> {
                    Restore restore = d.restores()
                            .create(NewRestore.builder("b1")
                                    .into("i9", "p1")
                                    .notes("step 5")
                                    .build());
                    assertThat(restore.id()).isEqualTo("r1");
                    assertThat(restore.backupId()).isEqualTo("b1");
                    assertThat(restore.finished()).isFalse();
                },
                "{'uuid': 'r1'}",
                "POST /apps/v3/backup-restores/",
                "{'backup':'b1','service_instance_restores':"
                        + "[{'service_instance_backup':'p1','service_instance':'i9'}],'notes':'step 5'}");
    }

    @Test
    void startsARestoreInPlace() {
        sends(
                d -> d.restores().create(NewRestore.builder("b1").inPlace("p1").build()),
                "{'uuid': 'r1'}",
                "POST /apps/v3/backup-restores/",
                "{'backup':'b1','service_instance_restores':[{'service_instance_backup':'p1'}],'notes':''}");
    }

    @Test
    void readsARestore() {
        reads(d -> d.restores().get("r1"), "{'uuid': 'r1'}", "/apps/v3/backup-restores/r1/");
    }

    @Test
    void listsRestores() {
        reads(d -> d.restores().list().toList(), "{'results': []}", "/apps/v3/backup-restores/");
    }

    @Test
    void deploys() {
        sends(
                d -> assertThat(d.deployments().create("e1").environmentId()).isEqualTo("e1"),
                "{'uuid': 'd1'}",
                "POST /apps/v3/deployments/",
                "{'environment':'e1'}");
    }

    @Test
    void deploysWithABuildMode() {
        sends(
                d -> d.deployments().create("e1", BuildMode.ADOPT),
                "{'uuid': 'd1'}",
                "POST /apps/v3/deployments/",
                "{'environment':'e1','build_mode':'ADOPT'}");
    }

    @Test
    void readsADeployment() {
        reads(d -> d.deployments().get("d1"), "{'uuid': 'd1'}", "/apps/v3/deployments/d1/");
    }

    @Test
    void takesTheFirstDeploymentAsTheLatest() {
        api.answers("{'results': [{'uuid': 'd2', 'environment': 'e1'}, {'uuid': 'd1', 'environment': 'e1'}]}");
        assertThat(divio.deployments().latest("e1")).map(Deployment::id).contains("d2");
        assertThat(api.lines()).containsExactly("GET /apps/v3/deployments/?environment=e1");
    }

    @Test
    void hasNoLatestDeploymentWhenThereWasNone() {
        api.answers("{'results': []}");
        assertThat(divio.deployments().latest("e1")).isEmpty();
    }

    @Test
    void readsTheVariablesOfADeployment() {
        reads(
                d -> assertThat(d.deployments().environmentVariables("d1").names())
                        .containsExactly("A", "B"),
                "{'environment': 'e1', 'environment_variables': {'B': '2', 'A': 1, 'C': null}}",
                "/apps/v3/deployments/d1/environment-variables");
    }

    @Test
    void anIdCannotChangeWhatIsCalled() {
        reads(d -> d.backups().get("a/../b?c#d"), "{'uuid': 'b1'}", "/apps/v3/backups/a%2F..%2Fb%3Fc%23d/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "..", "."})
    void anIdThatIsNoneIsRefusedBeforeAnythingIsSent(String id) {
        assertThatThrownBy(() -> divio.backups().get(id)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> divio.serviceInstances().delete(id)).isInstanceOf(IllegalArgumentException.class);
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void aClosedClientMakesNoCall() {
        divio.close();
        assertThatThrownBy(() -> divio.backups().get("b1")).isInstanceOf(IllegalStateException.class);
        assertThat(api.requests()).isEmpty();
    }
}
