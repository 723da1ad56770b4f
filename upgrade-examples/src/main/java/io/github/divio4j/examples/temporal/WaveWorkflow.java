package io.github.divio4j.examples.temporal;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.util.List;

/** Upgrades the environments of one wave, which go side by side. */
@WorkflowInterface
public interface WaveWorkflow {

    /** Returns when all environments are through. */
    @WorkflowMethod
    List<EnvironmentWorkflow.Result> upgrade(Order order);

    /** An environment is prepared; it tells itself. */
    @SignalMethod
    void prepared(String environment);

    /** All environments of all waves are prepared, and all earlier waves are through. */
    @SignalMethod
    void begin();

    /** Somebody approves that the wave migrates. May come at any time before. */
    @SignalMethod
    void approve();

    /** The wave is not to migrate. What has begun to is not stopped. */
    @SignalMethod
    void stop();

    /** How far it is, as one line. */
    @QueryMethod
    String report();

    /**
     * What to do.
     *
     * @param number the number of the wave, from 0
     * @param plans the saved plans of its environments, as JSON
     * @param environments their names, as {@code shop/test}
     * @param settings how
     */
    record Order(int number, List<String> plans, List<String> environments, Settings settings) {}
}
