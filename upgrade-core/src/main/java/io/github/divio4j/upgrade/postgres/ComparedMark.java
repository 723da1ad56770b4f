package io.github.divio4j.upgrade.postgres;

import io.github.divio4j.upgrade.UpgradeSpec.Verification;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
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
            Pattern.compile("\n?\\[divio4j-compared 1 restore=(\\S+) level=(COUNTS|CHECKSUMS) database=(\\S+)\\]");

    /** Reads what a comment holds; null if that is no mark of this database. */
    static @Nullable ComparedMark in(String comment, String database) {
        Matcher matcher = MARK.matcher(comment);
        if (!matcher.find()) {
            return null;
        }
        ComparedMark mark = new ComparedMark(
                decoded(matcher.group(1)), Verification.valueOf(matcher.group(2)), decoded(matcher.group(3)));
        return mark.database.equals(database) ? mark : null;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** Returns a comment with this mark and no other. */
    String in(String comment) {
        String rest = MARK.matcher(comment).replaceAll("");
        return rest + (rest.isEmpty() ? "" : "\n") + this;
    }

    @Override
    public String toString() {
        return "[divio4j-compared 1 restore=" + encoded(restore) + " level=" + level + " database=" + encoded(database)
                + "]";
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
