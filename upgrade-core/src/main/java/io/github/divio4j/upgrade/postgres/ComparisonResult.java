package io.github.divio4j.upgrade.postgres;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/**
 * What {@link DataComparison} found.
 *
 * @param level how the rows were compared
 * @param sourceVersion what the server of the source says that it is, such as {@code 13.23}
 * @param targetVersion the same of the target
 * @param tables how many tables had their rows compared
 * @param rows how many rows they have in the source
 * @param bytes how much room those tables take in the source, without indexes
 * @param duration how long it took
 * @param differences everything that is not the same, by kind and name; empty if nothing was found
 * @param remarks for people: what could not be compared and why, and what differs without being a loss
 */
public record ComparisonResult(
        DataComparison.Level level,
        String sourceVersion,
        String targetVersion,
        int tables,
        long rows,
        long bytes,
        Duration duration,
        List<Difference> differences,
        List<String> remarks) {

    /** Checks and copies the parts. */
    public ComparisonResult {
        requireNonNull(level, "level");
        requireNonNull(sourceVersion, "sourceVersion");
        requireNonNull(targetVersion, "targetVersion");
        requireNonNull(duration, "duration");
        differences = List.copyOf(differences);
        remarks = List.copyOf(remarks);
    }

    /** Returns whether no difference was found. */
    public boolean isSame() {
        return differences.isEmpty();
    }

    /** Returns a line for what was compared, then one for each difference and each remark. */
    public String describe() {
        StringBuilder text = new StringBuilder()
                .append(isSame() ? "same" : differences.size() + " differences")
                .append(": PostgreSQL ")
                .append(sourceVersion)
                .append(" and ")
                .append(targetVersion)
                .append(", ")
                .append(tables)
                .append(" tables, ")
                .append(rows)
                .append(level == DataComparison.Level.COUNTS ? " rows counted" : " rows compared");
        differences.forEach(
                difference -> text.append(System.lineSeparator()).append("- ").append(difference.describe()));
        remarks.forEach(
                remark -> text.append(System.lineSeparator()).append("  ").append(remark));
        return text.toString();
    }
}
