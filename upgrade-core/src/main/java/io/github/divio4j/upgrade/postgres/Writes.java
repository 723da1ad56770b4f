package io.github.divio4j.upgrade.postgres;

import java.sql.SQLException;

/**
 * How many rows the server has counted as written to the tables of a database since its statistics were last reset. Those of
 * transactions that were rolled back count, too; a TRUNCATE counts nothing. Temporary tables are left out. Of large objects
 * the rows that hold them count, of about two kilobytes each.
 *
 * @param reset when the statistics were reset, as text; an empty text if they never were
 */
record Writes(long inserted, long updated, long deleted, String reset) {

    /** What counts: the ordinary tables that are not the server's own, and where it keeps large objects. */
    static final String TABLES = "((c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_'"
            + " AND n.nspname <> 'information_schema') OR c.oid = 'pg_catalog.pg_largeobject'::regclass)";

    private static final String COUNTED = """
            SELECT coalesce(sum(s.n_tup_ins), 0), coalesce(sum(s.n_tup_upd), 0), coalesce(sum(s.n_tup_del), 0), %s
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                JOIN pg_catalog.pg_stat_all_tables s ON s.relid = c.oid
            WHERE %s
            """;

    /** When the statistics of the database were reset, as it is compared. */
    static final String RESET = "(SELECT coalesce(extract(epoch FROM stats_reset)::text, '')"
            + " FROM pg_catalog.pg_stat_database WHERE datname = current_database())";

    static Writes counted(Connected connected) throws SQLException {
        return connected.row(
                COUNTED.formatted(RESET, TABLES),
                row -> new Writes(row.getLong(1), row.getLong(2), row.getLong(3), row.getString(4)));
    }

    /** Whether what was counted at another time is no longer a part of this: then nothing can be told from them. */
    boolean restartedSince(Writes before) {
        return !reset.equals(before.reset)
                || inserted < before.inserted
                || updated < before.updated
                || deleted < before.deleted;
    }
}
