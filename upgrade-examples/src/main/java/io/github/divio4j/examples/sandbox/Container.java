package io.github.divio4j.examples.sandbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The order book running with the variables of one deployment. */
final class Container {
    private static final String PLACE = """
            WITH placed AS (
                INSERT INTO orders (number, customer_id, ordered_at, delivery_on, note, details)
                SELECT ?, min(id), now(), localtimestamp, 'placed while running – ✓', '{"channel": "web"}'
                FROM customers
                RETURNING id)
            INSERT INTO order_lines (order_id, position, product_id, quantity, unit_price)
            SELECT placed.id, line, (SELECT min(id) FROM products), line, 9.99
            FROM placed, generate_series(1, 2) AS line""";

    private static final String LOOK = "SELECT number, total FROM order_totals WHERE number = ?";

    private final Map<String, String> variables;
    private final Session writes;
    private final Session reads;

    private Container(Map<String, String> variables, @Nullable PostgresDsn dsn) {
        this.variables = variables;
        this.writes = new Session(dsn, false);
        this.reads = new Session(dsn, true);
    }

    /** A container that serves without a database. */
    static Container without(Map<String, String> variables) {
        return new Container(variables, null);
    }

    /** Starts a container; it is healthy if its database lets it in. */
    static Container connected(Map<String, String> variables, String databaseVariable) throws HostingException {
        String url = variables.get(databaseVariable);
        if (url == null || !url.startsWith("postgres:")) {
            return without(variables);
        }
        PostgresDsn dsn = PostgresDsn.parse(url);
        try (Connection connection = dsn.connect("order-book health check")) {
            if (!connection.isValid(5)) {
                throw new HostingException("Health check failed: the database does not answer.");
            }
        } catch (SQLException e) {
            throw new HostingException("Health check failed: " + e.getMessage(), e);
        }
        return new Container(variables, dsn);
    }

    Map<String, String> variables() {
        return variables;
    }

    boolean placeOrder(long number) throws SQLException {
        return writes.run(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(PLACE)) {
                statement.setLong(1, number);
                statement.executeUpdate();
            }
        });
    }

    boolean lookAtOrder(long number) throws SQLException {
        return reads.run(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(LOOK)) {
                statement.setLong(1, number);
                try (ResultSet rows = statement.executeQuery()) {
                    if (!rows.next()) {
                        throw new SQLException("The order " + number + " is not there");
                    }
                }
            }
        });
    }

    void end() {
        writes.end();
        reads.end();
    }
}
