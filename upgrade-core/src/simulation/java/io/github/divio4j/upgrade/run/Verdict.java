package io.github.divio4j.upgrade.run;

import io.github.divio4j.upgrade.run.RunReport.Result;
import java.util.List;
import java.util.Map;

/**
 * What came of one schedule.
 *
 * @param seed the seed
 * @param number the number of the schedule
 * @param violations what must never happen and did; empty is what is wished
 * @param stuck the environments that came to no end, or to one that is not true; empty is what is wished
 * @param ends how the environments ended
 * @param injected how often what was injected
 * @param changes how many changes were made
 * @param story what happened, line by line; empty unless it was asked for
 */
record Verdict(
        long seed,
        int number,
        List<String> violations,
        List<String> stuck,
        List<Result> ends,
        Map<Schedule.Injection, Integer> injected,
        int changes,
        String story) {

    boolean isGood() {
        return violations.isEmpty() && stuck.isEmpty();
    }

    /** The story of what went wrong, and how to see it again. */
    @Override
    public String toString() {
        return "Schedule " + number + " of seed " + seed + " (Simulation.tell(" + seed + "L, " + number + ")):\n" + story
                + "\nViolations: " + violations + "\nStuck: " + stuck;
    }
}
