package io.github.divio4j.examples.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Dumps of real databases that leave the platform and come back to it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealDumpsTest {
    private Sandbox sandbox;
    private Api api;
    private String source;
    private String target;

    @BeforeAll
    void start() {
        sandbox = Sandbox.builder()
                .source("15")
                .environments(List.of("test"))
                .speed(50)
                .rows(500)
                .start();
        api = new Api(sandbox);
        source = api.find("test", "DEFAULT", "DATABASE");
        target = api.instance("test", "PostgreSQL Database 15", "NEW");
        api.provision(target);
    }

    @AfterAll
    void stop() {
        sandbox.close();
    }

    private String dsn(String instance) {
        return sandbox.dsn(instance).orElseThrow();
    }

    private byte[] dumpOfTheSource() {
        return api.download(api.backUp("test", source));
    }

    private Map<String, Object> restored(byte[] dump) {
        return api.restore(api.upload("test", target, dump), target).body();
    }

    @Test
    void aDownloadIsADumpInTheCustomFormat() {
        assertThat(dumpOfTheSource()).startsWith("PGDMP".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void aDownloadedDumpCanBeUploadedForTheTargetAndRestoredThere() throws Exception {
        assertThat(restored(dumpOfTheSource())).containsEntry("success", "SUCCESS");

        assertThat(Content.of(dsn(target))).isEqualTo(Content.of(dsn(source)));
    }

    @Test
    void aRestoreReplacesWhatWasThereByPlainSqlToo() throws Exception {
        restored(dumpOfTheSource());
        String sql =
                "-- PostgreSQL database dump\nCREATE TABLE notes (text text);\nINSERT INTO notes VALUES ('grün');\n";

        assertThat(restored(sql.getBytes(StandardCharsets.UTF_8))).containsEntry("success", "SUCCESS");

        assertThat(Content.one(
                        dsn(target),
                        "SELECT string_agg(relname, ',') FROM pg_class"
                                + " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"))
                .isEqualTo("notes");
        assertThat(Content.one(dsn(target), "SELECT text FROM notes")).isEqualTo("grün");
    }

    @Test
    void aTruncatedDumpFailsItsRestore() {
        byte[] dump = dumpOfTheSource();

        Map<String, Object> restore = restored(Arrays.copyOf(dump, dump.length / 2));

        assertThat(restore).containsEntry("success", "FAILURE");
        assertThat(restore.get("errors").toString()).contains("pg_restore failed");
    }

    @Test
    void plainSqlWithAnErrorFailsItsRestore() {
        Map<String, Object> restore = restored("SELECT nonsense;\n".getBytes(StandardCharsets.US_ASCII));

        assertThat(restore).containsEntry("success", "FAILURE");
        assertThat(restore.get("errors").toString()).contains("column \"nonsense\" does not exist");
    }

    @Test
    void theUserOfOneDatabaseCannotLookIntoAnother() {
        PostgresDsn own = PostgresDsn.parse(dsn(source));
        PostgresDsn other = new PostgresDsn(
                own.host(), own.port(), PostgresDsn.parse(dsn(target)).database(), own.user(), own.password());

        org.assertj.core.api.Assertions.assertThatThrownBy(() -> other.connect("test"))
                .isInstanceOf(java.sql.SQLException.class)
                .hasMessageContaining("permission denied for database");
    }
}
