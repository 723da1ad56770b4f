package io.github.divio4j.upgrade;

import io.github.divio4j.upgrade.InstanceRef.Role;
import io.github.divio4j.upgrade.Observation.Instance;
import java.util.Optional;

/**
 * The rules that hold for every step, whoever planned it: asked once more, on a fresh observation, right before a step
 * acts. A plan that was right a minute ago can be wrong now.
 */
public final class SafetyCheck {

    private SafetyCheck() {}

    /**
     * Tells why a step must not be done now.
     *
     * @param step a step whose effect is not there yet; for one that is done the answer means nothing
     * @param now what is true now of the step's environment
     * @return empty if it may be done, otherwise a sentence that says what stands in the way
     * @throws IllegalArgumentException if the observation is of another environment
     */
    public static Optional<String> violation(Step step, Observation now) {
        requireSame(step, now);
        if (now.isDeploying() && step.kind() != Step.Kind.DEPLOY) {
            return Optional.of("a deployment of " + now.environment() + " runs");
        }
        return switch (step.kind()) {
            case ADD_SERVICE -> taken(now, ((Step.AddService) step).target().prefix());
            case PROVISION -> there(now, ((Step.Provision) step).target());
            case BACK_UP -> there(now, ((Step.BackUp) step).source());
            case RESTORE -> restore((Step.Restore) step, now);
            case RENAME_PREFIX -> rename((Step.RenamePrefix) step, now);
            case DETACH -> there(now, ((Step.Detach) step).source());
            case DEPLOY -> deploy((Step.Deploy) step, now);
            case DELETE_SERVICE -> delete((Step.DeleteService) step, now);
        };
    }

    /**
     * Whether what a deploy step is for is true: the application runs on the target and no longer on the source.
     *
     * @throws IllegalArgumentException if the observation is of another environment
     */
    public static boolean hasMoved(Step.Deploy step, Observation now) {
        requireSame(step, now);
        Optional<Instance> source = now.find(step.source());
        return now.find(step.target())
                .filter(t -> source.filter(s -> hasSwitched(now, s, t)).isPresent())
                .isPresent();
    }

    /** Whether the application has moved: the target attached, the source not, and the variables those of the target. */
    static boolean hasSwitched(Observation now, Instance source, Instance target) {
        boolean variablesMoved = now.deployedPrefixes() == null
                || (now.deployedPrefixes().contains(target.prefix())
                        && !now.deployedPrefixes().contains(source.prefix()));
        return target.status() == InstanceStatus.ATTACHED
                && source.status() == InstanceStatus.DETACHED
                && variablesMoved;
    }

    /** Whether a good backup of the instance carries our note: without it, a detached database may be anybody's. */
    static boolean wasBackedUpByUs(Observation now, Instance source) {
        return now.backups().stream()
                .anyMatch(b -> b.note().instanceId().equals(source.id()) && b.state() == OperationState.SUCCEEDED);
    }

    /**
     * The backup whose data the target holds: the newest restore of ours into it ended well, and was of a good backup of
     * the source. Empty if nothing proves that.
     */
    static Optional<Observation.Backup> restoredBackup(Observation now, Instance source, Instance target) {
        return now.restores().stream()
                .filter(r -> r.note().instanceId().equals(target.id()))
                .reduce((earlier, later) -> later)
                .filter(r -> r.state() == OperationState.SUCCEEDED)
                .flatMap(r -> now.backups().stream()
                        .filter(b -> b.id().equals(r.backupId())
                                && b.note().instanceId().equals(source.id())
                                && b.state() == OperationState.SUCCEEDED)
                        .findFirst());
    }

    private static void requireSame(Step step, Observation now) {
        if (!step.environment().equals(now.environment())) {
            throw new IllegalArgumentException(
                    "a step of " + step.environment() + " was checked against " + now.environment());
        }
    }

    private static Optional<String> taken(Observation now, String prefix) {
        return now.databaseAt(prefix).map(i -> "the prefix " + prefix + " is carried by another database");
    }

    private static Optional<String> there(Observation now, InstanceRef ref) {
        return now.find(ref).isPresent() ? Optional.empty() : Optional.of(ref + " is not there");
    }

    private static Optional<String> restore(Step.Restore step, Observation now) {
        Optional<Instance> target = now.find(step.target());
        if (target.isEmpty()) {
            return there(now, step.target());
        }
        if (now.find(step.source()).isEmpty()) {
            return Optional.of(
                    step.source() + " does not carry the original prefix; the prefixes may be swapped already");
        }
        InstanceStatus status = target.get().status();
        if (status != InstanceStatus.PENDING_ATTACHMENT && status != InstanceStatus.DETACHED) {
            return Optional.of(step.target() + " is " + target.get().statusText()
                    + "; only what works and is invisible to the application is overwritten");
        }
        return Optional.empty();
    }

    private static Optional<String> rename(Step.RenamePrefix step, Observation now) {
        if (now.find(step.instance()).isEmpty()) {
            return there(now, step.instance());
        }
        return taken(now, step.to());
    }

    private static Optional<String> deploy(Step.Deploy step, Observation now) {
        return there(now, step.target()).or(() -> there(now, step.source()));
    }

    private static Optional<String> delete(Step.DeleteService step, Observation now) {
        if (step.source().role() != Role.SOURCE || step.target().role() != Role.TARGET) {
            return Optional.of("only the source of an upgrade is deleted");
        }
        Optional<Instance> source = now.find(step.source());
        Optional<Instance> target = now.find(step.target());
        if (source.isEmpty() || target.isEmpty()) {
            return there(now, step.source()).or(() -> there(now, step.target()));
        }
        if (!wasBackedUpByUs(now, source.get())) {
            return Optional.of("no backup of " + step.source() + " by divio4j is known");
        }
        if (restoredBackup(now, source.get(), target.get()).isEmpty()) {
            return Optional.of("no finished restore by divio4j proves that " + step.target() + " holds its data");
        }
        if (now.deployedPrefixes() == null) {
            return Optional.of("it is not known which databases the application was deployed with");
        }
        if (!hasSwitched(now, source.get(), target.get())) {
            return Optional.of("the application has not moved: " + step.source() + " is "
                    + source.get().statusText() + ", " + step.target() + " is "
                    + target.get().statusText());
        }
        return Optional.empty();
    }
}
