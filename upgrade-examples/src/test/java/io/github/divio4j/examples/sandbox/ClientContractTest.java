package io.github.divio4j.examples.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.divio4j.client.ContractCheck;
import io.github.divio4j.client.ContractReport;
import io.github.divio4j.client.DivioClient;
import io.github.divio4j.client.error.DivioValidationException;
import io.github.divio4j.client.model.AppTemplate;
import io.github.divio4j.client.model.Application;
import io.github.divio4j.client.model.Environment;
import io.github.divio4j.client.model.KeyType;
import io.github.divio4j.client.model.NewApplication;
import io.github.divio4j.client.model.Organisation;
import io.github.divio4j.client.model.PlanGroup;
import io.github.divio4j.client.model.Repository;
import java.io.IOException;
import java.time.Duration;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** The sandbox serves what the client calls, and says so in its own description. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientContractTest {
    private final Sandbox sandbox =
            Sandbox.builder().databases(Databases.NONE).speed(100).start();

    @AfterAll
    void stop() {
        sandbox.close();
    }

    private DivioClient client(Interceptor... interceptors) {
        OkHttpClient.Builder http = new OkHttpClient.Builder();
        for (Interceptor interceptor : interceptors) {
            http.addInterceptor(interceptor);
        }
        return DivioClient.builder()
                .baseUrl(sandbox.baseUrl())
                .token(sandbox.token())
                .okHttpClient(http.build())
                .build();
    }

    private static ContractCheck restore(ContractReport report) {
        return report.find("POST", "/apps/v3/backup-restores/").orElseThrow();
    }

    @Test
    void theDescriptionOfTheSandboxConfirmsEveryCallOfTheClient() {
        sandbox.requests().clear();
        try (DivioClient divio = client()) {
            ContractReport report = divio.contract().verify();
            assertThat(report.confirmed()).as(report.toString()).isTrue();
            assertThat(report.checks()).hasSizeGreaterThan(45);
        }
        assertThat(sandbox.requests().all()).extracting(HandledRequest::method).containsOnly("GET", "OPTIONS");
    }

    @Test
    void withoutADescriptionTheSandboxConfirmsTheRestoreTargetWhenAsked() {
        try (DivioClient divio =
                client(chain -> chain.request().url().encodedPath().endsWith("schema.json")
                        ? new Response.Builder()
                                .request(chain.request())
                                .protocol(okhttp3.Protocol.HTTP_1_1)
                                .code(404)
                                .message("Not Found")
                                .build()
                        : chain.proceed(chain.request()))) {
            ContractReport report = divio.contract().verify();
            assertThat(restore(report).status()).isEqualTo(ContractCheck.Status.CONFIRMED);
            assertThat(report.with(ContractCheck.Status.DIFFERENT)).isEmpty();
            assertThat(report.with(ContractCheck.Status.MISSING)).isEmpty();
        }
    }

    @Test
    void aPlatformThatNamesTheRestoreTargetOtherwiseIsReported() {
        try (DivioClient divio = client(ClientContractTest::renameTheTarget)) {
            ContractReport report = divio.contract().verify();
            assertThat(restore(report))
                    .hasToString("DIFFERENT POST /apps/v3/backup-restores/"
                            + " (the field service_instance_restores[].service_instance is not described)");
            assertThat(report.with(ContractCheck.Status.DIFFERENT)).hasSize(1);
        }
    }

    private static Response renameTheTarget(Interceptor.Chain chain) throws IOException {
        Response response = chain.proceed(chain.request());
        ResponseBody body = response.body();
        return response.newBuilder()
                .body(ResponseBody.create(
                        body.string().replace("\"service_instance\":", "\"destination\":"), body.contentType()))
                .build();
    }

    @Test
    void theClientMakesAnApplicationFromARepository() {
        try (DivioClient divio = client()) {
            Organisation organisation = divio.organisations().list().findFirst().orElseThrow();
            PlanGroup plans = divio.planGroups()
                    .get(divio.planGroups()
                            .list(organisation.id())
                            .findFirst()
                            .orElseThrow()
                            .id());
            AppTemplate template = divio.appTemplates()
                    .get(divio.appTemplates().list().findFirst().orElseThrow().id());
            Repository repository =
                    divio.repositories().createWithKey(organisation.id(), "git@git.example:books.git", KeyType.ED25519);
            assertThat(divio.repositories().check(repository.id(), "main")).isEqualTo("waiting");
            divio.waiters().repository(repository.id()).within(Duration.ofSeconds(30));
            assertThat(divio.repositories().check(repository.id(), "main")).isEqualTo("success");

            Application made = divio.applications()
                    .create(NewApplication.builder()
                            .name("Books")
                            .slug("books")
                            .organisation(organisation.id())
                            .planGroup(plans.id())
                            .region(plans.regionIds().get(0))
                            .appTemplate(template.url())
                            .releaseCommands(template.releaseCommands())
                            .repository(repository.id())
                            .branch("develop")
                            .build());

            assertThat(divio.applications().getBySlug("books")).isEqualTo(made);
            assertThat(made)
                    .isEqualTo(new Application(made.id(), "books", "Books", organisation.id(), repository.id()));
            assertThat(divio.environments().list(made.id()))
                    .extracting(Environment::branch)
                    .containsOnly("develop");
        }
    }

    @Test
    void aSlugThatIsTakenIsRefusedByItsField() {
        try (DivioClient divio = client()) {
            NewApplication twin = NewApplication.builder()
                    .name("Twin")
                    .slug(sandbox.applicationSlug())
                    .organisation(sandbox.organisationId())
                    .planGroup(divio.planGroups()
                            .list(sandbox.organisationId())
                            .findFirst()
                            .orElseThrow()
                            .id())
                    .region(sandbox.regionId())
                    .build();
            assertThatThrownBy(() -> divio.applications().create(twin))
                    .isInstanceOfSatisfying(
                            DivioValidationException.class,
                            refused ->
                                    assertThat(refused.errors().field("slug")).hasSize(1));
        }
    }
}
