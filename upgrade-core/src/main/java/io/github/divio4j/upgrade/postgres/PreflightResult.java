package io.github.divio4j.upgrade.postgres;

import static java.util.Objects.requireNonNull;

import io.github.divio4j.upgrade.postgres.Finding.Severity;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Preflight} found.
 *
 * @param sourceVersion what the server of the source says that it is, such as {@code 13.23}
 * @param targetVersion the same of the target; the version that is wished if there was no way to it
 * @param findings the worst first, then by the id of the check and by object
 * @param bytes how much room the source takes, with indexes; null if that could not be told
 * @param writesPerSecond how many rows are written to the source in a second, measured while the preflight ran; null if that could not
 *     be told
 * @param duration how long backup and restore will take, as far as can be told from here; null if the size is not known
 * @param durationBasis what that rests on, as a sentence
 * @param rehearsed how long the rehearsal took; null if there was none, or it could not be made
 */
public record PreflightResult(
        String sourceVersion,
        String targetVersion,
        List<Finding> findings,
        @Nullable Long bytes,
        @Nullable Double writesPerSecond,
        @Nullable Duration duration,
        String durationBasis,
        @Nullable Duration rehearsed) {

    /** Checks the parts, and sorts the findings. */
    public PreflightResult {
        requireNonNull(sourceVersion, "sourceVersion");
        requireNonNull(targetVersion, "targetVersion");
        requireNonNull(durationBasis, "durationBasis");
        findings = findings.stream()
                .sorted(Comparator.comparing(Finding::severity)
                        .thenComparing(Finding::id)
                        .thenComparing(Finding::object))
                .toList();
    }

    /** Returns what makes the upgrade fail. */
    public List<Finding> blocking() {
        return of(Severity.BLOCKS_RESTORE);
    }

    /** Returns the findings of one severity. */
    public List<Finding> of(Severity severity) {
        return findings.stream().filter(f -> f.severity() == severity).toList();
    }

    /** Returns whether the upgrade can begin: nothing blocks the restore. */
    public boolean passed() {
        return blocking().isEmpty();
    }

    /** Returns a line for the whole, one for size and duration, and one for each finding. */
    public String describe() {
        StringBuilder text = new StringBuilder()
                .append(passed() ? "nothing blocks the restore" : blocking().size() + " findings block the restore")
                .append(": PostgreSQL ")
                .append(sourceVersion)
                .append(" to ")
                .append(targetVersion);
        if (duration != null) {
            text.append(System.lineSeparator())
                    .append("  backup and restore: about ")
                    .append(Math.max(1, duration.toSeconds()))
                    .append(" s. ")
                    .append(durationBasis);
        }
        findings.forEach(
                finding -> text.append(System.lineSeparator()).append("- ").append(finding.describe()));
        return text.toString();
    }
}
