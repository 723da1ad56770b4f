package io.github.divio4j.examples.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Databases on real PostgreSQL servers, without a platform around them. Each belongs to an ordinary role of its own, as on the
 * platform. A server is started when the first database on it is made.
 */
public final class LocalDatabases implements AutoCloseable {
    private final RunFolder folder = RunFolder.create(new Ids());
    private final PostgresServers servers = new PostgresServers(folder, PostgresBinaries.available(), false);
    private final ClientTools tools = ClientTools.find(System.getenv("PATH"));
    private final AtomicInteger databases = new AtomicInteger();

    /** All versions that there are for this machine, oldest first. */
    public static List<String> versions() {
        return PostgresBinaries.available().stream()
                .map(PostgresBinaries::version)
                .toList();
    }

    /** Makes an empty database. */
    public PostgresDsn create(String version) throws SQLException, HostingException {
        String name = "local_" + databases.incrementAndGet();
        return servers.get(version).createDatabase(name, "s3cret-" + name);
    }

    /** Makes the tables of the order book, and their rows. */
    public void fillOrderBook(PostgresDsn database, int rows) throws SQLException {
        try (Connection connection = database.connect("sandbox")) {
            OrderBookSchema.create(connection, "local", rows);
        }
    }

    /** Dumps one database and restores it into another, as the platform does. */
    public void copy(PostgresDsn from, PostgresDsn to) throws HostingException, IOException, InterruptedException {
        Path dump = folder.path().resolve("copy-" + databases.incrementAndGet() + ".dump");
        try {
            tools.dump(from, dump);
            tools.restore(to, dump);
        } finally {
            Files.deleteIfExists(dump);
        }
    }

    /** Connects as superuser. */
    public Connection administrator(PostgresDsn database) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://" + database.host() + ":" + database.port() + "/"
                + database.database() + "?user=postgres");
    }

    /** Connects anew each time that it is asked. */
    public static DataSource dataSource(PostgresDsn database) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {database.host()});
        source.setPortNumbers(new int[] {database.port()});
        source.setDatabaseName(database.database());
        source.setUser(database.user());
        source.setPassword(database.password());
        source.setApplicationName("divio4j");
        return source;
    }

    @Override
    public void close() {
        servers.close();
        folder.close();
    }
}
