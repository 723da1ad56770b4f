package io.github.divio4j.examples.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the API looks on the wire. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WireTest {
    private static final String ENVIRONMENTS = "/apps/v3/environments/";
    private static final String APPLICATIONS = "/apps/v3/applications/";
    private static final String INSTANCES = "/apps/v3/service-instances/";

    private final Sandbox sandbox = Sandbox.builder()
            .databases(Databases.NONE)
            .speed(100)
            .environments(Sandbox.environmentNames(45))
            .variable("CURRENCY", "EUR")
            .sensitiveVariable("PAYMENT_KEY", "secret")
            .start();
    private final Api api = new Api(sandbox);

    @AfterAll
    void stop() {
        sandbox.close();
    }

    private static List<Object> uuids(Api.Answer page) {
        return page.results().stream().map(row -> row.get("uuid")).toList();
    }

    // Pages

    @Test
    void aPageHasTwentyRowsUnlessToldOtherwise() {
        Api.Answer page = api.get(ENVIRONMENTS).expect(200);

        assertThat(page.results()).hasSize(20);
        assertThat(page.body()).containsEntry("count", 45L).containsEntry("previous", null);
        assertThat(page.text("next")).isEqualTo(sandbox.baseUrl() + ENVIRONMENTS + "?page=2");
    }

    @Test
    void theNextLinksLeadThroughAllRows() {
        List<Object> seen = new ArrayList<>();
        String next = ENVIRONMENTS + "?application=" + sandbox.applicationId() + "&page_size=7";
        int pages = 0;
        while (next != null) {
            Api.Answer page = api.get(next).expect(200);
            seen.addAll(uuids(page));
            next = page.text("next");
            pages++;
        }

        assertThat(pages).isEqualTo(7);
        assertThat(seen)
                .containsExactlyElementsOf(sandbox.environments().stream()
                        .map(SandboxEnvironment::id)
                        .toList());
    }

    @Test
    void thePreviousLinkOfTheSecondPageNamesNoPage() {
        assertThat(api.get(ENVIRONMENTS + "?page=2").text("previous")).isEqualTo(sandbox.baseUrl() + ENVIRONMENTS);
    }

    @Test
    void theLinksKeepTheFilters() {
        String query = "?application=" + sandbox.applicationId() + "&page_size=20";

        assertThat(api.get(ENVIRONMENTS + query).text("next"))
                .isEqualTo(sandbox.baseUrl() + ENVIRONMENTS + query + "&page=2");
    }

    @Test
    void aPageHasAHundredRowsAtMost() {
        assertThat(api.get(INSTANCES + "?page_size=1000").results()).hasSize(90);
        assertThat(api.get("/apps/v3/environment-variables/?application=" + sandbox.applicationId() + "&page_size=1000")
                        .expect(200)
                        .results())
                .hasSize(90);
    }

    @ParameterizedTest
    @ValueSource(strings = {"4", "0", "-1", "two"})
    void aPageThatIsNotThereIsNotFound(String page) {
        assertThat(api.get(ENVIRONMENTS + "?page=" + page).expect(404).body())
                .isEqualTo(Map.of("detail", "Invalid page."));
    }

    @Test
    void emptyPartsOfAQueryAreIgnored() {
        assertThat(api.get("/apps/v3/services/?region=" + sandbox.regionId() + "&")
                        .expect(200)
                        .results())
                .isNotEmpty();
    }

    // Refusals

    private Api.Answer withHeader(String method, String path, String... headers) {
        HttpRequest.Builder request = api.request(path).method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return api.send(request.build());
    }

    @Test
    void withoutATokenARequestIsNotAuthenticated() {
        Api.Answer answer = withHeader("GET", APPLICATIONS).expect(401);

        assertThat(answer.body()).isEqualTo(Map.of("detail", "Authentication credentials were not provided."));
        assertThat(answer.response().headers().firstValue("WWW-Authenticate")).hasValue("Token");
    }

    @ParameterizedTest
    @CsvSource({
        "Token wrong, Invalid token.",
        "Bearer sandbox-token, Authentication credentials were not provided.",
        "Basic c2FuZGJveDp0b2tlbg==, Authentication credentials were not provided.",
    })
    void anotherTokenOrSchemeIsNotAuthenticated(String authorization, String detail) {
        assertThat(withHeader("GET", APPLICATIONS, "Authorization", authorization)
                        .expect(401)
                        .body())
                .isEqualTo(Map.of("detail", detail));
    }

    @Test
    void theRootNeedsNoToken() {
        Map<String, Object> root = withHeader("GET", "/apps/v3/").expect(200).body();

        assertThat(root)
                .containsEntry("applications", sandbox.baseUrl() + APPLICATIONS)
                .containsEntry("service-instances", sandbox.baseUrl() + INSTANCES)
                .containsKeys("environments", "deployments", "services", "regions", "backups");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/apps/v3/nothing/", "/apps/v3/applications/nobody/", "/apps/v3/backups/nothing", "/"})
    void whatIsNotThereIsNotFound(String path) {
        assertThat(api.get(path).expect(404).body()).isEqualTo(Map.of("detail", "Not found."));
    }

    @Test
    void aMethodThatAPathDoesNotHaveIsNotAllowed() {
        Api.Answer answer = api.send("PUT", APPLICATIONS, Map.of()).expect(405);

        assertThat(answer.body()).isEqualTo(Map.of("detail", "Method \"PUT\" not allowed."));
        assertThat(answer.response().headers().firstValue("Allow")).hasValue("GET, HEAD, OPTIONS, POST");
    }

    @Test
    void textThatIsNotJsonIsRefused() {
        Api.Answer answer = api.send(api.request("/apps/v3/deployments/")
                .header("Authorization", "Token " + sandbox.token())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{environment"))
                .build());

        assertThat(answer.expect(400).text("detail")).startsWith("JSON parse error - ");
    }

    @Test
    void formsAreReadLikeJson() {
        Api.Answer answer = api.send(api.request("/apps/v3/deployments/")
                .header("Authorization", "Token " + sandbox.token())
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("environment=" + sandbox.environmentId("env-45")))
                .build());

        assertThat(answer.expect(201).body()).containsEntry("environment", sandbox.environmentId("env-45"));
    }

    // Validation

    @Test
    void everyMissingFieldHasItsOwnError() {
        Map<String, Object> errors =
                api.post(APPLICATIONS, Map.of()).expect(400).body();

        assertThat(errors)
                .containsOnlyKeys("name", "slug", "organisation", "plan_group", "region")
                .containsEntry("slug", List.of("This field is required."));
    }

    @Test
    void aSingleValidFieldIsNotAmongTheErrors() {
        assertThat(api.post(APPLICATIONS, Map.of("slug", "unused-slug"))
                        .expect(400)
                        .body())
                .doesNotContainKey("slug")
                .containsKey("name");
    }

    @Test
    void aSlugThatIsTakenIsAnErrorOfItsField() {
        assertThat(api.post(APPLICATIONS, Map.of("slug", sandbox.applicationSlug()))
                        .expect(400)
                        .body())
                .containsEntry("slug", List.of("application with this slug already exists."));
    }

    @Test
    void aUrlThatIsNoneIsAnErrorOfItsField() {
        assertThat(api.post(APPLICATIONS, Map.of("app_template", "template"))
                        .expect(400)
                        .body())
                .containsEntry("app_template", List.of("Enter a valid URL."));
    }

    @Test
    void whatIsMeantToBeAListHasToBeOne() {
        assertThat(api.post(
                                "/apps/v3/backups/",
                                Map.of("environment", sandbox.environmentId("test"), "services", "all"))
                        .expect(400)
                        .body())
                .containsEntry("services", List.of("Expected a list of items but got type \"str\"."));
    }

    // OPTIONS

    @Test
    void optionsTellWhatAPathTakes() {
        Api.Answer answer = api.send("OPTIONS", INSTANCES, Map.of()).expect(200);

        assertThat(answer.response().headers().firstValue("Allow")).hasValue("GET, HEAD, OPTIONS, POST");
        assertThat(answer.body()).containsKeys("name", "renders", "parses");
        assertThat(((Map<?, ?>) ((Map<?, ?>) answer.body().get("actions")).get("POST")).keySet())
                .isEqualTo(java.util.Set.of("environment", "region", "service", "prefix"));
    }

    @Test
    void optionsTellThatAServiceCanBeChangedAndDeleted() {
        String path = INSTANCES + sandbox.instances("test").get(0).id() + "/";

        assertThat(api.send("OPTIONS", path, Map.of())
                        .expect(200)
                        .response()
                        .headers()
                        .firstValue("Allow"))
                .hasValue("DELETE, GET, HEAD, OPTIONS, PATCH");
    }

    // Paths and connections

    @ParameterizedTest
    @ValueSource(
            strings = {"/apps/v3/applications", "/apps/v3/regions", "/iam/v3/me", "/apps/v3", "/apps/v3/schema.json"})
    void everyPathWorksWithAndWithoutASlashAtItsEnd(String path) {
        assertThat(api.get(path).expect(200).body())
                .isEqualTo(api.get(path + "/").expect(200).body());
    }

    @Test
    void aConnectionStaysOpenAfterAGetWithABody() throws IOException {
        URI base = sandbox.baseUrl();
        String body = "{\"limit\": 1}";
        String request = "GET /apps/v3/regions/ HTTP/1.1\r\nHost: " + base.getAuthority()
                + "\r\nAuthorization: Token " + sandbox.token()
                + "\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body;
        List<String> answers = new ArrayList<>();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), base.getPort())) {
            socket.setSoTimeout(10_000);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            for (int i = 0; i < 3; i++) {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                answers.add(answer(in));
            }
        }

        assertThat(answers).hasSize(3).allMatch(text -> text.contains(sandbox.regionId()));
    }

    @SuppressWarnings("deprecation")
    private static String answer(DataInputStream in) throws IOException {
        assertThat(in.readLine()).isEqualTo("HTTP/1.1 200 OK");
        int length = -1;
        for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
            if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
            }
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    @Test
    void timestampsAreInUtc() {
        assertThat(api.get(APPLICATIONS + sandbox.applicationId()).text("created_at"))
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,6})?Z");
    }

    // Environments

    @Test
    void theVariablesOfNeitherAnApplicationNorAnEnvironmentAreRefused() {
        assertThat(api.get("/apps/v3/environment-variables/").expect(400).body())
                .containsKey("non_field_errors");
    }

    @Test
    void theValueOfASensitiveVariableIsLeftOut() {
        List<Map<String, Object>> variables = api.get(
                        "/apps/v3/environment-variables/?environment=" + sandbox.environmentId("live"))
                .results();

        assertThat(variables).hasSize(2);
        assertThat(variables.get(0)).containsEntry("name", "CURRENCY").containsEntry("value", "EUR");
        assertThat(variables.get(1))
                .containsEntry("name", "PAYMENT_KEY")
                .containsEntry("is_sensitive", true)
                .doesNotContainKey("value");
    }

    @Test
    void theEndpointForShellsIsInTheDetailOnly() {
        String id = sandbox.environmentId("live");

        assertThat(api.get(ENVIRONMENTS + id + "/").body()).containsKey("ssh_endpoint");
        assertThat(api.get(ENVIRONMENTS + "?slug=live&application=" + sandbox.applicationId())
                        .results())
                .hasSize(1)
                .noneMatch(row -> row.containsKey("ssh_endpoint"));
    }

    @Test
    void theLogGoesOnAtItsNextLink() {
        String path = ENVIRONMENTS + sandbox.environmentId("env-40") + "/logs/";
        Api.Answer first = api.get(path).expect(200);
        assertThat(first.results()).hasSize(1);
        assertThat(first.results().get(0))
                .containsEntry("service", "web")
                .containsOnlyKeys("timestamp", "service", "message");
        String next = first.text("next");
        assertThat(next).startsWith(sandbox.baseUrl() + path);
        assertThat(api.get(next).results()).isEmpty();

        String deployment = api.deploy("env-40").text("uuid");

        assertThat(api.get(next).results())
                .extracting(line -> line.get("message"))
                .containsExactly("Started by deployment " + deployment);
    }

    @Test
    void theLogCanBeCutToATimeAndStaysCutAtItsNextLink() {
        String path = ENVIRONMENTS + sandbox.environmentId("env-41") + "/logs/?to_ts=2020-01-01T00:00:00Z";

        Api.Answer first = api.get(path).expect(200);

        assertThat(first.results()).isEmpty();
        assertThat(api.get(first.text("next").replaceAll("after=\\d+", "after=0"))
                        .results())
                .isEmpty();
    }

    @Test
    void aCopyOfAnEnvironmentHasItsVariablesAndItsServicesYetToBeProvisioned() {
        try (Sandbox other = Sandbox.builder()
                .databases(Databases.NONE)
                .variable("CURRENCY", "EUR")
                .start()) {
            Api otherApi = new Api(other);

            String copy = otherApi.post(
                            ENVIRONMENTS + other.environmentId("live") + "/copy/", Map.of("new_slug", "stage"))
                    .expect(201)
                    .text("uuid");

            assertThat(other.environmentId("stage")).isEqualTo(copy);
            assertThat(other.instances("stage"))
                    .extracting(InstanceSnapshot::summary)
                    .containsExactly("stage/PostgreSQL Database 13/DEFAULT/NEW", "stage/Object Storage/DEFAULT/NEW");
            assertThat(otherApi.get("/apps/v3/environment-variables/?environment=" + copy)
                            .results())
                    .extracting(row -> row.get("name"), row -> row.get("value"))
                    .containsExactly(org.assertj.core.groups.Tuple.tuple("CURRENCY", "EUR"));
            assertThat(otherApi.get(ENVIRONMENTS + copy + "/").body()).containsEntry("last_finished_deployment", null);
        }
    }

    @Test
    void aCopyNeedsASlugOfItsOwn() {
        assertThat(api.post(ENVIRONMENTS + sandbox.environmentId("live") + "/copy/", Map.of("new_slug", "test"))
                        .expect(400)
                        .body())
                .containsKey("new_slug");
    }

    @Test
    void theBranchOfAnEnvironmentCanBeChanged() {
        String path = ENVIRONMENTS + sandbox.environmentId("env-44") + "/";

        api.patch(path, Map.of("branch", "release")).expect(200);

        assertThat(api.get(path).body()).containsEntry("branch", "release");
    }
}
