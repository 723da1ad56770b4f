package io.github.divio4j.upgrade.run;

import io.github.divio4j.upgrade.DatabaseFacts.Fence;
import io.github.divio4j.upgrade.EnvironmentRef;
import java.util.Optional;

/**
 * Stops the application's writes from outside the database: a maintenance mode, a switch of the application, a load balancer.
 * To be implemented by the caller, and used as {@link #asDatabaseWork}; must be safe for use by several threads.
 *
 * <p>Whether nothing writes any more is the implementation's word: nobody tries.
 */
public interface WritesHook {

    /**
     * The fence that {@link #stop} raised in an environment and that still holds; empty if there is none. Must tell it after a
     * restart of this process, and from another machine, too.
     *
     * @throws ObservationException if it cannot be told
     */
    Optional<Fence> fence(EnvironmentRef environment);

    /**
     * Stops the writes of an environment's application. Returns when none is under way any more. If they are stopped already,
     * nothing changes.
     *
     * @param token to be told by {@link #fence} from now on, unless they were stopped already
     * @throws RuntimeException if that failed; its message is reported, and the next run tries again
     * @throws InterruptedException if the thread was interrupted
     */
    void stop(EnvironmentRef environment, String token) throws InterruptedException;

    /**
     * Lets the application of an environment write again: to its new database once it has moved, or to the old one on the way
     * back. If it may already, nothing changes.
     *
     * @throws RuntimeException if that failed; its message is reported, and the next run tries again
     * @throws InterruptedException if the thread was interrupted
     */
    void resume(EnvironmentRef environment) throws InterruptedException;

    /** This hook as one who can raise and lift fences, and nothing else. */
    default DatabaseWork asDatabaseWork() {
        return new HookedDatabases(this);
    }
}
