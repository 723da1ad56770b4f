package io.github.divio4j.upgrade.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Finds some of the rows by which two tables differ, through their primary keys. Rows are put into buckets by a hash of the key; only
 * those of a few buckets whose sums differ are fetched, so that what is held here does not grow with the table.
 */
final class RowSamples {

    private static final int ROWS_IN_A_BUCKET = 2000;
    private static final long MOST_BUCKETS = 1 << 15;
    private static final int MOST_ROWS = 100_000;
    private static final int LONGEST_KEY = 200;

    private final ComparedTable table;
    private final RowHash hash;
    private final int samples;
    private final long buckets;

    RowSamples(ComparedTable table, RowHash hash, long rows, int samples) {
        this.table = table;
        this.hash = hash;
        this.samples = samples;
        this.buckets = Math.max(1, Math.min(MOST_BUCKETS, rows / ROWS_IN_A_BUCKET));
    }

    /** Returns what to show of some rows that differ; nothing for a table without a primary key. */
    List<String> find(SnapshotSession source, SnapshotSession target) {
        List<String> found = new ArrayList<>();
        if (table.key().isEmpty()) {
            return found;
        }
        Map<Long, String> before = sums(source);
        Map<Long, String> after = sums(target);
        TreeSet<Long> all = new TreeSet<>(before.keySet());
        all.addAll(after.keySet());
        for (long bucket : all) {
            if (found.size() >= samples) {
                break;
            }
            if (!before.getOrDefault(bucket, "").equals(after.getOrDefault(bucket, ""))) {
                Map<String, Row> old = rows(source, bucket);
                Map<String, Row> now = rows(target, bucket);
                if (old.size() < MOST_ROWS && now.size() < MOST_ROWS) {
                    compare(old, now, found);
                }
            }
        }
        return found;
    }

    private void compare(Map<String, Row> before, Map<String, Row> after, List<String> found) {
        TreeSet<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(after.keySet());
        for (String key : keys) {
            Row old = before.get(key);
            Row now = after.get(key);
            if (found.size() >= samples) {
                return;
            }
            if (old == null && now != null) {
                found.add(now.shown() + " is in the target only");
            } else if (now == null && old != null) {
                found.add(old.shown() + " is missing in the target");
            } else if (old != null && now != null && !old.hash().equals(now.hash())) {
                found.add(old.shown() + " has other values");
            }
        }
    }

    private record Row(String shown, String hash) {}

    private Map<Long, String> sums(SnapshotSession session) {
        Map<Long, String> sums = new TreeMap<>();
        session.forEach(
                "SELECT h.bucket, count(*), sum(" + hash.ofText("h.r") + ") FROM (SELECT " + bucket() + " AS bucket, "
                        + hash.text(table.columns()) + " AS r FROM ONLY " + table.name() + " t OFFSET 0) h GROUP BY 1",
                subject(session),
                row -> sums.put(row.getLong(1), row.getString(2) + " " + row.getString(3)));
        return sums;
    }

    private Map<String, Row> rows(SnapshotSession session, long bucket) {
        String shown = table.key().stream()
                .map(column -> "'" + column.name().replace("'", "''") + "=' || t." + column.name())
                .collect(Collectors.joining(", "));
        Map<String, Row> rows = new TreeMap<>();
        session.forEach(
                "SELECT h.k, left(h.shown, " + LONGEST_KEY + "), " + hash.ofText("h.r") + " FROM (SELECT "
                        + hash.text(table.key()) + " AS k, concat_ws(', ', " + shown + ") AS shown, "
                        + hash.text(table.columns()) + " AS r, " + bucket() + " AS bucket FROM ONLY " + table.name()
                        + " t OFFSET 0) h WHERE h.bucket = " + bucket + " LIMIT " + MOST_ROWS,
                subject(session),
                row -> rows.put(row.getString(1), new Row(row.getString(2), row.getString(3))));
        return rows;
    }

    private String bucket() {
        return "abs(" + hash.ofText(hash.text(table.key())) + " % " + buckets + ")";
    }

    private String subject(SnapshotSession session) {
        return "table " + table.name() + " of the " + session.side();
    }
}
