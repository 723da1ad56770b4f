package io.github.divio4j.upgrade.run;

import static java.util.Objects.requireNonNull;

import io.github.divio4j.upgrade.DatabaseFacts;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.OperationNote;
import io.github.divio4j.upgrade.StepId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an executor is told beside the step.
 *
 * @param observation what is true of the step's environment now
 * @param facts the facts of the outcome before, if this step was executed in this run already, or was in progress when
 *     an earlier run ended and a {@link Journal} tells so; otherwise empty. They save calls and tell apart "failed just
 *     now" from "failed before"; losing them costs time, never safety.
 * @param run the id of the run, to be written into notes; null if the caller has none
 * @param over the id of the run that this run takes over from; null if from none
 */
public record StepContext(
        Observation observation,
        Map<String, String> facts,
        @Nullable String run,
        @Nullable String over) {

    /** Copies the facts. */
    public StepContext {
        requireNonNull(observation, "observation");
        facts = Map.copyOf(facts);
    }

    /** The context of a caller who gives his runs no ids. */
    public StepContext(Observation observation, Map<String, String> facts) {
        this(observation, facts, null, null);
    }

    /** The context of the first call for a step. */
    public static StepContext of(Observation observation) {
        return new StepContext(observation, Map.of());
    }

    /** What to write into the notes of an operation that a step begins. It tells the fence around the instance, if there is one. */
    public OperationNote note(StepId step, String instanceId) {
        DatabaseFacts.Fence fence = observation.databases().fences().get(instanceId);
        return new OperationNote(step, instanceId, run, over, fence == null ? null : fence.token(), null, null);
    }
}
