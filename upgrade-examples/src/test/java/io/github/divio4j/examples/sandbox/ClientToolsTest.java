package io.github.divio4j.examples.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of what the client programs say; the programs are scripts here. */
class ClientToolsTest {
    private static final PostgresDsn DSN = new PostgresDsn("127.0.0.1", 1, "shop", "shop", "secret");

    @TempDir
    private Path folder;

    private Path programs;
    private Path dump;

    @BeforeEach
    void prepare() throws IOException {
        programs = Files.createDirectory(folder.resolve("bin"));
        dump = folder.resolve("some.dump");
        for (String program : List.of("pg_dump", "pg_restore", "psql")) {
            script(program, "echo '" + program + " (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)'");
        }
    }

    private void script(String program, String... lines) throws IOException {
        Path file = programs.resolve(program);
        Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Finds the programs first, because it asks pg_dump for its version. */
    private ClientTools tools() {
        return ClientTools.find("/nowhere:" + programs);
    }

    private ClientTools toolsWith(String program, String... lines) throws IOException {
        ClientTools tools = tools();
        script(program, lines);
        return tools;
    }

    @ParameterizedTest
    @CsvSource({
        "pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1), 15",
        "pg_dump (PostgreSQL) 18devel, 18",
        "pg_dump (PostgreSQL) 9.6.24, 9",
    })
    void theVersionIsThatOfPgDump(String answer, int version) throws IOException {
        script("pg_dump", "echo '" + answer + "'");

        assertThat(tools().dumpVersion()).isEqualTo(version);
    }

    @Test
    void aPgDumpThatDoesNotTellItsVersionIsRefused() throws IOException {
        script("pg_dump", "echo 'no such command' >&2; exit 127");

        assertThatThrownBy(this::tools)
                .isInstanceOf(SandboxException.class)
                .hasMessage(programs.resolve("pg_dump") + " does not tell its version: no such command");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pg_dump", "pg_restore", "psql"})
    void aProgramThatIsMissingIsNamedWithWhatToInstall(String program) throws IOException {
        Files.delete(programs.resolve(program));

        assertThatThrownBy(this::tools)
                .isInstanceOf(SandboxException.class)
                .hasMessageStartingWith("There is no " + program + " on the PATH: install ")
                .hasMessageContaining("apt-get install postgresql-client");
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "18"})
    void aServerThatIsNewerThanPgDumpIsSaidInOneSentence(String version) throws IOException {
        ClientTools tools = toolsWith(
                "pg_dump",
                "echo 'pg_dump: error: aborting because of server version mismatch' >&2",
                "echo 'pg_dump: detail: server version: " + version
                        + ".4; pg_dump version: 15.18 (Debian 15.18-0+deb12u1)' >&2",
                "exit 1");

        assertThatThrownBy(() -> tools.dump(DSN, dump))
                .isInstanceOf(HostingException.class)
                .hasMessage("A PostgreSQL " + version + " database can be dumped by pg_dump " + version
                        + " or newer only, but the pg_dump on the PATH is version 15: install postgresql-client-"
                        + version + " and put it first on the PATH.");
    }

    @Test
    void anythingElseThatPgDumpSaysIsPassedOn() throws IOException {
        ClientTools tools = toolsWith("pg_dump", "echo 'pg_dump: error: out of memory' >&2", "exit 1");

        assertThatThrownBy(() -> tools.dump(DSN, dump)).hasMessage("pg_dump failed: pg_dump: error: out of memory");
    }

    @Test
    void thePasswordIsNotAmongTheArguments() throws Exception {
        Path seen = folder.resolve("seen");
        ClientTools tools = toolsWith("pg_dump", "echo \"$*\" > " + seen, "echo \"$PGPASSWORD\" >> " + seen);

        tools.dump(DSN, dump);

        assertThat(Files.readAllLines(seen)).hasSize(2).last().isEqualTo("secret");
        assertThat(Files.readAllLines(seen).get(0)).contains("--format=custom").doesNotContain("secret");
    }

    private void holds(String content) throws IOException {
        Files.write(dump, content.getBytes(StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unrecognized configuration parameter \"transaction_timeout\"",
                "unrecognized configuration parameter \"default_table_access_method\"",
                "schema \"public\" already exists",
            })
    void whatANewerPgRestoreCannotSetOnAnOlderServerDoesNotMatter(String message) throws IOException {
        holds("PGDMP");
        ClientTools tools = toolsWith(
                "pg_restore",
                "echo 'pg_restore: error: could not execute query: ERROR:  " + message + "' >&2",
                "echo 'pg_restore: warning: errors ignored on restore: 1' >&2",
                "exit 1");

        assertThatCode(() -> tools.restore(DSN, dump)).doesNotThrowAnyException();
    }

    @Test
    void lostDataFailsTheRestoreEvenAmongWhatDoesNotMatter() throws IOException {
        holds("PGDMP");
        ClientTools tools = toolsWith(
                "pg_restore",
                "echo 'pg_restore: error: could not execute query: ERROR:  schema \"public\" already exists' >&2",
                "echo 'pg_restore: error: COPY failed for table \"orders\": ERROR:  invalid byte' >&2",
                "echo 'pg_restore: warning: errors ignored on restore: 2' >&2",
                "exit 1");

        assertThatThrownBy(() -> tools.restore(DSN, dump))
                .hasMessage(
                        "pg_restore failed: pg_restore: error: COPY failed for table \"orders\": ERROR:  invalid byte");
    }

    @Test
    void aPgRestoreThatDiesFailsTheRestore() throws IOException {
        holds("PGDMP");
        ClientTools tools = toolsWith("pg_restore", "exit 3");

        assertThatThrownBy(() -> tools.restore(DSN, dump)).hasMessageStartingWith("pg_restore failed");
    }

    @Test
    void plainSqlGoesToPsql() throws Exception {
        holds("-- PostgreSQL database dump");
        Path seen = folder.resolve("seen");
        ClientTools tools = toolsWith("psql", "echo \"$*\" > " + seen);

        tools.restore(DSN, dump);

        assertThat(seen).content().contains("--file=" + dump);
    }

    @Test
    void plainSqlThatFailsFailsTheRestore() throws IOException {
        holds("SELECT nonsense;");
        ClientTools tools = toolsWith("psql", "echo 'psql:some.dump:1: ERROR:  column does not exist' >&2");

        assertThatThrownBy(() -> tools.restore(DSN, dump))
                .hasMessage("psql failed: psql:some.dump:1: ERROR:  column does not exist");
    }
}
