package io.github.divio4j.upgrade.postgres;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * What the notes have in common that are kept in the comment of a database: each stands on a line of its own, in brackets, beside
 * what others wrote there.
 */
final class CommentNote {

    private CommentNote() {}

    /** Finds the notes of a kind, with the line end before. */
    static Pattern pattern(String kind, String fields) {
        return Pattern.compile("\n?\\[divio4j-" + kind + " 1 " + fields + "\\]");
    }

    static String without(Pattern kind, String comment) {
        return kind.matcher(comment).replaceAll("");
    }

    /** Returns a comment with this note and no other of its kind. */
    static String with(Pattern kind, String comment, Object note) {
        String rest = without(kind, comment);
        return rest + (rest.isEmpty() ? "" : "\n") + note;
    }

    /** A text without blanks, brackets, colons, commas and equals signs. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
