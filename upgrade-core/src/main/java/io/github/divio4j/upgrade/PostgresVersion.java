package io.github.divio4j.upgrade;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A major version of PostgreSQL: {@code 9.6}, {@code 13}, {@code 15}.
 *
 * <p>Until 9.6 the first two numbers name a major version, since 10 the first alone does (PostgreSQL's versioning
 * policy). Minor versions are dropped: they are compatible with each other and never a reason to move.
 *
 * @param first the first number, 9 or more
 * @param second the second number of a 9.x version, otherwise 0
 */
public record PostgresVersion(int first, int second) implements Comparable<PostgresVersion> {

    private static final Pattern WRITTEN = Pattern.compile("(\\d{1,2})(?:\\.(\\d{1,2}))?(?:\\.\\d{1,3})?");

    /**
     * The first number behind the word "postgres" that stands alone: not a part of a word, not a size such as "2GB".
     */
    private static final Pattern IN_CATALOGUE = Pattern.compile(
            "postgres\\D*?(?<![\\d.])v?(\\d{1,2}(?:\\.\\d{1,3}){0,2})(?![\\d.]*[a-z\\d])", Pattern.CASE_INSENSITIVE);

    /** Checks that the numbers can be a major version. */
    public PostgresVersion {
        boolean old = first == 9 && second >= 0 && second <= 6;
        boolean recent = first >= 10 && second == 0;
        if (!old && !recent) {
            throw new IllegalArgumentException("not a major version of PostgreSQL: " + first + "." + second);
        }
    }

    /**
     * Reads a version as people write it: {@code "13"}, {@code "9.6"}, {@code "17.2"} (which is 17).
     *
     * @throws IllegalArgumentException if the text is no version from 9.0 on; the message says what is accepted
     */
    public static PostgresVersion parse(String text) {
        return read(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "not a PostgreSQL version: \"" + text + "\"; write a major version such as 9.6, 13 or 17"));
    }

    /**
     * Reads the version out of a catalogue entry. Divio names no version field, so it is read from the name and the
     * identifier: "PostgreSQL Database 13", "Postgres 9.6", "postgresql-15-shared".
     *
     * @return empty if neither text says a version, or if the two contradict each other
     */
    static Optional<PostgresVersion> inCatalogueEntry(String name, @Nullable String identifier) {
        Optional<PostgresVersion> byName = behindPostgres(name);
        Optional<PostgresVersion> byIdentifier = identifier == null ? Optional.empty() : behindPostgres(identifier);
        if (byName.isPresent() && byIdentifier.isPresent() && !byName.equals(byIdentifier)) {
            return Optional.empty();
        }
        return byName.or(() -> byIdentifier);
    }

    private static Optional<PostgresVersion> behindPostgres(String text) {
        Matcher matcher = IN_CATALOGUE.matcher(text);
        return matcher.find() ? read(matcher.group(1)) : Optional.empty();
    }

    private static Optional<PostgresVersion> read(String text) {
        Matcher matcher = WRITTEN.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int first = Integer.parseInt(matcher.group(1));
        int second = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
        if (first >= 10) {
            return Optional.of(new PostgresVersion(first, 0));
        }
        boolean majorOfNine = first == 9 && matcher.group(2) != null && second <= 6;
        return majorOfNine ? Optional.of(new PostgresVersion(first, second)) : Optional.empty();
    }

    @Override
    public int compareTo(PostgresVersion other) {
        return first != other.first ? Integer.compare(first, other.first) : Integer.compare(second, other.second);
    }

    /** The version as PostgreSQL writes it: {@code 9.6}, {@code 13}. */
    @Override
    public String toString() {
        return first == 9 ? first + "." + second : Integer.toString(first);
    }
}
