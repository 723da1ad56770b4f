package io.github.divio4j.upgrade.postgres;

import io.github.divio4j.upgrade.TableWrites;
import io.github.divio4j.upgrade.TableWrites.Accuracy;
import io.github.divio4j.upgrade.WrittenSince;
import io.github.divio4j.upgrade.postgres.DatabaseException.Reason;
import io.github.divio4j.upgrade.postgres.Mark.Counted;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Counts what reached a database after a backup of it was begun, and so is not in the database that was restored from it.
 *
 * <pre>{@code
 * Mark mark = LossMeter.mark(source);            // right before the backup
 * ...                                            // backup, restore
 * Mark restored = LossMeter.markRestored(target); // before the application can write to the target
 * ...                                            // the application is switched
 * LossMeter.measure(source, mark, target, restored).total();
 * }</pre>
 *
 * <p>Rows that were inserted or updated are found by the transaction that wrote them ({@code xmin}), which takes a scan of
 * each table. Rows that are only locked do not count, and a row that was written several times counts once. The snapshot of
 * the backup is later than the mark: rows that were written in between are in the target already. So each of the rows that were
 * found is compared with the target by its primary key, and counts if it is not there, or not with the same content; and what
 * the target has more is what was deleted. These numbers are exact for tables with a primary key and the same columns on both
 * sides, however often transactions were rolled back, rows frozen, or the numbers of transactions started over.
 *
 * <p>For other tables, and without a target, they are an upper bound from the server's counters, which lag behind: a session tells
 * the server of its writes up to a second later, one that fell idle right after its write up to ten seconds later, on versions
 * up to 14 when it next does something. So this is measured best when nobody writes any more. Large objects are counted
 * like that, too; sequences, definitions and materialized views are not counted.
 *
 * <p>Reads only, on PostgreSQL 9.6 to 18, one table after the other in one snapshot of each side; what this role may not read is
 * counted by the counters.
 */
public final class LossMeter {

    private static final String SNAPSHOT = "ISOLATION LEVEL REPEATABLE READ, READ ONLY";

    /** How many rows are held in memory at a time. */
    private static final int BATCH = 500;

    /** The numbers of transactions are compared within half of what 32 bits hold. */
    private static final long LONGEST_SPAN = 2_000_000_000L;

    /** A session that writes without a pause tells the server so once a second. */
    private static final long COUNTERS_DELAY_MILLIS = 1_200;

    private LossMeter() {}

    /**
     * Marks this moment in a database. To be called right before a backup is begun: whatever is not written yet, or not
     * committed, counts later on.
     *
     * @throws DatabaseException if the database cannot be asked
     */
    public static Mark mark(DataSource source) {
        try (Connected connected = Connected.to(source)) {
            Map<String, Counted> tables = connected.transaction(SNAPSHOT, () -> {
                pin(connected);
                return counted(MeasuredTable.all(connected));
            });
            return mark(connected, tables);
        } catch (SQLException e) {
            throw failure("mark the database", "the source database", e);
        }
    }

    /**
     * Marks a database that has just been restored, before anybody else writes to it: what it has from the backup. Counts its
     * rows, so it takes longer than {@link #mark}.
     *
     * @throws DatabaseException if the database cannot be asked
     */
    public static Mark markRestored(DataSource target) {
        try (Connected connected = Connected.to(target)) {
            Map<String, Counted> tables = connected.transaction(SNAPSHOT, () -> {
                pin(connected);
                Map<String, Counted> all = new TreeMap<>();
                for (MeasuredTable table : MeasuredTable.all(connected).values()) {
                    all.put(table.name(), table.readable() ? withRows(connected, table) : table.counted());
                }
                return all;
            });
            return mark(connected, tables);
        } catch (SQLException e) {
            throw failure("mark the restored database", "the target database", e);
        }
    }

    /**
     * Counts what was written since a mark at most, for lack of a target to compare with. What was written between the mark and
     * the snapshot of a backup counts as well.
     *
     * @param source the database that was marked
     * @throws DatabaseException if it is another database, or was marked too long ago ({@code UNFIT_MARK}), or cannot be read
     */
    public static WrittenSince measure(DataSource source, Mark mark) {
        return new Measurement(source, mark, null, null).run();
    }

