package io.github.divio4j.upgrade.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** A connection in autocommit mode, whatever the pool it came from prefers. What it sets ends with a transaction. */
final class Connected implements AutoCloseable {

    private final Connection connection;

    private Connected(Connection connection) {
        this.connection = connection;
    }

    static Connected to(DataSource database) throws SQLException {
        Connection connection = database.getConnection();
        try {
            connection.setAutoCommit(true);
            connection.setReadOnly(false);
            return new Connected(connection);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** What is made of the current row. */
    @FunctionalInterface
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** What is done in a transaction. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws SQLException;
    }

    /** Arrays of texts are passed as {@code String[]}. */
    <T> List<T> rows(String sql, Row<T> row, Object... parameters) throws SQLException {
        List<T> rows = new ArrayList<>();
        each(sql, 0, result -> rows.add(row.read(result)), parameters);
        return rows;
    }

    <T> T row(String sql, Row<T> row, Object... parameters) throws SQLException {
        List<T> rows = rows(sql, row, parameters);
        if (rows.size() != 1) {
            throw new SQLException("Expected one row, but there were " + rows.size());
        }
        return rows.get(0);
    }

    /** What is done with the current row. */
    @FunctionalInterface
    interface Each {
        void row(ResultSet row) throws SQLException;
    }

    /**
     * Reads rows one by one.
     *
     * @param fetch how many are held at a time within a transaction; 0 is all of them
     */
    void each(String sql, int fetch, Each each, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(fetch);
            for (int i = 0; i < parameters.length; i++) {
                if (parameters[i] instanceof String[] texts) {
                    statement.setArray(i + 1, connection.createArrayOf("text", texts));
                } else {
                    statement.setObject(i + 1, parameters[i]);
                }
            }
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    each.row(result);
                }
            }
        }
    }

    /** Returns what tells this database from every other one; a copy that replaced it after a failure is the same one. */
    String identity() throws SQLException {
        String server = "SELECT CASE WHEN has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE')"
                + " THEN 'SELECT system_identifier FROM pg_catalog.pg_control_system()' ELSE 'SELECT 0' END";
        String system = row(row(server, row -> row.getString(1)), row -> row.getString(1));
        return row(
                "SELECT oid::text FROM pg_catalog.pg_database WHERE datname = current_database()",
                row -> system + "/" + row.getString(1));
    }

    /** Returns the database's comment, where what is to be known of it is kept; empty if it has none. */
    String comment() throws SQLException {
        return row(
                "SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_catalog.pg_database"
                        + " WHERE datname = current_database()",
                row -> row.getString(1));
    }

    void comment(String comment) throws SQLException {
        execute(row(
                "SELECT format('COMMENT ON DATABASE %I IS %L', current_database(), ?::text)",
                row -> row.getString(1), comment));
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // A brace is a brace.
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    /**
     * Does something in a transaction, which is rolled back if that fails.
     *
     * @param mode as after SET TRANSACTION
     */
    <T> T transaction(String mode, Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        try {
            execute("SET TRANSACTION " + mode);
            T result = work.run();
            connection.commit();
            connection.setAutoCommit(true);
            return result;
        } catch (SQLException | RuntimeException e) {
            try {
                connection.rollback();
                connection.setAutoCommit(true);
            } catch (SQLException lost) {
                e.addSuppressed(lost);
            }
            throw e;
        }
    }

    /**
     * Ends the session on the server and closes the connection, so that no pool hands out a session that still has the
     * database's former settings.
     */
    @SuppressWarnings("EmptyCatch")
    void end() {
        try (connection) {
            execute("SELECT pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid())");
        } catch (SQLException ended) {
            // That is what was asked for; and if it was gone already, it is the same.
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
