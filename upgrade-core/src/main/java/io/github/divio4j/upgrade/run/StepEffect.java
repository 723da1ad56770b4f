package io.github.divio4j.upgrade.run;

import io.github.divio4j.upgrade.DatabaseFacts.Fence;
import io.github.divio4j.upgrade.InstanceRef;
import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.SafetyCheck;
import io.github.divio4j.upgrade.Step;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a fresh look tells of a step that was begun. */
final class StepEffect {

    /** What goes on at the platform: another call tells how it ended, whatever the plan says meanwhile. */
    private static final Set<Step.Kind> LONG = EnumSet.of(
            Step.Kind.CLAIM_TARGET,
            Step.Kind.PROVISION,
            Step.Kind.PREFLIGHT,
            Step.Kind.BACK_UP,
            Step.Kind.UPLOAD_BACKUP,
            Step.Kind.RESTORE,
            Step.Kind.VERIFY,
            Step.Kind.ANALYZE,
            Step.Kind.DEPLOY,
            Step.Kind.DOWNLOAD_BACKUP);

    private StepEffect() {}

    /**
     * Whether the executor may be called again for a step under way: not if a fresh look speaks against beginning it, because it may not
     * have begun.
     *
     * @param missing whether the fresh plan wants the step
     */
    static boolean mayGoOn(Step step, Observation seen, boolean missing) {
        boolean wanted = LONG.contains(step.kind()) || missing;
        return isDone(step, seen)
                || (wanted && SafetyCheck.violation(step, seen).isEmpty());
    }

    /**
     * Whether the effect is there, so that another call does nothing. That the plan does not want the step any more is not
     * enough; where a look at the instances cannot tell, the plan goes on without another call.
     */
    private static boolean isDone(Step step, Observation seen) {
        return switch (step.kind()) {
            case ADD_SERVICE -> seen.find(((Step.AddService) step).target()).isPresent();
            case PROVISION -> is(seen, ((Step.Provision) step).target(), InstanceStatus.PENDING_ATTACHMENT);
            case CLAIM_TARGET, PREFLIGHT, BACK_UP, UPLOAD_BACKUP, RESTORE, VERIFY, ANALYZE, DOWNLOAD_BACKUP -> false;
            case FENCE_WRITES ->
                fence(seen, ((Step.FenceWrites) step).source())
                        .filter(Fence::holds)
                        .isPresent();
            case LIFT_FENCE -> fence(seen, ((Step.LiftFence) step).source()).isEmpty();
            case RENAME_PREFIX -> {
                Step.RenamePrefix rename = (Step.RenamePrefix) step;
                yield seen.find(rename.instance().withPrefix(rename.to())).isPresent();
            }
            case DETACH ->
                is(seen, ((Step.Detach) step).instance(), InstanceStatus.PENDING_DETACHMENT, InstanceStatus.DETACHED);
            case ATTACH ->
                is(seen, ((Step.Attach) step).instance(), InstanceStatus.PENDING_ATTACHMENT, InstanceStatus.ATTACHED);
            case DEPLOY -> SafetyCheck.hasMoved((Step.Deploy) step, seen);
            case DELETE_SERVICE ->
                seen.find(((Step.DeleteService) step).instance()).isEmpty();
        };
    }

    private static Optional<Fence> fence(Observation seen, InstanceRef source) {
        return seen.find(source)
                .flatMap(i -> Optional.ofNullable(seen.databases().fences().get(i.id())));
    }

    private static boolean is(Observation seen, InstanceRef instance, InstanceStatus... expected) {
        return seen.find(instance)
                .filter(i -> List.of(expected).contains(i.status()))
                .isPresent();
    }
}
