package io.github.divio4j.client.wait;

/**
 * Is told every poll of a wait, in the waiting thread, before the delay that follows it. What it throws ends the wait.
 *
 * @param <T> what is waited for
 */
@FunctionalInterface
public interface WaitListener<T> {
    /** Is told a poll. */
    void polled(Poll<? extends T> poll);
}
