package io.github.divio4j.examples.sandbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A database connection of a container: opened when it is needed, and anew after a failure. What only reads is done again, once, on a
 * new connection if the server has ended the one before, as it does for an application whose pool looks after its connections.
 */
final class Session {
    /** The server ended the session, or the connection is gone. */
    private static final Set<String> ENDED = Set.of("57P01", "57P02", "57P03", "08003", "08006");

    private final @Nullable PostgresDsn dsn;
    private final boolean readsOnly;
    private @Nullable Connection connection;
    private boolean ended;

    Session(@Nullable PostgresDsn dsn, boolean readsOnly) {
        this.dsn = dsn;
        this.readsOnly = readsOnly;
    }

    /** A statement. */
    @FunctionalInterface
    interface Use {
        void with(Connection connection) throws SQLException;
    }

    /**
     * Runs a statement.
     *
     * @return false if the container has ended: then nothing was run
     */
    synchronized boolean run(Use use) throws SQLException {
        if (ended) {
            return false;
        }
        boolean usedBefore = connection != null;
        try {
            use.with(connected());
        } catch (SQLException e) {
            disconnect();
            if (!usedBefore || !readsOnly || !ENDED.contains(String.valueOf(e.getSQLState()))) {
                throw e;
            }
            use.with(connected());
        }
        return true;
    }

    private Connection connected() throws SQLException {
        Connection open = connection;
        if (open == null) {
            if (dsn == null) {
                throw new SQLException("The application was deployed without a database");
            }
            open = dsn.connect("order-book");
            connection = open;
        }
        return open;
    }

    /** Waits for the statement that runs, then closes the connection for good. */
    synchronized void end() {
        ended = true;
        disconnect();
    }

    private void disconnect() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                // It is being thrown away; whatever is wrong with it does not matter any more.
            }
        }
    }
}
