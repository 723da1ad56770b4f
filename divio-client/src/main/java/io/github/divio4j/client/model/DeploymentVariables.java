package io.github.divio4j.client.model;

import java.util.Collections;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The environment variables that a deployment ran with. Immutable.
 *
 * <p>Their values are secrets: {@link #toString()} shows the names only.
 */
public final class DeploymentVariables {
    private final TreeMap<String, String> values;

    private DeploymentVariables(Map<String, String> values) {
        this.values = new TreeMap<>(values);
    }

    /** Returns variables with these names and values, which are copied. */
    public static DeploymentVariables of(Map<String, String> values) {
        return new DeploymentVariables(values);
    }

    /** Returns the names, sorted. */
    public SortedSet<String> names() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(values.keySet()));
    }

    /** Returns the value of a variable, or empty when there is none of this name. */
    public Optional<String> find(String name) {
        return Optional.ofNullable(values.get(Objects.requireNonNull(name, "name")));
    }

    /**
     * Returns the value of a variable.
     *
     * @throws NoSuchElementException when there is none of this name
     */
    public String get(String name) {
        return find(name).orElseThrow(() -> new NoSuchElementException("no variable " + name + " among " + names()));
    }

    /** Returns names and values, sorted by name. The map that is returned shows the values in its {@code toString}. */
    public Map<String, String> asMap() {
        return Collections.unmodifiableMap(values);
    }

    /** Tells whether the other has the same names and values. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DeploymentVariables variables && values.equals(variables.values);
    }

    /** Returns a hash of names and values. */
    @Override
    public int hashCode() {
        return values.hashCode();
    }

    /** Returns the names, with {@code ***} for every value. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("DeploymentVariables[");
        String separator = "";
        for (String name : values.keySet()) {
            text.append(separator).append(name).append("=***");
            separator = ", ";
        }
        return text.append(']').toString();
    }
}
