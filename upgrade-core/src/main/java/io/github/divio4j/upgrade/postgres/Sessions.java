package io.github.divio4j.upgrade.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Who is connected to a database. */
public final class Sessions {

    /**
     * Those of clients. Up to 9.6 the server does not say which are its own; and of roles that this one is no member of, no
     * version does.
     */
    private static final String CLIENTS = """
            SELECT pid, usename, coalesce(application_name, ''), host(client_addr), backend_start, state,
                backend_xid IS NOT NULL
            FROM pg_catalog.pg_stat_activity a
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename IS NOT NULL
                AND coalesce(to_json(a)->>'backend_type', 'client backend') = 'client backend'
            ORDER BY pid
            """;

    private Sessions() {}

    /**
     * Returns the other sessions of clients in a database.
     *
     * <p>They include those of the caller's pool, if the data source is one, and on 9.6 the server's own autovacuum workers
     * for as long as they work.
     *
     * @param database any role may ask; of sessions of other roles the server tells less
     * @throws DatabaseException if the database cannot be asked
     */
    public static List<Session> connectedTo(DataSource database) {
        try (Connected connected = Connected.to(database)) {
            return others(connected);
        } catch (SQLException e) {
            throw DatabaseException.of("list the sessions", "the database", "nothing was changed", e);
        }
    }

    static List<Session> others(Connected connected) throws SQLException {
        return connected.rows(CLIENTS, Sessions::session);
    }

    private static Session session(ResultSet row) throws SQLException {
        return new Session(
                row.getInt(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                instant(row, 5),
                row.getString(6),
                row.getBoolean(7));
    }

    static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        Timestamp time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }
}
