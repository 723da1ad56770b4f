package io.github.divio4j.client.model;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A word of the API from a list that may grow: known ones are constants, unknown ones keep their text.
 *
 * <p>Two values are equal when their names are: letter case does not count, and neither does the difference between a space, a dash and
 * an underscore. The empty word stands for a value that the API did not give.
 */
public abstract sealed class OpenValue
        permits BackupState, DeploymentStatus, OperationResult, RepositoryState, ServiceInstanceStatus, ServiceType {
    private final String text;
    private final String name;

    OpenValue(String text) {
        this.text = Objects.requireNonNull(text, "text");
        this.name = normalise(text);
    }

    private static String normalise(String text) {
        String word = text.strip().toUpperCase(Locale.ROOT);
        StringBuilder name = new StringBuilder(word.length());
        boolean separated = false;
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            boolean separator = c == '_' || c == '-' || Character.isWhitespace(c);
            if (!separator || !separated) {
                name.append(separator ? '_' : c);
            }
            separated = separator;
        }
        return name.toString();
    }

    static boolean sameName(OpenValue known, String text) {
        return known.text.equals(text);
    }

    /** Returns the word exactly as the API gave it. */
    public final String text() {
        return text;
    }

    /** Returns the word in upper case with underscores, as in {@code PENDING_ATTACHMENT}. */
    public final String name() {
        return name;
    }

    /** Tells whether the API gave a value at all. */
    public final boolean given() {
        return !name.isEmpty();
    }

    /** Tells whether the other is of the same type and has the same name. */
    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof OpenValue value && getClass() == value.getClass() && name.equals(value.name);
    }

    /** Returns a hash of the name. */
    @Override
    public final int hashCode() {
        return name.hashCode();
    }

    /** Returns the name, or {@code (not given)}. */
    @Override
    public final String toString() {
        return given() ? name : "(not given)";
    }
}
