package io.github.divio4j.examples.sandbox;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A database connection of a container: opened when it is needed, and anew after a failure. */
final class Session {
    private final @Nullable PostgresDsn dsn;
    private @Nullable Connection connection;
    private boolean ended;

    Session(@Nullable PostgresDsn dsn) {
        this.dsn = dsn;
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
        try {
            Connection open = connection;
            if (open == null) {
                if (dsn == null) {
                    throw new SQLException("The application was deployed without a database");
                }
                open = dsn.connect("order-book");
                connection = open;
            }
            use.with(open);
            return true;
        } catch (SQLException e) {
            disconnect();
            throw e;
        }
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
