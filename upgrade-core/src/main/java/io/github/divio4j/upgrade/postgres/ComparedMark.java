package io.github.divio4j.upgrade.postgres;

import io.github.divio4j.upgrade.UpgradeSpec.Verification;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is kept in the comment of a database that was compared with its source and holds the same: it is known as long as the database
 * is there, and to whoever looks.
 *
 * @param restore the restore that brought the data
 * @param level how thoroughly it was compared
 * @param database which database it is of, since dumps of servers up to 10 carry comments
 */
record ComparedMark(String restore, Verification level, String database) {

    private static final Pattern MARK =
            CommentNote.pattern("compared", "restore=(\\S+) level=(COUNTS|CHECKSUMS) database=(\\S+)");

    /** Reads what a comment holds; null if that is no mark of this database. */
    static @Nullable ComparedMark in(String comment, String database) {
        Matcher matcher = MARK.matcher(comment);
        if (!matcher.find()) {
            return null;
        }
        ComparedMark mark = new ComparedMark(
                CommentNote.decoded(matcher.group(1)),
                Verification.valueOf(matcher.group(2)),
                CommentNote.decoded(matcher.group(3)));
        return mark.database.equals(database) ? mark : null;
    }

    /** Returns a comment with this mark and no other. */
    String in(String comment) {
        return CommentNote.with(MARK, comment, this);
    }

    @Override
    public String toString() {
        return "[divio4j-compared 1 restore=" + CommentNote.encoded(restore) + " level=" + level + " database="
                + CommentNote.encoded(database) + "]";
    }
}
