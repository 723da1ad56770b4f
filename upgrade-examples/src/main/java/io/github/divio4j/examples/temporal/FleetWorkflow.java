package io.github.divio4j.examples.temporal;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.util.List;

/** Upgrades the environments of one application: all are prepared, then wave after wave migrates. */
@WorkflowInterface
public interface FleetWorkflow {

    /**
     * Returns when nothing more can be done.
     *
     * @param plan a saved plan of any number of environments, as JSON
     * @param settings how
     * @return how each environment came out that had steps
     */
    @WorkflowMethod
    List<EnvironmentWorkflow.Result> upgrade(String plan, Settings settings);

    /**
     * A wave is prepared; it tells itself.
     *
     * @param well whether all of its environments are
     */
    @SignalMethod
    void prepared(int wave, boolean well);

    /** How far it is, one line for what goes on and one for each environment that is through. */
    @QueryMethod
    String report();
}
