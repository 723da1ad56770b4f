package io.github.divio4j.examples.postgres;

import io.github.divio4j.examples.sandbox.PostgresDsn;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A connection of an application. */
final class Client implements AutoCloseable {
    private final Connection connection;

    Client(Connection connection) {
        this.connection = connection;
    }

    static Client of(PostgresDsn database) throws SQLException {
        return new Client(database.connect("shop"));
    }

    /** Runs statements, separated by semicolons, on a connection of their own. */
    static void run(PostgresDsn database, String sql) throws SQLException {
        try (Client client = of(database)) {
            client.run(sql);
        }
    }

    static List<String> texts(PostgresDsn database, String sql) throws SQLException {
        try (Client client = of(database)) {
            return client.texts(sql);
        }
    }

    void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column. */
    List<String> texts(String sql) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                texts.add(String.valueOf(rows.getString(1)));
            }
        }
        return texts;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