    /**
     * Counts what was written to one database and did not arrive in another one that was restored from its backup.
     *
     * @param source the database that was marked
     * @param mark taken before the backup's snapshot
     * @param target the database that was restored from it
     * @param restored what {@link #markRestored} returned for the target, so that what was written there since is told apart;
     *     null if nothing was
     * @throws DatabaseException if a mark is of another database, or too old ({@code UNFIT_MARK}), or a database cannot be
     *     read
     */
    public static WrittenSince measure(DataSource source, Mark mark, DataSource target, @Nullable Mark restored) {
        return new Measurement(source, mark, Objects.requireNonNull(target, "target"), restored).run();
    }

    // Marks

    /** What is counted after the tables were looked at counts since the mark: rather twice than not at all. */
    private static Mark mark(Connected connected, Map<String, Counted> tables) throws SQLException {
        String identity = connected.identity();
        return connected.row(
                "SELECT txid_snapshot_xmin(txid_current_snapshot()), clock_timestamp()",
                row -> new Mark(identity, Objects.requireNonNull(Sessions.instant(row, 2)), row.getLong(1), tables));
    }

    private static Map<String, Counted> counted(Map<String, MeasuredTable> tables) {
        return tables.values().stream().collect(Collectors.toMap(MeasuredTable::name, MeasuredTable::counted));
    }

    private static Counted withRows(Connected connected, MeasuredTable table) throws SQLException {
        long count = connected.row("SELECT count(*) FROM ONLY " + table.name(), row -> row.getLong(1));
        String last = null;
        if (count > 0 && !table.key().isEmpty()) {
            String texts = table.key().stream().map(c -> "t." + c + "::text").collect(Collectors.joining(", "));
            String order = table.key().stream().map(c -> "t." + c + " DESC").collect(Collectors.joining(", "));
            last = connected.row(
                    "SELECT ARRAY[" + texts + "]::text FROM ONLY " + table.name() + " t ORDER BY " + order + " LIMIT 1",
                    row -> row.getString(1));
        }
        Counted counted = table.counted();
        return new Counted(
                counted.inserted(), counted.updated(), counted.deleted(), counted.file(), new Mark.Rows(count, last));
    }

    /** Text forms depend on these; and rows that row security hides are an error, and not rows that are not there. */
    private static void pin(Connected connected) throws SQLException {
        connected.execute("SELECT set_config(name, value, true) FROM (VALUES ('search_path', 'pg_catalog'),"
                + " ('TimeZone', 'UTC'), ('DateStyle', 'ISO, YMD'), ('IntervalStyle', 'postgres'),"
                + " ('bytea_output', 'hex'), ('extra_float_digits', '3'), ('row_security', 'off'),"
                + " ('lock_timeout', '30s'), ('statement_timeout', '0'), ('idle_in_transaction_session_timeout', '0'))"
                + " AS pinned (name, value)");
    }

    private static void check(Connected connected, Mark mark, String action, String subject) throws SQLException {
        String why = null;
        if (!mark.database().equals(connected.identity())) {
            why = "the mark was taken in another database";
        } else {
            long span = connected.row(
                    "SELECT txid_snapshot_xmax(txid_current_snapshot()) - ?::bigint",
                    row -> row.getLong(1),
                    mark.transaction());
            if (span < 0) {
                why = "the database is older than the mark: it was put back to a time before it";
            } else if (span > LONGEST_SPAN) {
                why = "more than two billion transactions have gone by since the mark";
            }
        }
        if (why != null) {
            throw DatabaseException.because(
                    Reason.UNFIT_MARK, action, subject, why, "nothing was changed", Reason.UNFIT_MARK.remedy());
        }
    }

    private static DatabaseException failure(String action, String subject, SQLException e) {
        return DatabaseException.of(action, subject, "nothing was changed", e);
    }

