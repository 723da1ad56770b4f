package io.github.divio4j.examples.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** The tables of the order book and what is in them at the start. */
final class OrderBookSchema {
    /** The fewest rows with which every table has some. */
    static final int FEWEST_ROWS = 100;

    /** How many orders there are then. */
    static final int FEWEST_ORDERS = 20;

    private OrderBookSchema() {}

    /**
     * Makes the tables and fills them. The same name and number of rows give the same content on every version of
     * PostgreSQL.
     *
     * @param name goes into the content, so that the data of one environment is never taken for that of another
     * @param rows how many there are over all tables; with 0 there are not even tables
     */
    static void create(Connection connection, String name, int rows) throws SQLException {
        if (rows == 0) {
            return;
        }
        // A million rows take longer than an application would wait.
        connection.setNetworkTimeout(Runnable::run, 0);
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute(resource("order-book-schema.sql"));
            Shares shares = Shares.of(Math.max(rows, FEWEST_ROWS));
            try (PreparedStatement settings = connection.prepareStatement(
                    "SELECT set_config('seed.' || key, value, true) FROM (VALUES ('name', ?), ('customers', ?),"
                            + " ('products', ?), ('orders', ?), ('lines', ?), ('payments', ?), ('documents', ?),"
                            + " ('events', ?)) AS settings (key, value)")) {
                settings.setString(1, name);
                settings.setString(2, Integer.toString(shares.customers()));
                settings.setString(3, Integer.toString(shares.products()));
                settings.setString(4, Integer.toString(shares.orders()));
                settings.setString(5, Integer.toString(shares.lines()));
                settings.setString(6, Integer.toString(shares.payments()));
                settings.setString(7, Integer.toString(shares.documents()));
                settings.setString(8, Integer.toString(shares.events()));
                settings.execute();
            }
            statement.execute(resource("order-book-rows.sql"));
            connection.commit();
            statement.execute("ANALYZE");
            connection.commit();
        }
    }

    /** How the rows are spread over the tables. */
    private record Shares(int customers, int products, int orders, int lines, int payments, int documents, int events) {
        static Shares of(int rows) {
            int customers = rows * 8 / 100;
            int products = rows * 2 / 100;
            int orders = rows * 20 / 100;
            int lines = orders * 2;
            int payments = rows * 15 / 100;
            int documents = rows / 100;
            int events = rows - customers - products - orders - lines - payments - documents;
            return new Shares(customers, products, orders, lines, payments, documents, events);
        }
    }

    private static String resource(String name) {
        try (InputStream in = OrderBookSchema.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("Resource " + name + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
