package io.github.divio4j.upgrade.postgres;

import java.sql.Array;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A table whose rows are counted, as it is at this moment.
 *
 * @param name with its schema, as SQL wants it
 * @param readable whether this role may read it
 * @param key the columns of the primary key, as SQL wants them; empty if there is none
 * @param keyTypes their types
 * @param content SQL that makes a text of a row of the table called {@code t}: the same for the same content on all versions
 * @param counted what the server has counted so far
 */
record MeasuredTable(
        String name, boolean readable, List<String> key, List<String> keyTypes, String content, Mark.Counted counted) {

    /**
     * Floating-point numbers go in as the bytes that they are sent as: they were written with fewer digits before 12. So do the
     * types that are made of them.
     */
    private static final String ALL = """
            SELECT c.oid::regclass::text, c.relkind = 'r' AND has_table_privilege(c.oid, 'SELECT'),
                coalesce(s.n_tup_ins, 0), coalesce(s.n_tup_upd, 0), coalesce(s.n_tup_del, 0),
                coalesce(pg_relation_filenode(c.oid)::bigint, 0),
                ARRAY(SELECT quote_ident(a.attname) %1$s),
                ARRAY(SELECT format_type(CASE y.typtype WHEN 'd' THEN y.typbasetype ELSE y.oid END, -1) %1$s),
                (SELECT 'md5(ARRAY[' || string_agg(
                        CASE
                            WHEN y.oid < 16384 AND (y.typcategory = 'G' OR y.typname IN ('float4', 'float8'))
                            THEN format('encode(%%s(t.%%I), ''hex'')', y.typsend::regproc, a.attname)
                            WHEN y.oid < 16384 AND y.typname IN ('_float4', '_float8')
                            THEN format('encode(array_send(t.%%I), ''hex'')', a.attname)
                            ELSE format('t.%%I::text', a.attname)
                        END, ', ' ORDER BY a.attname) || ']::text)'
                    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type f ON f.oid = a.atttypid
                        JOIN pg_catalog.pg_type y ON y.oid = CASE f.typtype WHEN 'd' THEN f.typbasetype ELSE f.oid END
                    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                LEFT JOIN pg_catalog.pg_stat_all_tables s ON s.relid = c.oid
            WHERE %2$s
            """.formatted("""
                            FROM pg_catalog.pg_constraint k, unnest(k.conkey) WITH ORDINALITY AS u (number, place),
                                pg_catalog.pg_attribute a, pg_catalog.pg_type y
                            WHERE k.conrelid = c.oid AND k.contype = 'p' AND a.attrelid = c.oid
                                AND a.attnum = u.number AND y.oid = a.atttypid
                            ORDER BY u.place""", Writes.TABLES);

    /** Reads all of them by their names, within a transaction whose search path is pg_catalog. */
    static Map<String, MeasuredTable> all(Connected connected) throws SQLException {
        Map<String, MeasuredTable> tables = new TreeMap<>();
        connected.each(ALL, 0, row -> {
            String content = row.getString(9);
            MeasuredTable table = new MeasuredTable(
                    row.getString(1),
                    row.getBoolean(2),
                    texts(row.getArray(7)),
                    texts(row.getArray(8)),
                    content == null ? "''" : content,
                    new Mark.Counted(row.getLong(3), row.getLong(4), row.getLong(5), row.getLong(6), null));
            tables.put(table.name(), table);
        });
        return tables;
    }

    private static List<String> texts(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }
}
