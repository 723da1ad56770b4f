package io.github.divio4j.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.divio4j.client.model.Account;
import io.github.divio4j.client.model.Application;
import io.github.divio4j.client.model.BackupUpload;
import io.github.divio4j.client.model.EnvironmentVariable;
import io.github.divio4j.client.model.KeyType;
import io.github.divio4j.client.model.LogPage;
import io.github.divio4j.client.model.NewApplication;
import io.github.divio4j.client.model.NewBackup;
import io.github.divio4j.client.model.Organisation;
import io.github.divio4j.client.model.PlanGroup;
import io.github.divio4j.client.model.Region;
import io.github.divio4j.client.model.ReleaseCommand;
import io.github.divio4j.client.model.Repository;
import io.github.divio4j.client.model.RepositoryState;
import io.github.divio4j.client.model.TemplateService;
import io.github.divio4j.client.model.UploadPart;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the calls around an upgrade send, and what is read from their answers. */
class MoreRequestsTest {
    private final Fixture api = new Fixture();
    private final DivioClient divio = api.divio;

    @AfterEach
    void close() {
        api.close();
    }

    private void sent(String line, String body) {
        assertThat(api.lines()).containsExactly(line);
        RecordedRequest request = api.onlyRequest();
        assertThat(request.getBody() == null ? "" : request.getBody().utf8()).isEqualTo(body.replace('\'', '"'));
    }

    @Test
    void copiesAnEnvironment() {
        api.answers("{'uuid': 'e9'}");
        assertThat(divio.environments().copy("e1", "trial"))
                .hasFieldOrPropertyWithValue("id", "e9")
                .hasFieldOrPropertyWithValue("slug", "trial");
        sent("POST /apps/v3/environments/e1/copy/", "{'new_slug':'trial'}");
    }

    @Test
    void changesTheBranchOfAnEnvironment() {
        api.answers("whatever");
        divio.environments().updateBranch("e1", "main");
        sent("PATCH /apps/v3/environments/e1/", "{'branch':'main'}");
    }

    @Test
    void listsTheVariablesOfAnEnvironment() {
        api.answers("""
                {'results': [
                  {'environment': 'e1', 'name': 'DEBUG', 'value': 'no', 'is_sensitive': false},
                  {'environment': 'e1', 'name': 'KEY', 'is_sensitive': true},
                  {'environment': 'e2', 'name': 'DEBUG', 'value': 'yes', 'is_sensitive': false}]}""");
        assertThat(divio.environmentVariables().list("e1").toList())
                .containsExactly(
                        new EnvironmentVariable("e1", "DEBUG", "no", false),
                        new EnvironmentVariable("e1", "KEY", null, true));
        sent("GET /apps/v3/environment-variables/?environment=e1", "");
    }

    @Test
    void listsOneVariableOfAnEnvironment() {
        api.answers("{'results': [{'name': 'OTHER', 'value': 'x'}, {'name': 'KEY', 'value': 'hunter2'}]}");
        assertThat(divio.environmentVariables().list("e1", "KEY").toList())
                .hasToString("[EnvironmentVariable[environmentId=e1, name=KEY, value=***, sensitive=true]]");
        sent("GET /apps/v3/environment-variables/?environment=e1&name=KEY", "");
    }

    @Test
    void listsTheVariablesOfAnApplication() {
        api.answers("{'results': [{'environment': 'e1', 'name': 'A'}, {'environment': 'e2', 'name': 'A'}]}");
        assertThat(divio.environmentVariables().listOfApplication("a1").toList())
                .extracting(EnvironmentVariable::environmentId)
                .containsExactly("e1", "e2");
        sent("GET /apps/v3/environment-variables/?application=a1", "");
    }

