package io.github.divio4j.client;

import static io.github.divio4j.client.Fixture.TOKEN;
import static io.github.divio4j.client.Fixture.json;
import static io.github.divio4j.client.Fixture.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.divio4j.client.error.DivioException;
import io.github.divio4j.client.error.DivioProtocolException;
import io.github.divio4j.client.error.DivioUnexpectedStatusException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The token goes to the API and nowhere else. */
class TokenSafetyTest {
    private static String printed(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @Test
    void isSentToTheApiAsTheOfficialToolSendsIt() {
        try (Fixture api = new Fixture().answers("{'results': []}")) {
            api.divio.regions().list().toList();
            assertThat(api.onlyRequest().getHeaders().values("Authorization")).containsExactly("Token " + TOKEN);
        }
    }

    @Test
    void isNotSentToTheTargetOfARedirect() {
        try (Fixture other = new Fixture();
                Fixture api = new Fixture()
                        .answers(status(302, "Location", "http://127.0.0.1:" + other.server.getPort() + "/"))) {
            assertThatThrownBy(() -> api.divio.backups().get("b1")).isInstanceOf(DivioUnexpectedStatusException.class);
            assertThat(other.requests()).isEmpty();
        }
    }

    @Test
    void isNotSentToANextPageElsewhere() {
        try (Fixture other = new Fixture();
                Fixture api = new Fixture()
                        .answers("{'next': 'http://127.0.0.1:%d/apps/v3/regions/?page=2', 'results': [{'uuid': 'r1'}]}"
                                .formatted(other.server.getPort()))) {
            assertThatThrownBy(() -> api.divio.regions().list().toList())
                    .isInstanceOf(DivioProtocolException.class)
                    .hasMessageContaining("not on the origin of the API but on http://127.0.0.1");
            assertThat(other.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://127.0.0.1/",
                "//127.0.0.1/",
                "http://evil.invalid/",
                "http://127.0.0.1.evil.invalid/",
                "file:///etc/passwd",
                "http://user:pw@127.0.0.1/",
                "no link at all",
                "/apps/v3/regions/?page=2"
            })
    void isNotSentToAnythingThatIsNotExactlyTheOrigin(String next) {
        try (Fixture api = new Fixture().answers("{'next': '%s', 'results': []}".formatted(next))) {
            assertThatThrownBy(() -> api.divio.regions().list().toList()).isInstanceOf(DivioProtocolException.class);
            assertThat(api.requests()).hasSize(1);
        }
    }

    @Test
    void isNotShownByTheClientOrItsBuilder() {
        try (Fixture api = new Fixture()) {
            assertThat(api.divio.toString()).contains("127.0.0.1").doesNotContain(TOKEN);
            assertThat(DivioClient.builder().token(TOKEN).toString()).doesNotContain(TOKEN);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 400, 401, 403, 404, 409, 418, 429, 500, 503})
    void isNotShownWhenTheServerEchoesIt(int code) {
        String echo =
                "{'detail': 'Token TOKEN is bad', 'name': ['TOKEN'], 'TOKEN': ['x'], 'non_field_errors': ['TOKEN']}"
                        .replace("TOKEN", TOKEN)
                        .replace('\'', '"');
        try (Fixture api = new Fixture(builder -> builder.maxAttempts(1)).answers(status(code, echo))) {
            Throwable failure = catchThrowable(() -> api.divio.backups().get("b1"));
            assertThat(failure).isInstanceOf(DivioException.class);
            assertThat(printed(failure)).doesNotContain(TOKEN);
        }
    }

    @Test
    void isNotShownWhenTheServerEchoesItAsText() {
        try (Fixture api = new Fixture().answers(status(400, "<html>Authorization: Token " + TOKEN + "</html>"))) {
            Throwable failure = catchThrowable(() -> api.divio.backups().get("b1"));
            assertThat(printed(failure)).contains("html").doesNotContain(TOKEN);
        }
    }

    @Test
    void isNotShownWhenItIsRefusedAsAToken() {
        Throwable failure = catchThrowable(() -> DivioClient.builder().token(TOKEN + " \n"));
        assertThat(failure).isInstanceOf(IllegalArgumentException.class);
        assertThat(printed(failure)).doesNotContain(TOKEN);
    }

    @Test
    void passwordsAndSignaturesInErrorsAreNotShown() {
        String body =
                "{\"detail\": \"cannot reach postgres://app:hunter2@db.example:5432/db or https://x.example/f?X-Amz-Signature=abcdef&sig=ghi\"}";
        try (Fixture api = new Fixture().answers(status(400, body))) {
            Throwable failure = catchThrowable(() -> api.divio.backups().get("b1"));
            assertThat(printed(failure))
                    .contains("postgres://app:***@db.example:5432/db")
                    .doesNotContain("hunter2")
                    .doesNotContain("abcdef")
                    .doesNotContain("ghi");
        }
    }

    @Test
    void valuesOfVariablesAreNotShown() {
        try (Fixture api = new Fixture()
                .answers("{'environment_variables': {'DEFAULT_DATABASE_DSN': 'postgres://app:hunter2@db/db'}}")) {
            var variables = api.divio.deployments().environmentVariables("d1");
            assertThat(variables.toString()).isEqualTo("DeploymentVariables[DEFAULT_DATABASE_DSN=***]");
            assertThat(variables.get("DEFAULT_DATABASE_DSN")).contains("hunter2");
        }
    }

    @Test
    void anAnswerOfTheWrongKindIsNotQuoted() {
        try (Fixture api = new Fixture().answers(json("{'uuid': 'p1', 'size': 'postgres-password-hunter2'}"))) {
            Throwable failure =
                    catchThrowable(() -> api.divio.serviceInstanceBackups().get("p1"));
            assertThat(failure).isInstanceOf(DivioProtocolException.class).hasMessageContaining("$.size");
            assertThat(printed(failure)).doesNotContain("hunter2");
        }
    }
}
