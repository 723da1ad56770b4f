package io.github.divio4j.upgrade;

import static java.util.Objects.requireNonNull;

/**
 * Identifies a step: the same step of the same upgrade has the same id, whoever plans it and whenever. It is the
 * idempotency key, and is written into the notes of backups and restores (see {@link OperationNote}).
 *
 * @param text {@code application/environment/step/original prefix/from-to}, such as
 *     {@code shop/test/back-up/DEFAULT/13-15}; a slash or white space inside a name is percent-encoded
 */
public record StepId(String text) implements Comparable<StepId> {

    private static final int SEPARATORS = 4;

    /** Checks the form. */
    public StepId {
        requireNonNull(text, "text");
        int separators = 0;
        boolean blank = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '/') {
                separators++;
            } else if (c <= ' ' || c > '~') {
                blank |= Character.isWhitespace(c);
            }
        }
        if (separators != SEPARATORS || blank) {
            throw new IllegalArgumentException(
                    "not a step id: \"" + text + "\"; it has the form application/environment/step/prefix/from-to");
        }
    }

    /** The prefix that the source had before the upgrade began. */
    String originalPrefix() {
        int end = text.lastIndexOf('/');
        return StepIds.decoded(text.substring(text.lastIndexOf('/', end - 1) + 1, end));
    }

    @Override
    public int compareTo(StepId other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
