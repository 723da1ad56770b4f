package io.github.divio4j.examples.temporal;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.util.List;

/** Upgrades one environment. */
@WorkflowInterface
public interface EnvironmentWorkflow {

    /** Makes the steps of the plan true, and returns when nothing more can be done. */
    @WorkflowMethod
    Result upgrade(Order order);

    /** The environment's turn has come: it may migrate. */
    @SignalMethod
    void migrate();

    /** The environment's turn will not come. What has begun to migrate is not stopped. */
    @SignalMethod
    void stop();

    /** What was done and what is going on, one line for each step. */
    @QueryMethod
    String report();

    /**
     * What to do.
     *
     * @param plan a saved plan of one environment, as JSON
     * @param settings how
     * @param soFar what was done before the workflow went on in a new one; at first {@link SoFar#NOTHING}
     */
    record Order(String plan, Settings settings, SoFar soFar) {}

    /**
     * What a workflow hands over to the one it goes on in.
     *
     * @param mayMigrate whether the environment's turn has come
     * @param stopped whether it will not come
     * @param preparedTold whether the wave knows that it is prepared
     * @param failures how many times steps have failed
     * @param lines the report
     */
    record SoFar(boolean mayMigrate, boolean stopped, boolean preparedTold, int failures, List<String> lines) {
        static final SoFar NOTHING = new SoFar(false, false, false, 0, List.of());
    }

    /**
     * How it came out.
     *
     * @param environment as {@code shop/test}
     * @param kind how
     * @param detail as a sentence
     */
    record Result(String environment, Kind kind, String detail) {
        @Override
        public String toString() {
            return environment + " " + kind + ": " + detail;
        }
    }

    /** How an environment comes out. */
    enum Kind {
        /** It was moved to the target. */
        UPGRADED,
        /** Something failed, or stands in the way. */
        FAILED,
        /** Its turn did not come. */
        NOT_FINISHED
    }
}
