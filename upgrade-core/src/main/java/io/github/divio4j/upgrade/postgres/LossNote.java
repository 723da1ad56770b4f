package io.github.divio4j.upgrade.postgres;

import io.github.divio4j.upgrade.TableWrites;
import io.github.divio4j.upgrade.WrittenSince;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What was lost, kept in the comment of the source: what the application does in the target since then makes it harder to tell.
 * Tables without a loss are left out.
 *
 * @param restore the restore that brought the data with which the application went on
 * @param database which database it is of, since dumps of servers up to 10 carry comments
 * @param certain whether nobody was connected any more
 */
record LossNote(String restore, String database, boolean certain, WrittenSince lost) {

    private static final Pattern NOTE = CommentNote.pattern("lost", "([^\\]]*)");

    /** Reads what a comment holds; null if that is nothing of this database and this restore. */
    static @Nullable LossNote in(String comment, String database, String restore) {
        Matcher matcher = NOTE.matcher(comment);
        if (!matcher.find()) {
            return null;
        }
        try {
            String[] fields = matcher.group(1).split(" ", -1);
            List<TableWrites> tables = new ArrayList<>();
            for (int i = 5; i < fields.length; i++) {
                String[] parts = fields[i].split(":", -1);
                tables.add(new TableWrites(
                        CommentNote.decoded(parts[0]),
                        Long.parseLong(parts[1]),
                        Long.parseLong(parts[2]),
                        Long.parseLong(parts[3]),
                        TableWrites.Accuracy.valueOf(parts[4])));
            }
            LossNote note = new LossNote(
                    CommentNote.decoded(fields[0]),
                    CommentNote.decoded(fields[1]),
                    Boolean.parseBoolean(fields[2]),
                    new WrittenSince(Instant.parse(fields[3]), Instant.parse(fields[4]), tables));
            return note.database.equals(database) && note.restore.equals(restore) ? note : null;
        } catch (IllegalArgumentException | IndexOutOfBoundsException | DateTimeParseException unreadable) {
            // Whatever somebody made of it: it is measured again.
            return null;
        }
    }

    /** Returns a comment with this note and no other. */
    String in(String comment) {
        return CommentNote.with(NOTE, comment, this);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[divio4j-lost 1 ")
                .append(CommentNote.encoded(restore))
                .append(' ')
                .append(CommentNote.encoded(database))
                .append(' ')
                .append(certain)
                .append(' ')
                .append(lost.mark())
                .append(' ')
                .append(lost.at());
        for (TableWrites table : lost.tables()) {
            if (!table.none()) {
                text.append(' ')
                        .append(CommentNote.encoded(table.table()))
                        .append(':')
                        .append(table.inserted())
                        .append(':')
                        .append(table.updated())
                        .append(':')
                        .append(table.deleted())
                        .append(':')
                        .append(table.accuracy());
            }
        }
        return text.append(']').toString();
    }
}
