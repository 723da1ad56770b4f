package io.github.divio4j.examples.sandbox;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a database holds, in a form that two of them can be compared by. */
final class Content {
    static final List<String> TABLES =
            List.of("customers", "products", "orders", "order_lines", "payments", "documents", "events");

    private Content() {}

    static Map<String, String> of(String dsn) throws SQLException {
        Map<String, String> content = new TreeMap<>();
        try (Connection connection = PostgresDsn.parse(dsn).connect("test")) {
            for (String table : TABLES) {
                // Version 12 began to write floating-point numbers with fewer digits, so their bytes are compared.
                String row = one(
                        connection,
                        "SELECT 'ROW(' || string_agg(CASE data_type WHEN 'double precision' THEN 'float8send('"
                                + " || column_name || ')' ELSE column_name::text END, ', ' ORDER BY ordinal_position)"
                                + " || ')' FROM information_schema.columns WHERE table_schema = 'public'"
                                + " AND table_name = '" + table + "'");
                content.put(
                        table,
                        one(
                                connection,
                                "SELECT count(*) || ' ' || md5(string_agg(t, '|' ORDER BY t COLLATE \"C\"))"
                                        + " FROM (SELECT " + row + "::text AS t FROM " + table + ") AS rows"));
            }
            content.put("view", one(connection, "SELECT sum(total)::text FROM order_totals"));
            for (String sequence : column(
                    connection,
                    "SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace")) {
                content.put(sequence, one(connection, "SELECT last_value || ' ' || is_called FROM " + sequence));
            }
            content.put(
                    "objects",
                    String.join(
                            ", ",
                            column(
                                    connection,
                                    "SELECT relkind::text || ' ' || relname || ' of ' || (pg_get_userbyid(relowner) = current_user)"
                                            + " FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1")));
            content.put(
                    "triggers",
                    String.join(", ", column(connection, "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")));
        }
        return content;
    }

    static String one(String dsn, String sql) throws SQLException {
        try (Connection connection = PostgresDsn.parse(dsn).connect("test")) {
            return one(connection, sql);
        }
    }

    static String one(Connection connection, String sql) throws SQLException {
        return column(connection, sql).get(0);
    }

    static List<String> column(Connection connection, String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }

    static long rows(Map<String, String> content) {
        return TABLES.stream()
                .mapToLong(table -> Long.parseLong(content.get(table).split(" ")[0]))
                .sum();
    }
}
