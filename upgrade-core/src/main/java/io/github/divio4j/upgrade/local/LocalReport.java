package io.github.divio4j.upgrade.local;

import java.util.List;

/**
 * What a local run came to. A step that failed ends it with an exception instead.
 *
 * @param done the steps that were done
 * @param left the plan of what is missing now: nothing, or blocked
 */
public record LocalReport(List<LocalStep> done, LocalPlan left) {

    /** Copies the list. */
    public LocalReport {
        done = List.copyOf(done);
    }

    /** Tells whether nothing is missing any more. */
    public boolean succeeded() {
        return left.upToDate();
    }
}
