package io.github.divio4j.upgrade.postgres;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a fence in the database itself, at the end of its comment: the only text that an owner can leave with a
 * database, outside of what a dump holds. (A setting with a name of one's own takes a superuser on every version.)
 *
 * @param database which database it is of: dumps of servers up to 10 carry comments, and one that came with a dump is no fence
 * @param since when it was raised, by the server's clock
 * @param before what the database's own default_transaction_read_only was; null if it had none
 * @param settled when it was proven to hold, by the server's clock; null as long as it is not
 * @param proven what had been written by then; null as long as it is not proven
 */
record FenceRecord(
        String owner,
        String database,
        Instant since,
        @Nullable String before,
        @Nullable Instant settled,
        @Nullable Writes proven) {

    private static final Pattern RECORD = CommentNote.pattern("fence", "([^\\]]*)");

    FenceRecord proven(Instant at, Writes writes) {
        return new FenceRecord(owner, database, since, before, at, writes);
    }

    /** Reads what a comment holds; null if that is no fence of this database. */
    static @Nullable FenceRecord in(String comment, String database) {
        Matcher matcher = RECORD.matcher(comment);
        if (!matcher.find()) {
            return null;
        }
        Map<String, String> fields = new HashMap<>();
        for (String field : matcher.group(1).split(" ", -1)) {
            int equals = field.indexOf('=');
            if (equals > 0) {
                fields.put(field.substring(0, equals), CommentNote.decoded(field.substring(equals + 1)));
            }
        }
        try {
            FenceRecord record = new FenceRecord(
                    fields.getOrDefault("owner", ""),
                    fields.getOrDefault("database", ""),
                    Instant.parse(fields.getOrDefault("since", "")),
                    fields.get("before"),
                    fields.containsKey("settled") ? Instant.parse(fields.get("settled")) : null,
                    writes(fields));
            return record.database.equals(database) ? record : null;
        } catch (RuntimeException unreadable) {
            // Whatever somebody made of it: there is a fence, and nobody's word on whose it is.
            return new FenceRecord("", database, Instant.EPOCH, null, null, null);
        }
    }

    private static @Nullable Writes writes(Map<String, String> fields) {
        String counted = fields.get("writes");
        if (counted == null) {
            return null;
        }
        String[] parts = counted.split(",", -1);
        return new Writes(Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]), parts[3]);
    }

    /** Returns a comment without any fence. */
    static String without(String comment) {
        return CommentNote.without(RECORD, comment);
    }

    /** Returns a comment with this fence and no other. */
    String in(String comment) {
        return CommentNote.with(RECORD, comment, this);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[divio4j-fence 1");
        field(text, "owner", owner);
        field(text, "since", since.toString());
        field(text, "database", database);
        field(text, "before", before);
        field(text, "settled", settled == null ? null : settled.toString());
        field(
                text,
                "writes",
                proven == null
                        ? null
                        : proven.inserted() + "," + proven.updated() + "," + proven.deleted() + "," + proven.reset());
        return text.append(']').toString();
    }

    private static void field(StringBuilder text, String name, @Nullable String value) {
        if (value != null) {
            text.append(' ').append(name).append('=').append(CommentNote.encoded(value));
        }
    }
}