    /** One measurement of all tables. */
    private record Measurement(
            DataSource source,
            Mark mark,
            @Nullable DataSource target,
            @Nullable Mark restored) {

        private static final String ACTION = "measure what was written";

        WrittenSince run() {
            try (Connected from = Connected.to(source)) {
                return target == null ? withoutTarget(from) : withTarget(from, target);
            } catch (SQLException e) {
                throw failure(ACTION, "the source database", e);
            }
        }

        private WrittenSince withoutTarget(Connected from) throws SQLException {
            Map<String, Long> changed = from.transaction(SNAPSHOT, () -> {
                begin(from, mark, "the source database");
                return changed(from, MeasuredTable.all(from).values());
            });
            return result(from, new TreeMap<>(), changed, true);
        }

        private WrittenSince withTarget(Connected from, DataSource target) throws SQLException {
            Map<String, TableWrites> exact = new TreeMap<>();
            Map<String, Long> changed = new HashMap<>();
            try (Connected to = Connected.to(target)) {
                to.transaction(SNAPSHOT, () -> {
                    if (restored == null) {
                        pin(to);
                    } else {
                        begin(to, restored, "the target database");
                    }
                    Map<String, MeasuredTable> there = MeasuredTable.all(to);
                    changed.putAll(from.transaction(SNAPSHOT, () -> {
                        begin(from, mark, "the source database");
                        Map<String, MeasuredTable> here = MeasuredTable.all(from);
                        List<MeasuredTable> others = new ArrayList<>();
                        TreeSet<String> names = new TreeSet<>(here.keySet());
                        there.keySet().stream()
                                .filter(mark.tables()::containsKey)
                                .forEach(names::add);
                        for (String name : names) {
                            TableWrites writes = compare(from, here.get(name), to, there.get(name));
                            if (writes != null) {
                                exact.put(name, writes);
                            } else if (here.get(name) != null) {
                                others.add(here.get(name));
                            }
                        }
                        return changed(from, others);
                    }));
                    return there;
                });
            } catch (SQLException e) {
                throw failure(ACTION, "the source and the target database", e);
            }
            return result(from, exact, changed, !changed.isEmpty());
        }

        private static void begin(Connected connected, Mark mark, String subject) throws SQLException {
            pin(connected);
            check(connected, mark, ACTION, subject);
        }

        /** Adds to what is exact the bounds of the other tables. */
        private WrittenSince result(
                Connected from, Map<String, TableWrites> exact, Map<String, Long> changed, boolean late)
                throws SQLException {
            if (late) {
                pause();
            }
            Map<String, TableWrites> all = new TreeMap<>(exact);
            Instant at = from.transaction(SNAPSHOT, () -> {
                pin(from);
                Map<String, MeasuredTable> now = MeasuredTable.all(from);
                now.forEach((name, table) -> {
                    if (!exact.containsKey(name)) {
                        all.put(name, bound(table, changed.getOrDefault(name, 0L)));
                    }
                });
                for (String name : mark.tables().keySet()) {
                    // Dropped, and there is nothing to count it by.
                    all.putIfAbsent(name, new TableWrites(name, 0, 0, 0, Accuracy.INCOMPLETE));
                }
                return from.row("SELECT clock_timestamp()", row -> Objects.requireNonNull(Sessions.instant(row, 1)));
            });
            return new WrittenSince(mark.at(), at, List.copyOf(all.values()));
        }

        private TableWrites bound(MeasuredTable table, long changed) {
            Counted now = table.counted();
            Counted then = mark.tables().get(table.name());
            if (then == null) {
                then = new Counted(0, 0, 0, now.file(), null);
            }
            long inserted = now.inserted() - then.inserted();
            long updated = now.updated() - then.updated();
            long deleted = now.deleted() - then.deleted();
            if (inserted < 0 || updated < 0 || deleted < 0) {
                return new TableWrites(table.name(), changed, 0, 0, Accuracy.INCOMPLETE);
            }
            // What the server was not told yet is seen in the table.
            inserted = Math.max(inserted, changed - updated);
            return new TableWrites(
                    table.name(),
                    inserted,
                    updated,
                    deleted,
                    now.file() == then.file() ? Accuracy.UPPER_BOUND : Accuracy.INCOMPLETE);
        }

        /** Returns how many rows of each table were inserted or updated since the mark, and are still there. */
        private Map<String, Long> changed(Connected from, Iterable<MeasuredTable> tables) throws SQLException {
            Map<String, Long> changed = new HashMap<>();
            for (MeasuredTable table : tables) {
                changed.put(
                        table.name(),
                        table.readable()
                                ? from.row(
                                        "SELECT count(*) FROM ONLY " + table.name() + " t WHERE " + since(mark),
                                        row -> row.getLong(1))
                                : 0L);
            }
            return changed;
        }

        /**
         * Rows of the table {@code t} that were written by a transaction that had not ended at the mark. (Transactions within
         * transactions are not listed one by one in a snapshot, but are younger than its oldest.) The age of a transaction
         * counts back from now, so that it does not matter where their numbers start over.
         */
        private static String since(Mark mark) {
            return "age(t.xmin) <= age('" + (mark.transaction() & 0xFFFF_FFFFL) + "'::xid)";
        }

        private @Nullable TableWrites compare(
                Connected from, @Nullable MeasuredTable here, Connected to, @Nullable MeasuredTable there)
                throws SQLException {
            if ((here != null && !here.readable()) || (there != null && !there.readable())) {
                return null;
            }
            if (here == null) {
                return there == null ? null : new TableWrites(there.name(), 0, 0, rows(to, there), Accuracy.EXACT);
            }
            if (there == null) {
                long rows = from.row("SELECT count(*) FROM ONLY " + here.name(), row -> row.getLong(1));
                return new TableWrites(here.name(), rows, 0, 0, Accuracy.EXACT);
            }
            boolean comparable = !here.key().isEmpty()
                    && here.key().equals(there.key())
                    && here.content().equals(there.content());
            return comparable ? new Comparison(this, from, here, to, there).run() : null;
        }

        /** Returns how many rows the target has from the backup. */
        private long rows(Connected to, MeasuredTable there) throws SQLException {
            Mark.Rows rows = rowsOf(there);
            return rows != null
                    ? rows.count()
                    : to.row("SELECT count(*) FROM ONLY " + there.name(), row -> row.getLong(1));
        }

        private Mark.@Nullable Rows rowsOf(MeasuredTable there) {
            Counted counted = restored == null ? null : restored.tables().get(there.name());
            return counted == null ? null : counted.rows();
        }

        private static void pause() {
            try {
                Thread.sleep(COUNTERS_DELAY_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw DatabaseException.because(
                        Reason.INTERRUPTED,
                        ACTION,
                        "the source database",
                        "the thread was interrupted",
                        "nothing was changed",
                        "Try again.");
            }
        }
    }

    /** The comparison of the rows of one table with those in the target. */
    private static final class Comparison {
        private final Measurement measurement;
        private final Connected from;
        private final MeasuredTable here;
        private final Connected to;
        private final MeasuredTable there;
        private final String lookUp;
        private final List<String[]> batch = new ArrayList<>();

        private long inserted;
        private long updated;
        private boolean certain = true;

        Comparison(Measurement measurement, Connected from, MeasuredTable here, Connected to, MeasuredTable there) {
            this.measurement = measurement;
            this.from = from;
            this.here = here;
            this.to = to;
            this.there = there;
            this.lookUp = lookUp();
        }

        TableWrites run() throws SQLException {
            long[] counts = from.row(
                    "SELECT count(*), count(CASE WHEN " + Measurement.since(measurement.mark())
                            + " THEN 1 END) FROM ONLY " + here.name() + " t",
                    row -> new long[] {row.getLong(1), row.getLong(2)});
            if (counts[1] > 0) {
                String key = here.key().stream().map(c -> "t." + c + "::text").collect(Collectors.joining(", "));
                from.each(
                        "SELECT " + key + ", " + here.content() + " FROM ONLY " + here.name() + " t WHERE "
                                + Measurement.since(measurement.mark()),
                        BATCH,
                        row -> {
                            String[] texts = new String[here.key().size() + 1];
                            for (int i = 0; i < texts.length; i++) {
                                texts[i] = row.getString(i + 1);
                            }
                            batch.add(texts);
                            if (batch.size() == BATCH) {
                                judge();
                            }
                        });
                judge();
            }
            // Whatever is in the target and was not deleted is here; and so is what was inserted.
            long deleted = measurement.rows(to, there) + inserted - counts[0];
            if (deleted < 0) {
                // Rows are missing in the target that are older than the mark.
                return new TableWrites(here.name(), inserted, updated, 0, Accuracy.INCOMPLETE);
            }
            return new TableWrites(
                    here.name(), inserted, updated, deleted, certain ? Accuracy.EXACT : Accuracy.UPPER_BOUND);
        }

        private String lookUp() {
            int columns = there.key().size();
            String keys = IntStream.range(0, columns)
                    .mapToObj(i -> "?::text[]::" + there.keyTypes().get(i) + "[]")
                    .collect(Collectors.joining(", "));
            String names = IntStream.range(0, columns).mapToObj(i -> "k" + i).collect(Collectors.joining(", "));
            String equal = IntStream.range(0, columns)
                    .mapToObj(i -> "t." + there.key().get(i) + " = k.k" + i)
                    .collect(Collectors.joining(" AND "));
            Mark restored = measurement.restored();
            Mark.Rows rows = measurement.rowsOf(there);
            String touched = restored == null ? "false" : Measurement.since(restored);
            String beyond = "true";
            if (restored != null && rows != null && rows.lastKey() != null) {
                String last = IntStream.range(0, columns)
                        .mapToObj(i -> "(?::text[])[" + (i + 1) + "]::"
                                + there.keyTypes().get(i))
                        .collect(Collectors.joining(", "));
                beyond = "ROW(" + names + ") > ROW(" + last + ")";
            } else if (restored != null && rows == null) {
                beyond = "false";
            }
            return "SELECT k.i, t." + there.key().get(0) + " IS NOT NULL, " + touched + ", " + beyond + ", "
                    + there.content() + " FROM unnest(" + keys + ") WITH ORDINALITY AS k (" + names
                    + ", i) LEFT JOIN ONLY " + there.name() + " t ON " + equal;
        }

        private void judge() throws SQLException {
            if (batch.isEmpty()) {
                return;
            }
            int columns = there.key().size();
            List<Object> parameters = new ArrayList<>();
            Mark.Rows rows = measurement.rowsOf(there);
            if (rows != null && rows.lastKey() != null) {
                for (int i = 0; i < columns; i++) {
                    parameters.add(rows.lastKey());
                }
            }
            for (int i = 0; i < columns; i++) {
                int column = i;
                parameters.add(batch.stream().map(row -> row[column]).toArray(String[]::new));
            }
            to.each(
                    lookUp,
                    0,
                    row -> judge(
                            batch.get(row.getInt(1) - 1)[columns],
                            row.getBoolean(2),
                            row.getBoolean(3),
                            row.getBoolean(4),
                            row.getString(5)),
                    parameters.toArray());
            batch.clear();
        }

        /**
         * Judges one row of the source.
         *
         * @param found whether the target has a row with its key
         * @param touched whether that was written after the restore
         * @param beyond whether the key is greater than all that came with the restore
         */
        private void judge(String content, boolean found, boolean touched, boolean beyond, String other) {
            if (!found) {
                inserted++;
                // Otherwise it may have come with the restore, and was deleted since.
                certain &= beyond || measurement.restored() == null || nothingDeletedThere();
            } else if (!touched) {
                updated += content.equals(other) ? 0 : 1;
            } else if (beyond) {
                // Both sides gave the same key to a row of their own.
                inserted++;
            } else {
                // It may have been the same before it was written there.
                updated++;
                certain = false;
            }
        }

        private boolean nothingDeletedThere() {
            Mark restored = measurement.restored();
            Counted then = restored == null ? null : restored.tables().get(there.name());
            return then != null
                    && then.deleted() == there.counted().deleted()
                    && then.file() == there.counted().file();
        }
    }
}
