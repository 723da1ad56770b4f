package io.github.divio4j.upgrade.postgres;

import io.github.divio4j.upgrade.postgres.DatabaseException.Reason;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A connection that sees one state of a database and changes nothing, with all settings pinned that the text of a value or of a
 * definition depends on. All settings end with the transaction, so that a pooled connection goes back as it came.
 *
 * <p>Used by one thread at a time, except {@link #cancel}.
 */
final class SnapshotSession implements AutoCloseable {

    static final String ACTION = "compare the databases";
    static final String TRUE_NOW = "nothing was changed in either of them";

    private static final int OLDEST = 90600;

    /** How long a table may be locked by somebody else before the comparison gives up. */
    private static final String LOCK_TIMEOUT = "30s";

    private final Connection connection;
    private final boolean autoCommit;
    private final String side;
    private final Duration statementTimeout;
    private int version;
    private volatile @Nullable Statement running;
    private volatile boolean cancelled;

    /** Is given one row after the other. */
    @FunctionalInterface
    interface RowVisitor {
        void visit(ResultSet row) throws SQLException;
    }

    /** Makes something of one row. */
    @FunctionalInterface
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private SnapshotSession(Connection connection, boolean autoCommit, String side, Duration statementTimeout) {
        this.connection = connection;
        this.autoCommit = autoCommit;
        this.side = side;
        this.statementTimeout = statementTimeout;
    }

    /**
     * Connects.
     *
     * @param side {@code source} or {@code target}
     * @param statementTimeout zero for none
     * @param snapshot what {@link #exportSnapshot} of another session returned; null for a state of its own
     */
    static SnapshotSession open(
            DataSource database, String side, Duration statementTimeout, @Nullable String snapshot) {
        Connection connection;
        try {
            connection = database.getConnection();
        } catch (SQLException e) {
            throw DatabaseException.of("connect", "the " + side + " database", TRUE_NOW, e);
        }
        SnapshotSession session = null;
        try {
            session = new SnapshotSession(connection, connection.getAutoCommit(), side, statementTimeout);
            session.begin(snapshot);
            return session;
        } catch (SQLException e) {
            throw DatabaseException.of(ACTION, "the " + side + " database", TRUE_NOW, e);
        } finally {
            if (session == null) {
                closeQuietly(connection);
            } else if (session.version == 0) {
                session.close();
            }
        }
    }

    private void begin(@Nullable String snapshot) throws SQLException {
        connection.setAutoCommit(false);
        execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        if (snapshot != null) {
            execute("SET TRANSACTION SNAPSHOT '" + snapshot.replace("'", "''") + "'");
        }
        int found = Integer.parseInt(one("SELECT current_setting('server_version_num')"));
        if (found < OLDEST) {
            throw DatabaseException.because(
                    Reason.UNSUPPORTED,
                    ACTION,
                    "the " + side + " database",
                    "its server is PostgreSQL " + one("SHOW server_version"),
                    TRUE_NOW,
                    "Use a server of PostgreSQL 9.6 or newer.");
        }
        pinSettings(found);
        version = found;
    }

    private void pinSettings(int serverVersion) throws SQLException {
        List<String> settings = new ArrayList<>(List.of(
                "'search_path', 'pg_catalog'",
                "'TimeZone', 'UTC'",
                "'DateStyle', 'ISO, YMD'",
                "'IntervalStyle', 'postgres'",
                "'bytea_output', 'hex'",
                "'extra_float_digits', '3'",
                "'quote_all_identifiers', 'off'",
                "'standard_conforming_strings', 'on'",
                // Rows that are hidden from the role are an error, and not a table with fewer rows.
                "'row_security', 'off'",
                "'idle_in_transaction_session_timeout', '0'",
                "'lock_timeout', '" + LOCK_TIMEOUT + "'",
                "'statement_timeout', '" + statementTimeout.toMillis() + "'"));
        if (serverVersion >= 110000) {
            // Costs more than it saves where each statement runs once.
            settings.add("'jit', 'off'");
        }
        if (serverVersion >= 170000) {
            settings.add("'transaction_timeout', '0'");
        }
        execute("SELECT set_config(" + String.join(", true), set_config(", settings) + ", true)");
    }

    /** Ends the transaction and begins another one, which may make temporary objects; it is rolled back, too. */
    void beginToTryOut() {
        try {
            connection.rollback();
            execute("SET TRANSACTION READ WRITE");
            pinSettings(version);
        } catch (SQLException e) {
            throw failed("the " + side + " database", e);
        }
    }

    /** Returns by what name other sessions can see the same state; null if this server does not let them. */
    @Nullable
    String exportSnapshot() {
        if (value("SELECT pg_is_in_recovery()::text", "the " + side + " database")
                .equals("true")) {
            return null;
        }
        return value("SELECT pg_export_snapshot()", "the " + side + " database");
    }

    /** Returns such as {@code 130023}. */
    int version() {
        return version;
    }

    String side() {
        return side;
    }

    /** Returns the first value of the first row. */
    String value(String sql, String subject) {
        return query(sql, subject, row -> String.valueOf(row.getString(1))).get(0);
    }

    <T> List<T> query(String sql, String subject, RowReader<T> reader) {
        List<T> rows = new ArrayList<>();
        forEach(sql, subject, row -> rows.add(reader.read(row)));
        return rows;
    }

    /** Reads rows as they come, so that their number does not matter. */
    void forEach(String sql, String subject, RowVisitor visitor) {
        try (Statement statement = connection.createStatement()) {
            running = statement;
            if (cancelled) {
                throw new SQLException("cancelled", "57014");
            }
            statement.setFetchSize(1000);
            try (ResultSet rows = statement.executeQuery(sql)) {
                while (rows.next()) {
                    visitor.visit(rows);
                }
            }
        } catch (SQLException e) {
            throw failed(subject, e);
        } finally {
            running = null;
        }
    }

    /** Runs statements that nothing depends on, and undoes them. */
    String tryOut(List<String> statements, String query) throws SQLException {
        execute("SAVEPOINT try_out");
        try {
            for (String sql : statements) {
                execute(sql);
            }
            return one(query);
        } finally {
            execute("ROLLBACK TO SAVEPOINT try_out");
        }
    }

    /** Makes what runs now and what is asked later fail; from any thread. */
    void cancel() {
        cancelled = true;
        Statement statement = running;
        if (statement != null) {
            try {
                statement.cancel();
            } catch (SQLException e) {
                // It has just ended, or it ends with the connection.
            }
        }
    }

    DatabaseException failed(String subject, SQLException cause) {
        return DatabaseException.of(ACTION, subject, TRUE_NOW, cause);
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String one(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return String.valueOf(rows.getString(1));
        }
    }

    @Override
    public void close() {
        try {
            connection.rollback();
            connection.setAutoCommit(autoCommit);
        } catch (SQLException e) {
            // What is broken is not put back in order; the pool or the server does away with it.
        }
        closeQuietly(connection);
    }

    private static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // Whoever closes is done with it.
        }
    }
}
