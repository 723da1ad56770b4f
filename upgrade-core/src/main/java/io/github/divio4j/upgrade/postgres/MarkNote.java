package io.github.divio4j.upgrade.postgres;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A mark that is kept in the comment of its database, so that whoever resumes the upgrade finds it. All of it is there, about sixty
 * characters for each table: without the counters nothing could be said of tables without a primary key.
 *
 * @param ids of a source, the backups that were there before the mark, and may lack what was written between them and it; of a
 *     restored database, the restore
 */
record MarkNote(Set<String> ids, Mark mark) {

    private static final Pattern NOTE = CommentNote.pattern("marked", "ids=(\\S*) ([^\\]]*)");

    /** Copies the ids. */
    MarkNote {
        ids = Set.copyOf(ids);
    }

    /** Reads what a comment holds; null if that is no mark of this database, which a dump can have brought. */
    static @Nullable MarkNote in(String comment, String database) {
        Matcher matcher = NOTE.matcher(comment);
        if (!matcher.find()) {
            return null;
        }
        try {
            Mark mark = Mark.parse(matcher.group(2));
            Set<String> ids = new TreeSet<>();
            Arrays.stream(matcher.group(1).split(",", -1))
                    .filter(id -> !id.isEmpty())
                    .forEach(id -> ids.add(CommentNote.decoded(id)));
            return mark.database().equals(database) ? new MarkNote(ids, mark) : null;
        } catch (IllegalArgumentException unreadable) {
            // Whatever somebody made of it: there is no mark.
            return null;
        }
    }

    /** Returns a comment with this mark and no other. */
    String in(String comment) {
        return CommentNote.with(NOTE, comment, this);
    }

    @Override
    public String toString() {
        return "[divio4j-marked 1 ids="
                + new TreeSet<>(ids).stream().map(CommentNote::encoded).collect(joining(","))
                + " " + mark.text() + "]";
    }
}
