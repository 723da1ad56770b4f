package io.github.divio4j.examples.quickstart;

import io.github.divio4j.examples.sandbox.PostgresDsn;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a database holds, in a form that is the same on every version of PostgreSQL: two databases with equal parts hold
 * the same.
 *
 * @param serverVersion the version of the server, as it says itself; not a part of what is compared
 * @param rows how many rows all tables have together
 * @param parts the name of each table, sequence, view, index and trigger, with what is compared of it
 */
record DatabaseFingerprint(String serverVersion, long rows, Map<String, String> parts) {

    /** What the text form of values depends on. */
    private static final String PINNED =
            "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'iso_8601'; SET bytea_output = 'hex';"
                    + " SET search_path = pg_catalog";

    private static final String USER_SCHEMAS = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

    static DatabaseFingerprint of(PostgresDsn dsn) throws SQLException {
        try (Connection connection = dsn.connect("divio4j-quickstart")) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(PINNED);
            }
            Map<String, String> parts = new TreeMap<>();
            long rows = 0;
            for (List<String> table : query(connection, relations("r"))) {
                List<String> sums = query(connection, checksum(connection, table.get(0), table.get(1)))
                        .get(0);
                rows += Long.parseLong(sums.get(0));
                parts.put("table " + table.get(1), sums.get(0) + " rows, checksum " + sums.get(1));
            }
            for (List<String> sequence : query(connection, relations("S"))) {
                List<String> value = query(connection, "SELECT last_value, is_called FROM " + sequence.get(1))
                        .get(0);
                parts.put("sequence " + sequence.get(1), "last value " + value.get(0) + ", called " + value.get(1));
            }
            for (List<String> view : query(connection, relations("v"))) {
                parts.put(
                        "view " + view.get(1),
                        query(connection, "SELECT count(*) FROM " + view.get(1))
                                        .get(0)
                                        .get(0) + " rows");
            }
            for (List<String> index : query(
                    connection,
                    "SELECT i.indexrelid::regclass::text, i.indisvalid, i.indisunique FROM pg_index i"
                            + " JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
                            + " WHERE c.relkind = 'i' AND " + USER_SCHEMAS)) {
                parts.put("index " + index.get(0), "valid " + index.get(1) + ", unique " + index.get(2));
            }
            for (List<String> trigger : query(
                    connection,
                    "SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal")) {
                parts.put("trigger " + trigger.get(1) + " on " + trigger.get(0), "enabled " + trigger.get(2));
            }
            String version = query(connection, "SHOW server_version").get(0).get(0);
            return new DatabaseFingerprint(version, rows, parts);
        }
    }

    private static String relations(String kind) {
        return "SELECT c.oid::text, c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE c.relkind = '" + kind + "' AND " + USER_SCHEMAS + " ORDER BY 2";
    }

    /**
     * Adds up a hash of each row, so that their order does not matter. Floats go in as bytes: their text changed with
     * PostgreSQL 12.
     */
    private static String checksum(Connection connection, String oid, String table) throws SQLException {
        List<String> columns = new ArrayList<>();
        for (List<String> column : query(
                connection,
                "SELECT quote_ident(attname), atttypid::regtype::text FROM pg_attribute WHERE attrelid = " + oid
                        + " AND attnum > 0 AND NOT attisdropped ORDER BY attnum")) {
            String name = "t." + column.get(0);
            String text = switch (column.get(1)) {
                case "real" -> "encode(float4send(" + name + "), 'hex')";
                case "double precision" -> "encode(float8send(" + name + "), 'hex')";
                default -> name + "::text";
            };
            columns.add("coalesce(md5(" + text + "), 'null')");
        }
        String row = columns.isEmpty() ? "''" : String.join(" || ", columns);
        return "SELECT count(*), coalesce(sum(('x' || substr(md5(" + row
                + "), 1, 15))::bit(60)::bigint::numeric), 0) FROM " + table + " t";
    }

    private static List<List<String>> query(Connection connection, String sql) throws SQLException {
        List<List<String>> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.add(String.valueOf(result.getString(i)));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    /** What is not the same in another database, a line for each part; empty if they hold the same. */
    List<String> differencesTo(DatabaseFingerprint other) {
        List<String> differences = new ArrayList<>();
        TreeSet<String> names = new TreeSet<>(parts.keySet());
        names.addAll(other.parts.keySet());
        for (String name : names) {
            String before = parts.getOrDefault(name, "not there");
            String after = other.parts.getOrDefault(name, "not there");
            if (!Objects.equals(before, after)) {
                differences.add(name + ": " + before + " before, " + after + " after");
            }
        }
        return differences;
    }

    /** How many tables there are. */
    long tables() {
        return parts.keySet().stream().filter(p -> p.startsWith("table ")).count();
    }
}
