package io.github.divio4j.client;

import static io.github.divio4j.client.Fixture.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.divio4j.client.error.DivioWaitException;
import io.github.divio4j.client.model.NewUpload;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds a secret does not show it. What failures show is searched in the fault matrix, for every call and fault. */
class LeakTest {
    private static final String DSN = "postgres://app:hunter2@db.example:5432/db";
    private static final String SIGNED = "https://s.example/f?X-Amz-Signature=hunter2";

    enum Holder {
        VARIABLES(d -> d.deployments().environmentVariables("x"), "{'environment_variables': {'DSN': '" + DSN + "'}}"),
        VARIABLE(
                d -> d.environmentVariables().list("e").toList(),
                "{'results': [{'name': 'DSN', 'environment': 'e', 'value': '" + DSN + "', 'is_sensitive': false}]}"),
        LOG(
                d -> d.environments().log("e"),
                "{'results': [{'timestamp': '2026-03-01T12:00:00Z', 'message': '" + DSN + "'}], 'next': '" + SIGNED
                        + "'}"),
        DOWNLOAD(d -> d.backupDownloads().getPart("x"), "{'uuid': 'x', 'download_url': '" + SIGNED + "'}"),
        DOWNLOAD_ERRORS(
                d -> d.backupDownloads().getPart("x"),
                "{'uuid': 'x', 'errors': ['" + DSN + "', '" + SIGNED + "', '" + TOKEN + "']}"),
        UPLOAD(
                d -> d.uploads().create(NewUpload.builder("e", List.of("i")).build()),
                "{'uuid': 'x', 'results': {'i': {'handler': 'h', 'finish_url': '" + SIGNED
                        + "', 'upload_parameters': {'url': '" + SIGNED + "', 'aws_session_token': 'hunter2'}}}}"),
        REPOSITORY(d -> d.repositories().get("x"), "{'uuid': 'x', 'dsn': 'https://me:hunter2@g.example/a.git'}"),
        BACKUP_PART(d -> d.serviceInstanceBackups().get("x"), "{'uuid': 'x', 'errors': {'dsn': ['" + DSN + "']}}"),
        RESTORE(
                d -> d.restores().get("x"),
                "{'uuid': 'x', 'errors': '" + DSN + "', 'service_instance_restores': [{'errors': '" + SIGNED + "'}]}");

        private final Function<DivioClient, Object> read;
        private final String answer;

        Holder(Function<DivioClient, Object> read, String answer) {
            this.read = read;
            this.answer = answer;
        }
    }

    private static void checkClean(String text) {
        assertThat(text).doesNotContain("hunter2").doesNotContain(TOKEN);
    }

    @ParameterizedTest
    @EnumSource(Holder.class)
    void aValueDoesNotShowItsSecrets(Holder holder) {
        try (Fixture api = new Fixture().answers(holder.answer)) {
            checkClean(String.valueOf(holder.read.apply(api.divio)));
        }
    }

    @Test
    void aFailedWaitDoesNotShowTheSecretsOfWhatItSaw() {
        try (Fixture api = new Fixture()
                .answers("{'ended_at': '2026-03-01T12:00:00Z', 'errors': ['" + DSN + "'], 'download_url': '" + SIGNED
                        + "'}")) {
            Throwable failure =
                    catchThrowable(() -> api.divio.waiters().download("x").within(Duration.ofMinutes(1)));
            StringWriter text = new StringWriter();
            failure.printStackTrace(new PrintWriter(text));
            assertThat(failure).isInstanceOf(DivioWaitException.class);
            checkClean(text.toString() + ((DivioWaitException) failure).lastValue());
        }
    }

    @Test
    void theFacesOfTheClientDoNotShowTheToken() {
        try (Fixture api = new Fixture()) {
            DivioClient divio = api.divio;
            checkClean(List.of(
                            divio,
                            divio.backups(),
                            divio.waiters(),
                            divio.waiters().backup("b"),
                            divio.files(),
                            divio.contract(),
                            divio.regions().list(),
                            DivioClient.builder().token(TOKEN),
                            Credentials.token(TOKEN),
                            Credentials.firstOf(Credentials.token(TOKEN)))
                    .toString());
        }
    }

    @Test
    void noThreadIsNamedAfterASecret() {
        try (Fixture api = new Fixture().answers("{'results': []}")) {
            api.divio.regions().list().toList();
            Thread.getAllStackTraces().keySet().forEach(thread -> checkClean(thread.getName()));
        }
    }
}
