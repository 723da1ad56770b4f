package io.github.divio4j.upgrade.postgres;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A moment in the life of a database, as {@link LossMeter} needs it to find out later what has been written since. Its
 * {@linkplain #text text} is one line that can be kept anywhere; it holds names of tables and numbers, and perhaps the keys of
 * rows, but no passwords.
 */
public final class Mark {

    private static final String START = "divio4j-mark 1";

    private final String database;
    private final Instant at;
    private final long transaction;
    private final Map<String, Counted> tables;

    /**
     * What is kept of a table.
     *
     * @param file where the server keeps its rows: another one after it was truncated or rewritten
     * @param rows what is known of them; null if it is not a mark of a restored database
     */
    record Counted(
            long inserted,
            long updated,
            long deleted,
            long file,
            @Nullable Rows rows) {}

    /**
     * The rows that a table has after a restore.
     *
     * @param lastKey the greatest primary key as an array of texts; null if there is none
     */
    record Rows(long count, @Nullable String lastKey) {}

    Mark(String database, Instant at, long transaction, Map<String, Counted> tables) {
        this.database = database;
        this.at = at;
        this.transaction = transaction;
        this.tables = Map.copyOf(tables);
    }

    /** Returns when it was taken, by the server's clock. */
    public Instant at() {
        return at;
    }

    String database() {
        return database;
    }

    /** The first transaction that had not ended: what is older was there already. */
    long transaction() {
        return transaction;
    }

    Map<String, Counted> tables() {
        return tables;
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @throws IllegalArgumentException if it is not such a text
     */
    public static Mark parse(String text) {
        String[] fields = text.strip().split(" ", -1);
        try {
            if (!text.startsWith(START + " ")) {
                throw new IllegalArgumentException("it does not begin with \"" + START + "\"");
            }
            Map<String, Counted> tables = new TreeMap<>();
            for (int i = 5; i < fields.length; i++) {
                String[] parts = fields[i].split(":", -1);
                Rows rows = parts.length < 6
                        ? null
                        : new Rows(Long.parseLong(parts[5]), parts.length < 7 ? null : decode(parts[6]));
                tables.put(
                        decode(parts[0]),
                        new Counted(
                                Long.parseLong(parts[1]),
                                Long.parseLong(parts[2]),
                                Long.parseLong(parts[3]),
                                Long.parseLong(parts[4]),
                                rows));
            }
            return new Mark(fields[2], Instant.parse(fields[3]), Long.parseLong(fields[4]), tables);
        } catch (RuntimeException e) {
            // A part that is missing, and a number or a time that is none, each throw something else.
            throw new IllegalArgumentException("Not the text of a mark: " + e.getMessage(), e);
        }
    }

    /** Returns one line that {@link #parse} reads. */
    public String text() {
        StringBuilder text = new StringBuilder(START)
                .append(' ')
                .append(database)
                .append(' ')
                .append(at)
                .append(' ')
                .append(transaction);
        new TreeMap<>(tables).forEach((name, counted) -> {
            text.append(' ').append(encode(name));
            text.append(':').append(counted.inserted());
            text.append(':').append(counted.updated());
            text.append(':').append(counted.deleted());
            text.append(':').append(counted.file());
            Rows rows = counted.rows();
            if (rows != null) {
                text.append(':').append(rows.count());
                if (rows.lastKey() != null) {
                    text.append(':').append(encode(rows.lastKey()));
                }
            }
        });
        return text.toString();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Mark mark && text().equals(mark.text());
    }

    @Override
    public int hashCode() {
        return text().hashCode();
    }

    @Override
    public String toString() {
        return "mark of " + at + " at transaction " + transaction;
    }
}
