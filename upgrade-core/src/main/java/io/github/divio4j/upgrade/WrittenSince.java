package io.github.divio4j.upgrade;

import io.github.divio4j.upgrade.TableWrites.Accuracy;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What was written to a database since a moment, and is lost if the database is given up for one that was restored from a backup
 * of that moment.
 *
 * @param mark the moment: right before the backup was begun
 * @param at when this was measured, by the same server's clock
 * @param tables all tables, those without any writes, too; in the order of their names
 */
public record WrittenSince(Instant mark, Instant at, List<TableWrites> tables) {

    /** Copies the list. */
    public WrittenSince {
        tables = List.copyOf(tables);
    }

    /** Returns how many rows were inserted over all tables. */
    public long inserted() {
        return tables.stream().mapToLong(TableWrites::inserted).sum();
    }

    /** Returns how many rows were updated over all tables. */
    public long updated() {
        return tables.stream().mapToLong(TableWrites::updated).sum();
    }

    /** Returns how many rows were deleted over all tables. */
    public long deleted() {
        return tables.stream().mapToLong(TableWrites::deleted).sum();
    }

    /** Returns how many rows there are together. */
    public long total() {
        return inserted() + updated() + deleted();
    }

    /** Returns true if it is certain that nothing was written. */
    public boolean none() {
        return tables.stream().allMatch(TableWrites::none);
    }

    /** Returns true if every number is exact; an upper bound of zero is. */
    public boolean exact() {
        return tables.stream().allMatch(table -> table.accuracy() == Accuracy.EXACT || table.none());
    }

    /** Says it in one line. */
    @Override
    public String toString() {
        String period = "from " + mark + " to " + at;
        if (none()) {
            return "nothing was written " + period;
        }
        boolean incomplete = tables.stream().anyMatch(table -> table.accuracy() == Accuracy.INCOMPLETE);
        return "rows written " + period + ": " + inserted() + " inserted, " + updated() + " updated, " + deleted()
                + " deleted" + (exact() ? "" : incomplete ? " (perhaps more)" : " (at most)")
                + tables.stream()
                        .filter(table -> !table.none())
                        .map(TableWrites::toString)
                        .collect(Collectors.joining("; ", "; ", ""));
    }
}
