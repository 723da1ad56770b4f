package io.github.divio4j.upgrade.postgres;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * What the query planner of a database knows about its rows. A dump does not bring it along, and without it queries can be slow by
 * orders of magnitude, so it is gathered before an application moves.
 *
 * @param tables how many tables and materialized views were analyzed, where those of a partitioned table count as one; 0 if it was only
 *     looked
 * @param duration how long it took
 * @param missing the columns that have rows but no statistics, as {@code schema.table.column}; a role does not see the statistics of
 *     what it may not read
 */
public record Statistics(int tables, Duration duration, List<String> missing) {

    private static final String USERS = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

    /** Partitions are analyzed with the table that they are of. */
    private static final String TO_ANALYZE = "SELECT format('%%I.%%I', n.nspname, c.relname) FROM pg_catalog.pg_class c"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'm', 'p') AND "
            + USERS
            + " AND c.relpersistence <> 't' %s ORDER BY 1";

    /**
     * A table without rows has none, which is told by its size, or by what was found when it was analyzed; a partitioned one has rows if
     * a partition has.
     */
    private static final String MISSING = "WITH RECURSIVE part (root, oid) AS ("
            + " SELECT c.oid, c.oid FROM pg_catalog.pg_class c WHERE c.relkind IN ('r', 'm', 'p')"
            + " UNION ALL SELECT p.root, i.inhrelid FROM part p JOIN pg_catalog.pg_class r ON r.oid = p.root AND r.relkind = 'p'"
            + " JOIN pg_catalog.pg_inherits i ON i.inhparent = p.oid),"
            + " filled AS (SELECT DISTINCT p.root FROM part p JOIN pg_catalog.pg_class c ON c.oid = p.oid"
            + " WHERE c.relkind <> 'p' AND pg_catalog.pg_relation_size(c.oid) > 0 AND NOT (c.relpages > 0 AND c.reltuples = 0))"
            + " SELECT format('%%I.%%I.%%I', n.nspname, c.relname, a.attname) FROM pg_catalog.pg_class c"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN filled f ON f.root = c.oid"
            + " JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
            + " LEFT JOIN pg_catalog.pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = a.attname"
            + " WHERE s.attname IS NULL AND " + USERS
            // Zero is the wish to have none; a virtual column has none.
            + " AND coalesce(a.attstattarget, -1) <> 0 %s ORDER BY 1";

    private static final int PARTITIONS = 100000;
    private static final int VIRTUAL_COLUMNS = 180000;

    /** Copies the list. */
    public Statistics {
        requireNonNull(duration, "duration");
        missing = List.copyOf(missing);
    }

    /** Returns whether no column lacks statistics. */
    public boolean isComplete() {
        return missing.isEmpty();
    }

    /**
     * Analyzes all tables and materialized views that the role may analyze, one after the other, and says what still lacks statistics.
     * Blocks until that is done. Doing it again does no harm.
     *
     * @throws DatabaseException if the database cannot be reached or does not do it; tables before it are analyzed
     */
    public static Statistics analyze(DataSource database) {
        return run(database, true);
    }

    /**
     * Says what lacks statistics, and changes nothing.
     *
     * @throws DatabaseException if the database cannot be reached or read
     */
    public static Statistics look(DataSource database) {
        return run(database, false);
    }

    private static Statistics run(DataSource database, boolean analyze) {
        requireNonNull(database, "database");
        long begin = System.nanoTime();
        String action = analyze ? "analyze" : "read the statistics";
        String subject = "the database";
        String trueNow = "no row was changed";
        try (Connection connection = database.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(true);
            try (Statement statement = connection.createStatement()) {
                int version = Integer.parseInt(
                        column(statement, "SHOW server_version_num").get(0));
                List<String> tables = analyze
                        ? column(
                                statement,
                                String.format(TO_ANALYZE, version >= PARTITIONS ? "AND NOT c.relispartition" : ""))
                        : List.of();
                for (String table : tables) {
                    subject = "table " + table;
                    statement.execute("ANALYZE " + table);
                }
                subject = "the database";
                List<String> missing = column(
                        statement,
                        String.format(MISSING, version >= VIRTUAL_COLUMNS ? "AND a.attgenerated <> 'v'" : ""));
                return new Statistics(tables.size(), Duration.ofNanos(System.nanoTime() - begin), missing);
            } finally {
                connection.setAutoCommit(autoCommit);
            }
        } catch (SQLException e) {
            throw DatabaseException.of(action, subject, trueNow, e);
        }
    }

    private static List<String> column(Statement statement, String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }
}
