package io.github.divio4j.upgrade.postgres;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table that holds rows itself: an ordinary one or a partition.
 *
 * @param name with its schema, as SQL wants it
 * @param bytes how much room it takes, without indexes
 * @param columns in the order of their names
 * @param key those of the primary key, in its order; empty if there is none
 */
record ComparedTable(String name, long bytes, List<Column> columns, List<Column> key) {

    /**
     * A column.
     *
     * @param name quoted where SQL wants it
     */
    record Column(String name, RowHash.Type type) {}

    /** Reads all of them, the biggest first. */
    static List<ComparedTable> read(SnapshotSession session) {
        RowHash.Types types = RowHash.Types.read(session);
        String subject = "the tables of the " + session.side();
        Map<Long, String> names = new LinkedHashMap<>();
        Map<Long, Long> sizes = new HashMap<>();
        session.forEach(
                "SELECT c.oid, c.oid::regclass::text, pg_table_size(c.oid) FROM pg_class c"
                        + " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND "
                        + Catalog.users("pg_class", "c"),
                subject,
                row -> {
                    sizes.put(row.getLong(1), row.getLong(3));
                    names.put(row.getLong(1), row.getString(2));
                });
        Map<Long, List<Column>> columns = new HashMap<>();
        Map<Long, Map<Integer, Column>> numbered = new HashMap<>();
        session.forEach(
                "SELECT a.attrelid, a.attnum, quote_ident(a.attname), a.atttypid FROM pg_attribute a"
                        + " JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
                        + " WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND "
                        + Catalog.users("pg_class", "c") + " ORDER BY a.attrelid, a.attname",
                subject,
                row -> {
                    long table = row.getLong(1);
                    Column column = new Column(row.getString(3), types.get(row.getLong(4)));
                    numbered.computeIfAbsent(table, oid -> new HashMap<>()).put(row.getInt(2), column);
                    columns.computeIfAbsent(table, oid -> new ArrayList<>()).add(column);
                });
        Map<Long, List<Column>> keys = new HashMap<>();
        session.forEach(
                "SELECT k.conrelid, u.num FROM pg_constraint k, unnest(k.conkey) WITH ORDINALITY AS u (num, ord)"
                        + " WHERE k.contype = 'p' ORDER BY k.conrelid, u.ord",
                subject,
                row -> {
                    Column column =
                            numbered.getOrDefault(row.getLong(1), Map.of()).get(row.getInt(2));
                    if (column != null) {
                        keys.computeIfAbsent(row.getLong(1), oid -> new ArrayList<>())
                                .add(column);
                    }
                });
        List<ComparedTable> tables = new ArrayList<>();
        names.forEach((oid, name) -> tables.add(new ComparedTable(
                name,
                sizes.getOrDefault(oid, 0L),
                columns.getOrDefault(oid, List.of()),
                keys.getOrDefault(oid, List.of()))));
        tables.sort(Comparator.comparingLong(ComparedTable::bytes).reversed().thenComparing(ComparedTable::name));
        return tables;
    }

    /** Asks for the number of rows and, with a hash of each, for their sum, which does not depend on an order. */
    String sum(@Nullable RowHash hash) {
        return hash == null
                ? "SELECT count(*), '' FROM ONLY " + name
                : "SELECT count(*), coalesce(sum(" + hash.ofText("r") + "), 0)::text FROM (SELECT " + hash.text(columns)
                        + " AS r FROM ONLY " + name + " t OFFSET 0) h";
    }
}
