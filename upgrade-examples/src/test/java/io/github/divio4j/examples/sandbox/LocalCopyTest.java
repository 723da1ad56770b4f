package io.github.divio4j.examples.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.divio4j.client.DivioClient;
import io.github.divio4j.upgrade.divio.DivioDumpSource;
import io.github.divio4j.upgrade.local.DumpSource;
import io.github.divio4j.upgrade.local.LocalReport;
import io.github.divio4j.upgrade.local.LocalSpec;
import io.github.divio4j.upgrade.local.LocalStep;
import io.github.divio4j.upgrade.local.LocalUpgrade;
import io.github.divio4j.upgrade.local.LocalUpgradeException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The database of an environment in place of a local one: a real dump through the API into a real server. Only the containers are
 * played, by a program called {@code docker} that runs PostgreSQL's client programs right here.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LocalCopyTest {
    private static final String DOCKER = """
            #!/bin/sh
            export PGHOST=127.0.0.1 PGPORT=%d
            case "$*" in
              "compose config") echo "{name: shop, services: {database_default: {image: 'postgres:15'}}}" ;;
              "compose ps -a -q") [ -f started ] && echo c1; true ;;
              "inspect "*) echo "database_default|postgres:15|true|" ;;
              "compose up "*) touch started ;;
              "compose run "*) exec pg_restore --file=/dev/null ;;
              "compose exec -T database_default "*) shift 4; exec "$@" ;;
            esac
            """;

    @TempDir
    private Path folder;

    private Path project;
    private Sandbox sandbox;
    private DivioClient divio;
    private PostgresServer local;

    @BeforeAll
    void start(@TempDir Path data) throws IOException {
        sandbox = Sandbox.builder()
                .source("13")
                .environments(List.of("live"))
                .speed(50)
                .rows(500)
                .start();
        divio = DivioClient.builder()
                .baseUrl(sandbox.baseUrl())
                .token(sandbox.token())
                .build();
        PostgresBinaries binaries = PostgresBinaries.available().stream()
                .filter(each -> each.version().equals("15"))
                .findFirst()
                .orElseThrow();
        local = PostgresServer.start(binaries, data.resolve("server"), false);
    }

    @AfterAll
    void stop() {
        local.close();
        divio.close();
        sandbox.close();
    }

    @BeforeEach
    void aProjectWithoutADatabase() throws Exception {
        execute("postgres", "DROP DATABASE IF EXISTS db");
        project = Files.createTempDirectory(folder, "project");
        Files.writeString(
                project.resolve("docker-compose.yml"), "services:\n  database_default:\n    image: postgres:15\n");
        Path docker = Files.createDirectories(project.resolve("bin")).resolve("docker");
        Files.writeString(docker, DOCKER.formatted(local.port()));
        Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private PostgresDsn dsn(String database) {
        return new PostgresDsn(PostgresServer.HOST, local.port(), database, "postgres", "none");
    }

    private void execute(String database, String sql) throws SQLException {
        try (Connection connection = dsn(database).connect("test");
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private LocalReport pull(DumpSource source) {
        var variables = new HashMap<>(System.getenv());
        variables.put("PATH", project.resolve("bin") + ":" + variables.get("PATH"));
        return LocalUpgrade.builder(
                        project, LocalSpec.to("15").environment("live").build())
                .environment(variables)
                .dumpSource(source)
                .build()
                .run();
    }

    private DumpSource platform() {
        return DivioDumpSource.of(divio, "order-book");
    }

    private void assertThatTheLocalDatabaseIsThatOfTheEnvironment() throws SQLException {
        String source = sandbox.dsn(new Api(sandbox).find("live", "DEFAULT", "DATABASE"))
                .orElseThrow();
        assertThat(Content.of("postgres://postgres:none@" + PostgresServer.HOST + ":" + local.port() + "/db"))
                .isEqualTo(Content.of(source));
    }

    @Test
    void aCopyWithoutADatabaseGetsThatOfTheEnvironment() throws Exception {
        LocalReport report = pull(platform());

        assertThat(report.succeeded()).isTrue();
        assertThat(report.done())
                .extracting(LocalStep::kind)
                .containsExactly(LocalStep.Kind.FETCH_DUMP, LocalStep.Kind.PULL_DATABASE);
        assertThatTheLocalDatabaseIsThatOfTheEnvironment();
        assertThat(project.resolve(".divio")).isEmptyDirectory();
    }

    @Test
    void aDatabaseThatIsInUseIsReplacedAtOnce() throws Exception {
        execute("postgres", "CREATE DATABASE db");
        execute("db", "CREATE TABLE mine (n int)");

        try (Connection user = dsn("db").connect("somebody")) {
            assertThat(pull(platform()).succeeded()).isTrue();

            assertThat(user.isValid(1)).isFalse();
        }
        assertThatTheLocalDatabaseIsThatOfTheEnvironment();
        assertThat(Content.one(
                        "postgres://postgres:none@" + PostgresServer.HOST + ":" + local.port() + "/postgres",
                        "SELECT string_agg(datname, ',' ORDER BY datname) FROM pg_database WHERE NOT datistemplate"))
                .isEqualTo("db,postgres");
    }

    @Test
    void aTruncatedDumpLeavesTheLocalDatabaseAsItIs() throws Exception {
        execute("postgres", "CREATE DATABASE db");
        execute("db", "CREATE TABLE mine (n int)");
        DumpSource half = (environment, prefix, file) -> {
            boolean there = platform().fetch(environment, prefix, file);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(channel.size() / 2);
            }
            return there;
        };

        assertThatThrownBy(() -> pull(half))
                .isInstanceOf(LocalUpgradeException.class)
                .hasMessageContaining("DEFAULT of live cannot be restored, and the local database is as it was")
                .hasMessageContaining("pg_restore: error");

        execute("db", "SELECT n FROM mine");
    }

    @Test
    void aPrefixThatIsNotThereIsSaid() {
        DumpSource other = (environment, prefix, file) -> platform().fetch(environment, "REPORTS", file);

        assertThatThrownBy(() -> pull(other))
                .hasMessageContaining("order-book, live has no database with the prefix REPORTS")
                .hasMessageContaining("the local database is as it was");
    }
}
