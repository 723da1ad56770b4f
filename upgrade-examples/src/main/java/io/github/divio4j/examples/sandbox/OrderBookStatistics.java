package io.github.divio4j.examples.sandbox;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the users of an application have seen so far.
 *
 * @param acknowledgedOrders the numbers of the orders whose insert the database has acknowledged, in that order
 * @param longestPause the longest time between two of them, if the users never stopped in between
 * @param reads how many reads succeeded
 * @param failedReads how many reads failed
 * @param failedWrites how many inserts failed; whether the order was written is not known then
 * @param lastFailure what the last failure said
 * @param databaseUrl the data source name that the running container was given; null if none
 */
public record OrderBookStatistics(
        List<Long> acknowledgedOrders,
        Duration longestPause,
        long reads,
        long failedReads,
        long failedWrites,
        @Nullable String lastFailure,
        @Nullable String databaseUrl) {

    /** The number of the first order that is placed while the application runs; those before it were there from the start. */
    public static final long FIRST_NUMBER = 1_000_001;

    /** Leaves out the data source name, because it holds a password. */
    @Override
    public String toString() {
        return "acknowledged " + acknowledgedOrders.size() + ", reads " + reads + ", failed reads " + failedReads
                + ", failed writes " + failedWrites + (lastFailure == null ? "" : ", last failure: " + lastFailure);
    }
}