    @Test
    void followsTheLogOfAnEnvironment() {
        String next = "http://127.0.0.1:" + api.server.getPort() + "/apps/v3/environments/e1/logs/?from=7";
        api.answers(
                "{'results': [{'timestamp': '2026-03-01T12:00:00.123Z', 'service': 'web', 'message': 'hunter2'}], 'next': '"
                        + next + "'}",
                "{'results': [], 'next': '" + next + "'}",
                "{'results': [], 'next': null}");
        LogPage first = divio.environments().log("e1");
        assertThat(first.lines())
                .extracting("timestamp", "service", "message")
                .containsExactly(tuple(Instant.parse("2026-03-01T12:00:00.123Z"), "web", "hunter2"));
        assertThat(first).hasToString("LogPage[1 lines]");
        LogPage second = divio.environments().logAfter(first);
        assertThat(second.lines()).isEmpty();
        LogPage third = divio.environments().logAfter(second);
        assertThat(api.lines())
                .containsExactly(
                        "GET /apps/v3/environments/e1/logs/",
                        "GET /apps/v3/environments/e1/logs/?from=7",
                        "GET /apps/v3/environments/e1/logs/?from=7");
        assertThatThrownBy(() -> divio.environments().logAfter(third)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void doesNotFollowALogToAnotherHost() {
        assertThatThrownBy(() -> divio.environments().logAfter(new LogPage(List.of(), "https://evil.invalid/")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void readsTheLogOfAnEnvironmentFromAMomentOn() {
        api.answers("{'results': []}");
        divio.environments().log("e1", Instant.parse("2026-03-01T12:00:00Z"));
        sent("GET /apps/v3/environments/e1/logs/?from_ts=2026-03-01T12%3A00%3A00Z", "");
    }

    @Test
    void readsTheLogOfADeployment() {
        api.answers("{'uuid': 'd1', 'logs': 'step 1\\nstep 2'}");
        assertThat(divio.deployments().log("d1")).isEqualTo("step 1\nstep 2");
        sent("GET /apps/v3/deployments/d1/logs", "");
    }

    @Test
    void listsTheDeploymentsOfAnApplication() {
        api.answers("{'results': [{'uuid': 'd1', 'environment': 'e1'}]}");
        assertThat(divio.deployments().listOfApplication("a1").toList()).hasSize(1);
        sent("GET /apps/v3/deployments/?application=a1", "");
    }

    @Test
    void listsTheCatalogueForAnApplication() {
        api.answers("{'results': []}");
        divio.services().list("r1", "a1").toList();
        sent("GET /apps/v3/services/?region=r1&website=a1", "");
    }

    @Test
    void listsSomeRegions() {
        api.answers("{'results': [{'uuid': 'r1', 'name': 'eu'}, {'uuid': 'r3'}, {'uuid': 'r2'}]}");
        assertThat(divio.regions().list(List.of("r2", "r1")).toList())
                .containsExactly(new Region("r1", "eu"), new Region("r2", ""));
        sent("GET /apps/v3/regions/?uuid=r1&uuid=r2", "");
        assertThatThrownBy(() -> divio.regions().list(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void asksForADownload() {
        api.answers("{'uuid': 'w1'}");
        assertThat(divio.backupDownloads().create("b1", List.of("p1", "p2")).id())
                .isEqualTo("w1");
        sent(
                "POST /apps/v3/backup-downloads/",
                "{'backup':'b1','service_instance_backups':['p1','p2'],'trigger':'PULL'}");
        assertThatThrownBy(() -> divio.backupDownloads().create("b1", List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void listsThePartsOfADownload() {
        api.answers("{'results': [{'uuid': 'x1'}]}");
        assertThat(divio.backupDownloads().parts("w1").toList()).singleElement().satisfies(part -> {
            assertThat(part.id()).isEqualTo("x1");
            assertThat(part.finished()).isFalse();
        });
        sent("GET /apps/v3/backup-download-service-instances/?backup=w1", "");
    }

    @Test
    void readsAPartOfADownloadAndDoesNotShowItsUrl() {
        api.answers(
                "{'ended_at': '2026-03-01T12:00:00Z', 'errors': null, 'download_url': 'https://x.example/f?sig=hunter2'}");
        var part = divio.backupDownloads().getPart("x1");
        assertThat(part.succeeded()).isTrue();
        assertThat(part.empty()).isFalse();
        assertThat(part.downloadUrl()).isEqualTo("https://x.example/f?sig=hunter2");
        assertThat(part)
                .hasToString(
                        "ServiceInstanceDownload[id=x1, endedAt=2026-03-01T12:00:00Z, errors=[], downloadUrl=***]");
        sent("GET /apps/v3/backup-download-service-instances/x1", "");
    }

    @Test
    void startsAnUpload() {
        api.answers("""
                {'uuid': 'b1', 'results': {'i1': {'handler': 'exo-presigned-v1', 'finish_url': 'https://f.example/x',
                  'upload_parameters': {'url': 'https://u.example/y', 'max_file_size': 5368709120, 'none': null}}}}""");
        BackupUpload upload = divio.uploads()
                .create(NewBackup.builder("e1", List.of("i1"))
                        .notes("mine")
                        .scheduledForDeletionAt(Instant.parse("2026-03-02T00:00:00Z"))
                        .build());
        assertThat(upload)
                .isEqualTo(new BackupUpload(
                        "b1",
                        List.of(new UploadPart(
                                "i1",
                                "exo-presigned-v1",
                                "https://f.example/x",
                                Map.of("url", "https://u.example/y", "max_file_size", "5368709120")))))
                .hasToString("BackupUpload[id=b1, parts=[UploadPart[serviceInstanceId=i1, handler=exo-presigned-v1,"
                        + " finishUrl=***, parameters=***]]]");
        sent(
                "POST /apps/v3/backups/upload/",
                "{'environment':'e1','services':['i1'],'scheduled_for_deletion_at':'2026-03-02T00:00:00Z','notes':'mine'}");
    }

    @Test
    void makesARepositoryKnownThatIsReadWithAKey() {
        api.answers("{'uuid': 'g1', 'auth_info': 'ssh-ed25519 AAAA'}");
        assertThat(divio.repositories().createWithKey("o1", "git@example.com:a.git", KeyType.ED25519))
                .isEqualTo(new Repository("g1", null, RepositoryState.UNKNOWN, "ssh-ed25519 AAAA"));
        sent("POST /apps/v3/repositories/", "{'organisation':'o1','url':'git@example.com:a.git','key_type':'ED25519'}");
    }

    @Test
    void makesARepositoryKnownThatIsReadWithAPassword() {
        api.answers("{'uuid': 'g1'}");
        divio.repositories().createWithPassword("o1", "https://example.com/a.git", "me", "hunter2");
        sent(
                "POST /apps/v3/repositories/",
                "{'organisation':'o1','url':'https://example.com/a.git','username':'me','password':'hunter2'}");
    }

    @Test
    void readsARepositoryAndDoesNotShowItsUrl() {
        api.answers("{'uuid': 'g1', 'dsn': 'https://me:hunter2@example.com/a.git', 'state': 'Cloned'}");
        Repository repository = divio.repositories().get("g1");
        assertThat(repository.state()).isEqualTo(RepositoryState.CLONED);
        assertThat(repository).hasToString("Repository[id=g1, url=***, state=CLONED, publicKey=null]");
        sent("GET /apps/v3/repositories/g1/", "");
    }

    @Test
    void checksARepository() {
        api.answers("{'code': 'success'}");
        assertThat(divio.repositories().check("g1", "main")).isEqualTo("success");
        sent("POST /apps/v3/repositories/g1/check/", "{'branch':'main','migrate':'true'}");
    }

    @Test
    void listsTemplates() {
        api.answers("{'results': [{'uuid': 't1', 'name': 'Django'}]}");
        assertThat(divio.appTemplates().list().toList()).hasSize(1);
        sent("GET /apps/v3/app-templates/", "");
    }

    @Test
    void readsATemplateInBothOfItsForms() {
        api.answers("""
                {'uuid': 't1', 'release_commands': [{'label': 'migrate', 'command': 'start migrate'}],
                 'services': [{'id': 'fsm-postgres', 'prefix': 'DEFAULT'}, {'identifier': 's3', 'id': '7'}]}""");
        var template = divio.appTemplates().get("t1");
        assertThat(template.releaseCommands()).containsExactly(new ReleaseCommand("migrate", "start migrate"));
        assertThat(template.services())
                .containsExactly(new TemplateService("fsm-postgres", "DEFAULT"), new TemplateService("s3", ""));
        sent("GET /apps/v3/app-templates/t1/", "");
    }

    @Test
    void listsOrganisations() {
        api.answers("{'results': [{'uuid': 'o1', 'name': 'Us', 'created_at': '2020-01-01T00:00:00Z'}]}");
        assertThat(divio.organisations().list().toList())
                .containsExactly(new Organisation("o1", "Us", Instant.parse("2020-01-01T00:00:00Z")));
        sent("GET /iam/v3/organisations/", "");
    }

    @Test
    void readsAnOrganisation() {
        api.answers("{'uuid': 'o1', 'name': 'Us'}");
        assertThat(divio.organisations().get("o1").name()).isEqualTo("Us");
        sent("GET /iam/v3/organisations/o1/", "");
    }

    @Test
    void readsTheAccountOfTheToken() {
        api.answers("{'uuid': 'u1', 'email': 'me@example.com', 'first_name': null}");
        assertThat(divio.me()).isEqualTo(new Account("u1", "me@example.com", "", ""));
        sent("GET /iam/v3/me/", "");
    }

    @Test
    void listsPlanGroups() {
        api.answers("{'results': [{'uuid': 'p1', 'name': 'Standard'}]}");
        assertThat(divio.planGroups().list("o1").toList()).containsExactly(new PlanGroup("p1", "Standard", List.of()));
        sent("GET /billing/v3/application-plan-groups/?organisation=o1", "");
    }

    @Test
    void readsAPlanGroup() {
        api.answers("{'uuid': 'p1', 'regions': ['r1', {'uuid': 'r2'}]}");
        assertThat(divio.planGroups().get("p1").regionIds()).containsExactly("r1", "r2");
        sent("GET /billing/v3/application-plan-groups/p1/", "");
    }

    private static NewApplication.Builder shop() {
        return NewApplication.builder()
                .name("The shop")
                .slug("shop")
                .organisation("o1")
                .planGroup("p1")
                .region("r1");
    }

    @Test
    void createsAnApplicationAsTheOfficialToolDoes() {
        api.answers("{'uuid': 'a1'}");
        assertThat(divio.applications().create(shop().build()))
                .isEqualTo(new Application("a1", "shop", "The shop", "o1", null));
        sent(
                "POST /apps/v3/applications/",
                "{'name':'The shop','slug':'shop','organisation':'o1','plan_group':'p1','region':'r1',"
                        + "'app_template':null,'release_commands':null,'repository':null,'branch':'main'}");
    }

    @Test
    void createsAnApplicationWithEverything() {
        api.answers("{'uuid': 'a1', 'slug': 'shop-1', 'name': 'Shop', 'organisation': 'o2', 'repository': 'g2'}");
        Application made = divio.applications()
                .create(shop().appTemplate("https://t.example/1/")
                        .releaseCommands(List.of(new ReleaseCommand("Migrate", "migrate")))
                        .repository("g1")
                        .branch("develop")
                        .build());
        assertThat(made).isEqualTo(new Application("a1", "shop-1", "Shop", "o2", "g2"));
        sent(
                "POST /apps/v3/applications/",
                "{'name':'The shop','slug':'shop','organisation':'o1','plan_group':'p1','region':'r1',"
                        + "'app_template':'https://t.example/1/',"
                        + "'release_commands':[{'label':'Migrate','command':'migrate'}],"
                        + "'repository':'g1','branch':'develop'}");
    }

    @Test
    void anApplicationThatLacksAPartIsNotAskedFor() {
        assertThatThrownBy(() -> NewApplication.builder()
                        .name("The shop")
                        .slug("shop")
                        .organisation("o1")
                        .region("r1")
                        .build())
                .isInstanceOf(NullPointerException.class)
                .hasMessage("planGroupId");
        assertThatThrownBy(() -> shop().slug(" ")).isInstanceOf(IllegalArgumentException.class);
    }
}
