package io.github.divio4j.upgrade.postgres;

import io.github.divio4j.upgrade.PostgresVersion;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * That a preflight of a source found nothing in the way, kept in the source's comment for whoever does the next step. What it found is
 * not kept: it may be repaired before anybody looks again.
 *
 * @param target the version that the source was to move to
 * @param at when, by the server's clock
 * @param database which database it is of, since dumps of servers up to 10 carry comments
 */
record PassedNote(PostgresVersion target, Instant at, String database) {

    /** Long enough for whoever does the next step to come; then the application may have changed what was looked at. */
    static final Duration GOOD_FOR = Duration.ofMinutes(15);

    private static final Pattern NOTE =
            CommentNote.pattern("passed", "target=([0-9.]+) at=([0-9TZ:.-]+) database=(\\S+)");

    /** Reads what a comment holds; null if that is nothing of this database, or too old. */
    static @Nullable PassedNote in(DatabaseNotes notes) {
        Matcher matcher = NOTE.matcher(notes.comment());
        if (!matcher.find()) {
            return null;
        }
        try {
            PassedNote note = new PassedNote(
                    PostgresVersion.parse(matcher.group(1)),
                    Instant.parse(matcher.group(2)),
                    CommentNote.decoded(matcher.group(3)));
            boolean isGood = note.database.equals(notes.database())
                    && !note.at.plus(GOOD_FOR).isBefore(notes.at());
            return isGood ? note : null;
        } catch (IllegalArgumentException | DateTimeException unreadable) {
            // Whatever somebody made of it: it is looked again.
            return null;
        }
    }

    /** Returns a comment with this note and no other. */
    String in(String comment) {
        return CommentNote.with(NOTE, comment, this);
    }

    @Override
    public String toString() {
        return "[divio4j-passed 1 target=" + target + " at=" + at + " database=" + CommentNote.encoded(database) + "]";
    }
}
