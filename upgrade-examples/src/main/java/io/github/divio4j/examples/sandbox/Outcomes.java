package io.github.divio4j.examples.sandbox;

import java.util.List;

/** Sums up what became of the parts of an operation. */
final class Outcomes {
    private Outcomes() {}

    static String summary(boolean finished, List<Boolean> successes) {
        if (!finished) {
            return "PARTIAL";
        }
        if (successes.stream().allMatch(success -> success)) {
            return "SUCCESS";
        }
        return successes.stream().anyMatch(success -> success) ? "PARTIAL" : "FAILURE";
    }
}
