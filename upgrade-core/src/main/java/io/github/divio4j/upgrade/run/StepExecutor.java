package io.github.divio4j.upgrade.run;

import io.github.divio4j.upgrade.Step;

/**
 * Makes steps true. To be implemented for each platform; must be safe for use by several threads.
 *
 * <p>The contract: {@code execute} starts or checks, and returns soon. It does not sit and wait; whoever drives it calls
 * again after the time it was told. It may be called any number of times for one step, by processes that know nothing of
 * each other, one after the other: it first looks whether the effect is there or under way. What it asked for and got no
 * answer to, it does not ask for again before it has looked.
 */
@FunctionalInterface
public interface StepExecutor {

    /**
     * Starts the step, or finds how far it is.
     *
     * @param step what is to be true
     * @param context what the caller knows: a fresh observation, and the facts of the call before
     * @return how far the step is
     * @throws InterruptedException if the thread was interrupted; what was begun is found again by the next call
     */
    StepOutcome execute(Step step, StepContext context) throws InterruptedException;
}
