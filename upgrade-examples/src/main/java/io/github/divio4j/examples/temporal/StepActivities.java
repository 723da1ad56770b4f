package io.github.divio4j.examples.temporal;

import io.temporal.activity.ActivityInterface;
import java.util.Map;

/** The calls to the platform. */
@ActivityInterface
public interface StepActivities {

    /**
     * Makes one call for a step.
     *
     * @param plan the saved plan of the step's environment, as JSON
     * @param step the id of the step
     * @param facts those of the answer before; empty for the first call
     */
    Answer execute(String plan, String step, Map<String, String> facts);
}
