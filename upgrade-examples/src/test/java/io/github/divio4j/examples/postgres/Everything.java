package io.github.divio4j.examples.postgres;

import io.github.divio4j.examples.sandbox.LocalDatabases;
import io.github.divio4j.examples.sandbox.PostgresDsn;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;

/** A database that holds one of each. */
final class Everything {
    private Everything() {}

    static PostgresDsn create(LocalDatabases databases, String version) throws Exception {
        PostgresDsn database = databases.create(version);
        run(database, resource("everything.sql"));
        if (Double.parseDouble(version) >= 13) {
            run(database, resource("since-13.sql"));
        }
        if (Double.parseDouble(version) >= 15) {
            run(database, resource("since-15.sql"));
        }
        return database;
    }

    static void run(PostgresDsn database, String sql) throws SQLException {
        try (Connection connection = database.connect("test");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String resource(String name) throws Exception {
        try (InputStream in = Objects.requireNonNull(Everything.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
