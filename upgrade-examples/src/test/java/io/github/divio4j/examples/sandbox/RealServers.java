package io.github.divio4j.examples.sandbox;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** PostgreSQL servers for tests, without a platform around them. Each database belongs to an ordinary role of its own. */
public final class RealServers implements AutoCloseable {
    private final RunFolder folder = RunFolder.create(new Ids());
    private final PostgresServers servers = new PostgresServers(folder, PostgresBinaries.available());
    private final AtomicInteger databases = new AtomicInteger();

    /** All versions that there are for this machine, oldest first. */
    public static List<String> versions() {
        return PostgresBinaries.available().stream()
                .map(PostgresBinaries::version)
                .toList();
    }

    /** Makes an empty database. */
    public PostgresDsn create(String version) throws Exception {
        String name = "shop_" + databases.incrementAndGet();
        return servers.get(version).createDatabase(name, "s3cret-" + name);
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
