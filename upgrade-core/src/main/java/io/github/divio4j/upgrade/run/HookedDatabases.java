package io.github.divio4j.upgrade.run;

import static java.util.Objects.requireNonNull;

import io.github.divio4j.upgrade.DatabaseFacts;
import io.github.divio4j.upgrade.InstanceRef;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.Step;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Databases of which nothing can be done but to keep the application from writing to them.
 *
 * <p>The hook knows environments, and the fence is around one instance. Its token therefore begins with the instance's id, which
 * has no dot in it.
 */
final class HookedDatabases implements DatabaseWork {

    private static final Map<Step.Kind, String> UNSUPPORTED = Map.of(
            Step.Kind.PREFLIGHT, "there is only a hook that stops writes, and no access to the databases.",
            Step.Kind.VERIFY, "there is only a hook that stops writes, and no access to the databases.",
            Step.Kind.ANALYZE, "there is only a hook that stops writes, and no access to the databases.");

    private final WritesHook hook;

    HookedDatabases(WritesHook hook) {
        this.hook = requireNonNull(hook, "hook");
    }

    @Override
    public Map<Step.Kind, String> unsupported(Observation seen) {
        return UNSUPPORTED;
    }

    @Override
    public DatabaseFacts look(Observation seen) {
        Map<String, DatabaseFacts.Fence> fences = new HashMap<>();
        hook.fence(seen.environment())
                .ifPresent(fence -> seen.instances().stream()
                        .filter(i -> fence.token().startsWith(i.id() + "."))
                        .forEach(i -> fences.put(i.id(), fence)));
        return new DatabaseFacts(fences, Map.of(), Set.of(), Map.of(), true, Map.of());
    }

    @Override
    public StepOutcome execute(Step step, StepContext context) throws InterruptedException {
        return switch (step.kind()) {
            case FENCE_WRITES -> raise((Step.FenceWrites) step, context);
            case LIFT_FENCE -> lift((Step.LiftFence) step);
            case ADD_SERVICE,
                    CLAIM_TARGET,
                    PROVISION,
                    PREFLIGHT,
                    BACK_UP,
                    UPLOAD_BACKUP,
                    RESTORE,
                    VERIFY,
                    ANALYZE,
                    RENAME_PREFIX,
                    DETACH,
                    ATTACH,
                    DEPLOY,
                    DOWNLOAD_BACKUP,
                    DELETE_SERVICE ->
                throw new IllegalArgumentException("a hook that stops writes cannot " + step.describe());
        };
    }

    private StepOutcome raise(Step.FenceWrites step, StepContext context) throws InterruptedException {
        Optional<Observation.Instance> source = context.observation().find(step.source());
        if (source.isEmpty()) {
            return failed(step.source(), "it is not there.");
        }
        try {
            hook.stop(step.environment(), source.get().id() + "." + UUID.randomUUID());
        } catch (RuntimeException e) {
            // Any hook may be behind the interface.
            return failed(step.source(), "the hook that stops writes failed: " + e.getMessage());
        }
        DatabaseFacts.Fence fence =
                look(context.observation()).fences().get(source.get().id());
        return fence != null && fence.holds()
                ? new StepOutcome.Done(Map.of())
                : failed(
                        step.source(),
                        "the hook that stops writes returned, and does not say that those to this database are stopped.");
    }

    private StepOutcome lift(Step.LiftFence step) throws InterruptedException {
        try {
            hook.resume(step.environment());
        } catch (RuntimeException e) {
            // Any hook may be behind the interface.
            return failed(step.source(), "the hook that stops writes failed: " + e.getMessage());
        }
        return new StepOutcome.Done(Map.of());
    }

    private static StepOutcome failed(InstanceRef source, String why) {
        return new StepOutcome.Failed(
                why, "The application runs on " + source + "; its writes may be stopped or not.", true, Map.of());
    }
}
