package io.github.divio4j.examples.plain;

import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradePlan;
import io.github.divio4j.upgrade.run.StepByStep;
import io.github.divio4j.upgrade.run.StepOutcome;
import io.github.divio4j.upgrade.run.Timer;
import java.util.Map;

/** A loop over the steps of a plan, in one thread. Started again after a crash, it finds what is done and goes on. */
public final class OneByOne {

    private final StepByStep calls;
    private final Timer timer;

    /**
     * Does its steps by these calls, in this time.
     *
     * @param calls made with the wish of the plans that are run
     */
    public OneByOne(StepByStep calls, Timer timer) {
        this.calls = calls;
        this.timer = timer;
    }

    /**
     * Does all steps of a plan.
     *
     * @throws StepFailedException if a step fails; nothing after it was begun
     * @throws InterruptedException if the thread was interrupted; what was begun goes on at the platform, and the next run finds it
     */
    public void run(UpgradePlan plan) throws InterruptedException {
        for (Step step : plan.steps()) {
            makeTrue(step);
        }
    }

    private void makeTrue(Step step) throws InterruptedException {
        StepOutcome outcome = calls.execute(step, Map.of());
        while (outcome instanceof StepOutcome.InProgress progress) {
            timer.sleep(progress.lookAgainAfter());
            outcome = calls.execute(step, progress.facts());
        }
        if (outcome instanceof StepOutcome.Failed failed) {
            throw new StepFailedException(step, failed);
        }
    }
}
