package io.github.divio4j.upgrade.run;

import io.github.divio4j.upgrade.DatabaseFacts;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.Step;
import java.util.Map;

/**
 * Does what is done inside databases, where the platform gives no access: steps of the kinds for which {@link
 * Step.Kind#isInsideDatabase} holds. To be implemented by whoever has access; must be safe for use by several threads.
 *
 * <p>Beside an observer and an executor for the platform, it is used through {@link #around(Observer)} and {@link
 * #around(StepExecutor)}. Where all that is to be done is to stop the application's writes, see {@link WritesHook}.
 */
public interface DatabaseWork {

    /** Nothing is known of any database, and nothing can be done to it. */
    static DatabaseWork none() {
        return new NoDatabaseAccess();
    }

    /**
     * The kinds of steps that it cannot do in an environment, each with the reason as a sentence. Those for the platform are
     * not asked for.
     *
     * @param seen what the platform tells of the environment
     */
    Map<Step.Kind, String> unsupported(Observation seen);

    /**
     * What is true inside the environment's databases now. Changes nothing but notes of its own. What was done by an earlier run, on another machine
     * too, must be found again as long as the database that it was done to is there: keep it in the database.
     *
     * @param seen what the platform tells of the environment
     * @throws ObservationException if it cannot be told; leave out what may be left out instead: what is not known counts as
     *     not done
     */
    DatabaseFacts look(Observation seen);

    /** Executes a step of one of those kinds, as {@link StepExecutor#execute} does. */
    StepOutcome execute(Step step, StepContext context) throws InterruptedException;

    /** An observer that sees what the other one sees, and what is true inside the databases. */
    default Observer around(Observer observer) {
        return new DatabaseObserver(observer, this);
    }

    /** An executor that leaves to the other one what is not done inside databases. */
    default StepExecutor around(StepExecutor executor) {
        return (step, context) ->
                step.kind().isInsideDatabase() ? execute(step, context) : executor.execute(step, context);
    }
}
