package io.github.divio4j.upgrade;

import static java.util.Objects.requireNonNull;

/**
 * Identifies a step: the same step of the same upgrade has the same id, whoever plans it and whenever. It is the
 * idempotency key, and is written into the notes of backups and restores (see {@link OperationNote}).
 *
 * @param text {@code application/environment/step/original prefix/from-to}, such as
 *     {@code shop/test/back-up/DEFAULT/13-15}; no white space
 */
public record StepId(String text) implements Comparable<StepId> {

    private static final int PARTS = 5;

    /** Checks the form. */
    public StepId {
        requireNonNull(text, "text");
        String[] parts = text.split("/", -1);
        if (parts.length != PARTS || text.chars().anyMatch(Character::isWhitespace)) {
            throw new IllegalArgumentException(
                    "not a step id: \"" + text + "\"; it has the form application/environment/step/prefix/from-to");
        }
    }

    static StepId of(EnvironmentRef environment, String step, String prefix, PostgresVersion from, PostgresVersion to) {
        return new StepId(environment.application() + "/" + environment.slug() + "/" + step + "/" + prefix + "/" + from
                + "-" + to);
    }

    /** The prefix that the source had before the upgrade began. */
    String originalPrefix() {
        return text.split("/", -1)[3];
    }

    /** The same upgrade's id of another step. */
    StepId sibling(String step) {
        String[] parts = text.split("/", -1);
        parts[2] = step;
        return new StepId(String.join("/", parts));
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
