package io.github.divio4j.upgrade.run;

import static java.util.Objects.requireNonNull;

import io.github.divio4j.upgrade.Observation;
import java.util.Map;

/**
 * What an executor is told beside the step.
 *
 * @param observation what is true of the step's environment now
 * @param facts the facts of the outcome before, if this step was executed in this run already; otherwise empty. They save
 *     calls and tell apart "failed just now" from "failed before"; losing them costs time, never safety.
 */
public record StepContext(Observation observation, Map<String, String> facts) {

    /** Copies the facts. */
    public StepContext {
        requireNonNull(observation, "observation");
        facts = Map.copyOf(facts);
    }

    /** The context of the first call for a step. */
    public static StepContext of(Observation observation) {
        return new StepContext(observation, Map.of());
    }
}
