package io.github.divio4j.examples.sandbox;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Properties;

/** A running PostgreSQL server with the databases of many service instances. */
final class PostgresServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PostgresServer.class.getName());
    static final String HOST = "127.0.0.1";

    static {
        // Otherwise the library leaves an empty folder in the temporary directory.
        if (System.getProperty("ot.epg.working-dir") == null) {
            System.setProperty("ot.epg.working-dir", UnpackedBinaries.parent().toString());
        }
    }

    private final String version;
    private final Path dataDirectory;
    private final EmbeddedPostgres process;

    private PostgresServer(String version, Path dataDirectory, EmbeddedPostgres process) {
        this.version = version;
        this.dataDirectory = dataDirectory;
        this.process = process;
    }

    /**
     * Starts one.
     *
     * @param durable whether what it acknowledges is on the disk, which the library switches off
     */
    static PostgresServer start(PostgresBinaries binaries, Path dataDirectory, boolean durable) throws IOException {
        String durability = durable ? "on" : "off";
        EmbeddedPostgres process = UnpackedBinaries.of(binaries)
                .use(folder -> EmbeddedPostgres.builder()
                        .setPgBinaryResolver(binaries)
                        .setOverrideWorkingDirectory(folder.toFile())
                        .setDataDirectory(dataDirectory)
                        .setDataDirectoryCustomizer(PostgresServer::requirePasswords)
                        .setRegisterShutdownHook(false)
                        .setPGStartupWait(Duration.ofSeconds(60))
                        // Independent of the machine's settings, and of the locales it happens to have.
                        .setLocaleConfig("locale", "C")
                        .setServerConfig("listen_addresses", HOST)
                        // No socket files outside the data directory, which would outlive a killed run.
                        .setServerConfig("unix_socket_directories", "")
                        .setServerConfig("max_prepared_transactions", "10")
                        .setServerConfig("fsync", durability)
                        .setServerConfig("synchronous_commit", durability)
                        .start());
        return new PostgresServer(binaries.version(), dataDirectory, process);
    }

    /** The superuser is the sandbox itself; everybody else needs a password, as on the platform. */
    private static void requirePasswords(File dataDirectory) {
        try {
            Files.write(
                    dataDirectory.toPath().resolve("pg_hba.conf"),
                    List.of("host all postgres " + HOST + "/32 trust", "host all all " + HOST + "/32 md5"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String version() {
        return version;
    }

    int port() {
        return process.getPort();
    }

    /** Makes a database that belongs to a role of its own. */
    PostgresDsn createDatabase(String name, String password) throws SQLException {
        try (Connection connection = superuser()) {
            execute(connection, "CREATE ROLE " + name + " LOGIN PASSWORD '" + password + "'");
            execute(connection, "CREATE DATABASE " + name + " OWNER " + name);
            // On the platform nobody can look into the database of somebody else.
            execute(connection, "REVOKE ALL ON DATABASE " + name + " FROM PUBLIC");
        }
        return new PostgresDsn(HOST, port(), name, name, password);
    }

    /** Makes the database as it was when it was new; whoever is connected to it is disconnected. */
    void emptyDatabase(PostgresDsn dsn) throws SQLException {
        try (Connection connection = superuser()) {
            drop(connection, dsn.database());
            execute(connection, "CREATE DATABASE " + dsn.database() + " OWNER " + dsn.user());
            execute(connection, "REVOKE ALL ON DATABASE " + dsn.database() + " FROM PUBLIC");
        }
    }

    void dropDatabase(PostgresDsn dsn) throws SQLException {
        try (Connection connection = superuser()) {
            drop(connection, dsn.database());
            execute(connection, "DROP ROLE IF EXISTS " + dsn.user());
        }
    }

    private static void drop(Connection connection, String database) throws SQLException {
        try (PreparedStatement exists = connection.prepareStatement("SELECT 1 FROM pg_database WHERE datname = ?")) {
            exists.setString(1, database);
            if (!exists.executeQuery().next()) {
                return;
            }
        }
        // Whoever is disconnected might be back before the database is gone. (FORCE came with PostgreSQL 13 only.)
        execute(connection, "ALTER DATABASE " + database + " ALLOW_CONNECTIONS false");
        try (PreparedStatement disconnect = connection.prepareStatement(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ?")) {
            disconnect.setString(1, database);
            disconnect.execute();
        }
        execute(connection, "DROP DATABASE " + database);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Connection superuser() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        properties.setProperty("ApplicationName", "sandbox");
        return java.sql.DriverManager.getConnection(
                "jdbc:postgresql://" + HOST + ":" + port() + "/postgres", properties);
    }

    @Override
    public void close() {
        try {
            PostgresProcess.find(dataDirectory).ifPresent(PostgresProcess::stop);
            // The server is gone by now: this gives back the library's own lock and folder.
            process.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Could not stop PostgreSQL " + version, e);
        }
    }
}
