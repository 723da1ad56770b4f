package io.github.divio4j.examples.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.client.DivioClient;
import io.github.divio4j.examples.sandbox.Databases;
import io.github.divio4j.examples.sandbox.Sandbox;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ListPostgresServicesTest {
    private static final String SCRIPT = "ListPostgresServices";
    private static final Map<String, String> TWO_ORGANISATIONS = Map.of(
            "/iam/v3/organisations/",
            page("{'uuid': 'o1', 'name': 'Acme'}, {'uuid': 'o2', 'name': 'Other Ltd'}"),
            "/apps/v3/regions/",
            page("{'uuid': 'r1', 'name': 'Frankfurt'}"),
            "/apps/v3/services/",
            page(service("s1", "PostgreSQL Database 9.6", "")
                    + ", " + service("s2", "postgres v15.4", "")
                    + ", " + service("s3", "PostgreSQL 16GB", "postgresql-17-shared")
                    + ", " + service("s4", "PostgreSQL Database", "")
                    + ", " + service("s5", "MySQL Database 8.0", "mysql-80")),
            "/apps/v3/applications/",
            page(
                    "{'uuid': 'a1', 'slug': 'shop', 'organisation': 'o1'}, {'uuid': 'a2', 'slug': 'else', 'organisation': 'o2'}"),
            "/apps/v3/environments/",
            page(
                    "{'uuid': 'e1', 'slug': 'live', 'application': 'a1'}, {'uuid': 'e2', 'slug': 'live', 'application': 'a2'}"),
            "/apps/v3/service-instances/",
            page(instance("e1", "s1", "OLD") + ", " + instance("e1", "s2", "DEFAULT") + ", "
                    + instance("e1", "s3", "NEW") + ", " + instance("e1", "s4", "PLAIN") + ", "
                    + instance("e1", "s5", "MYSQL") + ", " + instance("e1", "retired", "OLDEST") + ", "
                    + instance("e2", "s1", "DEFAULT")));

    private static String page(String rows) {
        return "{'count': 1, 'next': null, 'results': [" + rows + "]}";
    }

    private static String service(String id, String name, String identifier) {
        return "{'uuid': '" + id + "', 'name': '" + name + "', 'type': 'DATABASE', 'identifier': '" + identifier + "'}";
    }

    private static String instance(String environment, String service, String prefix) {
        return "{'uuid': '" + environment + prefix + "', 'environment': '" + environment + "', 'service': '" + service
                + "', 'prefix': '" + prefix + "', 'type': 'DATABASE', 'service_status': 'ATTACHED'}";
    }

    private static List<String> rows(ScriptRun.Result run) {
        return run.out().lines().map(line -> line.replaceAll(" {2,}", "|")).toList();
    }

    @Test
    void theServicesOfAllPagesOfApplicationsAreListed() throws Exception {
        try (Sandbox sandbox = Sandbox.builder()
                        .databases(Databases.NONE)
                        .token(ScriptRun.TOKEN)
                        .start();
                DivioClient divio = DivioClient.builder()
                        .baseUrl(sandbox.baseUrl())
                        .token(ScriptRun.TOKEN)
                        .build()) {
            String plan = divio.planGroups()
                    .list(sandbox.organisationId())
                    .findFirst()
                    .orElseThrow()
                    .id();
            for (int number = 1; number <= 20; number++) {
                createApplication(sandbox, plan, "app-" + number);
            }
            String last = divio.environments()
                    .getBySlug(divio.applications().getBySlug("app-20").id(), "live")
                    .id();
            divio.serviceInstances()
                    .create(last, sandbox.regionId(), sandbox.serviceId("PostgreSQL Database 15"), "NEW");

            ScriptRun.Result run = ScriptRun.ofSource(SCRIPT, sandbox.baseUrl().toString());

            assertThat(rows(run))
                    .containsExactly(
                            "APPLICATION|ENVIRONMENT|PREFIX|SERVICE|VERSION|STATUS",
                            "order-book|test|DEFAULT|PostgreSQL Database 13|13|ATTACHED",
                            "order-book|live|DEFAULT|PostgreSQL Database 13|13|ATTACHED",
                            "app-20|live|NEW|PostgreSQL Database 15|15|NEW");
            assertThat(run.err()).isEmpty();
            assertThat(run.exitCode()).isZero();
        }
    }

    private static void createApplication(Sandbox sandbox, String plan, String slug)
            throws IOException, InterruptedException {
        String body = String.format(
                "{\"name\": \"%s\", \"slug\": \"%s\", \"organisation\": \"%s\", \"plan_group\": \"%s\", \"region\": \"%s\"}",
                slug, slug, sandbox.organisationId(), plan, sandbox.regionId());
        URI uri = sandbox.baseUrl().resolve("/apps/v3/applications/");
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(uri)
                                .header("Authorization", "Token " + sandbox.token())
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    @Test
    void onlyTheOrganisationIsListedAndEveryFormOfAVersionIsRead() throws Exception {
        try (CannedApi api = new CannedApi(TWO_ORGANISATIONS)) {
            ScriptRun.Result run = ScriptRun.of(SCRIPT, api.baseUrl(), "Acme");

            assertThat(rows(run).subList(1, rows(run).size()))
                    .containsExactly(
                            "shop|live|OLD|PostgreSQL Database 9.6|9.6|ATTACHED",
                            "shop|live|DEFAULT|postgres v15.4|15|ATTACHED",
                            "shop|live|NEW|PostgreSQL 16GB|17|ATTACHED",
                            "shop|live|PLAIN|PostgreSQL Database|?|ATTACHED",
                            "shop|live|OLDEST|Postgres? not in catalogue|?|ATTACHED");
            assertThat(run.exitCode()).isZero();
        }
    }

    @Test
    void anAccountWithSeveralOrganisationsHasToNameOne() throws Exception {
        try (CannedApi api = new CannedApi(TWO_ORGANISATIONS)) {
            ScriptRun.Result run = ScriptRun.of(SCRIPT, api.baseUrl());

            assertThat(run.err()).contains("ORGANISATION", "o1  Acme", "o2  Other Ltd");
            assertThat(run.out()).isEmpty();
            assertThat(run.exitCode()).isEqualTo(2);
        }
    }

    @Test
    void aMissingTokenIsSaidWithWhereItWasLookedFor() throws Exception {
        ScriptRun.Result run =
                ScriptRun.start(SCRIPT, Map.of("DIVIO_ZONE", "sandbox.invalid")).end();

        assertThat(run.err())
                .hasLineCount(1)
                .contains("no token for api.sandbox.invalid", "the environment variable DIVIO_API_TOKEN", "netrc");
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void aFailureIsASentence() throws Exception {
        try (CannedApi api = new CannedApi(Map.of())) {
            ScriptRun.Result run = ScriptRun.of(SCRIPT, api.baseUrl());

            assertThat(run.err()).hasLineCount(1).startsWith("GET /iam/v3/organisations/ ");
            assertThat(run.exitCode()).isEqualTo(1);
        }
    }
}
