package io.github.divio4j.upgrade;

/**
 * How many rows of a table were written since a moment; a part of {@link WrittenSince}.
 *
 * @param table its name with its schema, as SQL wants it; {@code pg_largeobject} stands for large objects, with a row for each
 *     two kilobytes
 * @param inserted rows that are there now, and were not
 * @param updated rows that were there with another content
 * @param deleted rows that were there, and are not any more
 * @param accuracy how far these numbers can be relied on
 */
public record TableWrites(String table, long inserted, long updated, long deleted, Accuracy accuracy) {

    /** How far numbers can be relied on. */
    public enum Accuracy {
        /** As they are, row by row. */
        EXACT,
        /** There were not more; what the server counts again and again, or rolled back, or had counted late counts, too. */
        UPPER_BOUND,
        /** There may have been more: the table was dropped, truncated or rewritten, or the server's counters began anew. */
        INCOMPLETE
    }

    /** Returns how many there are together. */
    public long total() {
        return inserted + updated + deleted;
    }

    /** Returns true if it is certain that there was none. */
    public boolean none() {
        return total() == 0 && accuracy != Accuracy.INCOMPLETE;
    }

    /** Says it in one line. */
    @Override
    public String toString() {
        return table + ": " + inserted + " inserted, " + updated + " updated, " + deleted + " deleted"
                + switch (accuracy) {
                    case EXACT -> "";
                    case UPPER_BOUND -> total() == 0 ? "" : " (at most)";
                    case INCOMPLETE -> " (perhaps more)";
                };
    }
}
