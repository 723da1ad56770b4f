package io.github.divio4j.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {
    private static final String LOGIN = """
            machine control.divio.com
            \tlogin me@example.com
            \tpassword control-token
            machine api.divio.com
            \tlogin me@example.com
            \tpassword api-token
            machine 127.0.0.1
            \tlogin me@example.com
            \tpassword local-token
            default
            \tlogin me@example.com
            \tpassword foreign-password
            """;

    @TempDir
    private Path folder;

    private Path netrc(String text) throws IOException {
        return Files.writeString(folder.resolve("netrc"), text);
    }

    @ParameterizedTest
    @CsvSource({"api.divio.com, control-token", "127.0.0.1, local-token"})
    void aNetrcFileIsReadAsTheOfficialToolWritesIt(String host, String token) throws IOException {
        assertThat(Credentials.fromNetrc(netrc(LOGIN)).find(host)).isEqualTo(token);
    }

    @Test
    void theEntryOfTheApiIsTakenWhenThereIsNoneOfTheControlPanel() throws IOException {
        Path file = netrc("machine api.divio.com login me password api-token");
        assertThat(Credentials.fromNetrc(file).find("api.divio.com")).isEqualTo("api-token");
    }

    @Test
    void theDefaultEntryIsForOtherPrograms() throws IOException {
        assertThat(Credentials.fromNetrc(netrc(LOGIN)).find("api.example.com")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "# a comment with a machine\nmachine h login a password \"t\"",
                "machine h password t login a",
                "macdef init\ncd /tmp\nmachine h\n\nmachine h login a account b password t",
                "machine other password x machine H password t",
                "machine h login \"a b\" password \\t\nmachine h password second"
            })
    void theUsualFormsOfANetrcFileAreRead(String text) throws IOException {
        assertThat(Credentials.fromNetrc(netrc(text)).find("h")).isEqualTo("t");
    }

    @Test
    void aFileThatIsNoNetrcIsNamedAndNotQuoted() throws IOException {
        Path file = netrc("machine h\nlogin a\nsecret hunter2");
        assertThatThrownBy(() -> Credentials.fromNetrc(file).find("x"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("line 3")
                .hasMessageNotContaining("secret")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void netrcPathComesBeforeTheHomeFolder() throws IOException {
        Files.writeString(folder.resolve(".netrc"), "machine h password from-home");
        Path other = netrc("machine h password from-path");
        assertThat(Credentials.fromNetrc(Map.<String, String>of()::get, folder.toString())
                        .find("h"))
                .isEqualTo("from-home");
        assertThat(Credentials.fromNetrc(Map.of("NETRC_PATH", other.toString())::get, folder.toString())
                        .find("h"))
                .isEqualTo("from-path");
    }

    @Test
    void anEnvironmentVariableIsStripped() {
        assertThat(Credentials.fromEnvironment("T", Map.of("T", " abc\n")::get).find("h"))
                .isEqualTo("abc");
    }

    @Test
    void theFirstThatHasATokenWins() throws IOException {
        Credentials all = Credentials.firstOf(
                Credentials.fromEnvironment("NONE", Map.of("NONE", "")::get),
                Credentials.fromNetrc(folder.resolve("missing")),
                Credentials.fromNetrc(netrc("machine h password t")),
                Credentials.token("last"));
        assertThat(all.find("h")).isEqualTo("t");
        assertThat(all.find("elsewhere")).isEqualTo("last");
    }

    @Test
    void aTokenThatCannotBeUsedDoesNotMakeWayForAnother() {
        Credentials both = Credentials.firstOf(
                Credentials.fromEnvironment("T", Map.of("T", "two words")::get), Credentials.token("other"));
        Throwable failure = catchThrowable(() -> both.find("h"));
        assertThat(failure)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the environment variable T")
                .hasMessageNotContaining("two words");
    }

    @Test
    void aMissingTokenIsReportedWithEveryPlaceThatWasSearched() {
        DivioClient.Builder builder = DivioClient.builder()
                .credentials(Credentials.firstOf(
                        Credentials.fromEnvironment("NOBODY_SETS_THIS"),
                        Credentials.fromNetrc(folder.resolve("missing"))));
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no token for api.divio.com")
                .hasMessageContaining("the environment variable NOBODY_SETS_THIS")
                .hasMessageContaining("missing");
    }

    @Test
    void theTokenIsShownNowhere() {
        Credentials token = Credentials.token("s3cr3t");
        assertThat(token.toString()
                        + Credentials.firstOf(token)
                        + DivioClient.builder().credentials(token))
                .doesNotContain("s3cr3t");
    }

    @ParameterizedTest
    @CsvSource({
        "divio.com, https://api.divio.com/",
        "dev.aldryn.net, https://api.dev.aldryn.net/",
        "http://127.0.0.1:8099, http://127.0.0.1:8099/",
        "https://divio.example, https://divio.example/"
    })
    void aZoneSaysWhereTheApiIs(String zone, String url) {
        try (DivioClient divio = DivioClient.builder().token("t").zone(zone).build()) {
            assertThat(divio).hasToString("DivioClient[" + url + "]");
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "unset",
            value = {
                "unset, https://first.example/",
                "'', https://first.example/",
                "' dev.example ', https://api.dev.example/",
                "http://127.0.0.1:8099, http://127.0.0.1:8099/"
            })
    void theEnvironmentMayNameTheZone(String zone, String url) {
        DivioClient.Builder builder = DivioClient.builder().token("t").baseUrl("https://first.example");
        Map<String, String> environment = new HashMap<>();
        environment.put("DIVIO_ZONE", zone);
        try (DivioClient divio = builder.zoneFromEnvironment(environment::get).build()) {
            assertThat(divio).hasToString("DivioClient[" + url + "]");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "divio.com/evil", "user@divio.com", "divio.com:99", "-x", "a b"})
    void aZoneIsAHostName(String zone) {
        assertThatThrownBy(() -> DivioClient.builder().zone(zone)).isInstanceOf(IllegalArgumentException.class);
    }
}
