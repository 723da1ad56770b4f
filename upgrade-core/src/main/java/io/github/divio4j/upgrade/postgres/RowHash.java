package io.github.divio4j.upgrade.postgres;

import io.github.divio4j.upgrade.postgres.ComparedTable.Column;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * SQL that turns a row into 64 bits which are the same for the same content on every version of PostgreSQL from 9.6 on.
 *
 * <p>A row goes in as text: that of a record, which tells apart null, the empty string and where a column ends. Text depends on
 * settings, which {@link SnapshotSession} pins, and for some types on the version: floating-point numbers were written with fewer
 * digits before 12. What is made of such numbers goes in as the bytes that the type sends to clients.
 *
 * <p>{@code hashtext} is what hash indexes and hash joins over text use; it is not documented, but answers the same on all of
 * these versions. It has 32 bits, so it is taken of the text and of the text with one character more.
 *
 * @param inUtf8 whether the two databases have different encodings, so that text must be brought into one
 */
record RowHash(boolean inUtf8) {

    /** Types of pg_catalog whose text depends on the version or a setting, with the function that gives their bytes. */
    private static final Map<String, String> SEND = Map.ofEntries(
            Map.entry("float4", "float4send"),
            Map.entry("float8", "float8send"),
            Map.entry("money", "cash_send"),
            Map.entry("char", "charsend"),
            Map.entry("point", "point_send"),
            Map.entry("lseg", "lseg_send"),
            Map.entry("box", "box_send"),
            Map.entry("path", "path_send"),
            Map.entry("polygon", "poly_send"),
            Map.entry("circle", "circle_send"),
            Map.entry("line", "line_send"),
            // Not for its text, which is twice as long as the bytes: large values would exceed what a text may hold.
            Map.entry("bytea", "md5"));

    /** How a value goes in. */
    sealed interface Type permits AsText, AsBytes, AsArray, AsRecords, AsRecord {}

    /** As the text that PostgreSQL writes. */
    record AsText() implements Type {}

    /** As what a function of one argument returns. */
    record AsBytes(String function) implements Type {}

    /** As the bytes of an array, without those that hold the type's oid and a flag that says nothing about the content. */
    record AsArray() implements Type {}

    /** An array whose elements go in one by one. */
    record AsRecords(Type element) implements Type {}

    /** A composite value whose fields go in one by one. */
    record AsRecord(List<Column> fields) implements Type {}

    private static final Type TEXT = new AsText();

    /** All types of a database. */
    static final class Types {
        private record Row(
                String schema, String name, String kind, long element, long base, long relation, long subtype) {}

        private final Map<Long, Row> rows = new HashMap<>();
        private final Map<Long, List<Map.Entry<String, Long>>> fields = new HashMap<>();
        private final Map<Long, Type> known = new HashMap<>();

        static Types read(SnapshotSession session) {
            Types types = new Types();
            String subject = "the types of the " + session.side();
            session.forEach(
                    "SELECT t.oid, n.nspname, t.typname, t.typtype::text,"
                            + " CASE WHEN t.typlen = -1 THEN t.typelem ELSE 0 END, t.typbasetype, t.typrelid,"
                            + " coalesce((SELECT r.rngsubtype FROM pg_range r WHERE r.rngtypid = t.oid), 0)"
                            + " FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace"
                            + " WHERE t.typrelid = 0 OR EXISTS"
                            + " (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind IN ('c', 'r', 'p'))",
                    subject,
                    row -> types.rows.put(
                            row.getLong(1),
                            new Row(
                                    row.getString(2),
                                    row.getString(3),
                                    row.getString(4),
                                    row.getLong(5),
                                    row.getLong(6),
                                    row.getLong(7),
                                    row.getLong(8))));
            session.forEach(
                    "SELECT a.attrelid, quote_ident(a.attname), a.atttypid FROM pg_attribute a"
                            + " JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
                            + " WHERE c.relkind IN ('c', 'r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND "
                            + Catalog.USERS_SCHEMA + " ORDER BY a.attrelid, a.attname",
                    subject,
                    row -> types.fields
                            .computeIfAbsent(row.getLong(1), oid -> new ArrayList<>())
                            .add(Map.entry(row.getString(2), row.getLong(3))));
            return types;
        }

        Type get(long oid) {
            Type type = known.get(oid);
            if (type == null) {
                // A type that contains itself, by way of an array, is found here the second time.
                known.put(oid, TEXT);
                type = find(oid);
                known.put(oid, type);
            }
            return type;
        }

        private Type find(long oid) {
            Row row = rows.get(oid);
            if (row == null) {
                return TEXT;
            }
            return switch (row.kind()) {
                case "d" -> get(row.base());
                case "r" -> get(row.subtype()) == TEXT ? TEXT : new AsBytes("range_send");
                case "c" -> composite(row);
                default -> row.element() == 0 ? base(row) : array(row);
            };
        }

        private Type composite(Row row) {
            List<Column> columns = fields.getOrDefault(row.relation(), List.of()).stream()
                    .map(field -> new Column(field.getKey(), get(field.getValue())))
                    .toList();
            return columns.stream().allMatch(column -> column.type() == TEXT) ? TEXT : new AsRecord(columns);
        }

        private Type array(Row row) {
            Type element = get(row.element());
            if (element == TEXT || element.equals(new AsBytes("md5"))) {
                return TEXT;
            }
            return element instanceof AsRecord ? new AsRecords(element) : new AsArray();
        }

        private static Type base(Row row) {
            String send = row.schema().equals("pg_catalog") ? SEND.get(row.name()) : null;
            return send == null ? TEXT : new AsBytes(send);
        }
    }

    /** The text of a row of the table that is called {@code t}, of some of its columns. */
    String text(List<Column> columns) {
        return columns.stream()
                .map(column -> of("t." + column.name(), column.type()))
                .collect(Collectors.joining(", ", "ROW(", ")::text"));
    }

    /** The 64 bits of a text. */
    String ofText(String text) {
        String same = inUtf8 ? "encode(convert_to(" + text + ", 'UTF8'), 'hex')" : text;
        return "((hashtext(" + same + ")::bigint << 32) # hashtext(" + same + " || '.'))";
    }

    private static String of(String value, Type type) {
        if (type instanceof AsBytes bytes) {
            // There are many numbers that are none; a dump knows only one of them.
            return bytes.function().startsWith("float")
                    ? "CASE WHEN " + value + " = 'NaN' THEN '\\x'::bytea ELSE " + bytes.function() + "(" + value
                            + ") END"
                    : bytes.function() + "(" + value + ")";
        }
        if (type instanceof AsArray) {
            return "overlay(array_send(" + value + ") PLACING '\\x0000000000000000' FROM 5 FOR 8)";
        }
        if (type instanceof AsRecords records) {
            return "array_dims(" + value + "), ARRAY(SELECT " + of("u", records.element()) + "::text FROM unnest("
                    + value + ") WITH ORDINALITY AS u ORDER BY u.ordinality)";
        }
        if (type instanceof AsRecord record) {
            return record.fields().stream()
                    .map(field -> of("(" + value + ")." + field.name(), field.type()))
                    .collect(Collectors.joining(", ", "ROW(", ")"));
        }
        return value;
    }
}
