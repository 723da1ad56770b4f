package io.github.divio4j.upgrade;

import io.github.divio4j.upgrade.InstanceRef.Role;
import io.github.divio4j.upgrade.Observation.Instance;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
        if (now.isDeploying() && step.kind() != Step.Kind.DEPLOY && step.kind() != Step.Kind.DOWNLOAD_BACKUP) {
            return Optional.of("a deployment of " + now.environment() + " runs");
        }
        return switch (step.kind()) {
            case ADD_SERVICE -> taken(now, ((Step.AddService) step).target().prefix());
            case CLAIM_TARGET -> claim((Step.ClaimTarget) step, now);
            case PROVISION -> there(now, ((Step.Provision) step).target());
            case PREFLIGHT -> preflight((Step.Preflight) step, now);
            case FENCE_WRITES -> there(now, ((Step.FenceWrites) step).source());
            case BACK_UP -> there(now, ((Step.BackUp) step).source());
            case UPLOAD_BACKUP -> {
                Step.UploadBackup upload = (Step.UploadBackup) step;
                yield there(now, upload.source()).or(() -> there(now, upload.target()));
            }
            case RESTORE -> restore((Step.Restore) step, now);
            case VERIFY -> {
                Step.Verify verify = (Step.Verify) step;
                yield there(now, verify.source()).or(() -> there(now, verify.target()));
            }
            case ANALYZE -> there(now, ((Step.Analyze) step).target());
            case RENAME_PREFIX -> rename((Step.RenamePrefix) step, now);
            case DETACH -> there(now, ((Step.Detach) step).instance());
            case ATTACH -> attach((Step.Attach) step, now);
            case LIFT_FENCE -> liftFence((Step.LiftFence) step, now);
            case DEPLOY -> deploy((Step.Deploy) step, now);
            case DOWNLOAD_BACKUP -> download((Step.DownloadBackup) step, now);
            case DELETE_SERVICE -> delete((Step.DeleteService) step, now);
        };
    }

    /**
     * Whether what a deploy step is for is true: the application runs on the one instance and no longer sees the other.
     *
     * @throws IllegalArgumentException if the observation is of another environment
     */
    public static boolean hasMoved(Step.Deploy step, Observation now) {
        requireSame(step, now);
        Instance to = now.find(step.to()).orElse(null);
        InstanceRef left = step.from();
        Instance from = left == null ? null : now.find(left).orElse(null);
        if (to == null) {
            return false;
        }
        if (step.attachesFrom()) {
            return from != null
                    && from.status().visibleToApplication()
                    && to.status().visibleToApplication();
        }
        boolean sourceIsThere = left == null || left.role() == Role.TARGET || from != null;
        return sourceIsThere && hasSwitched(now, from, to);
    }

    /** Whether the application has moved: the one attached, the other not, and the variables those of the one. */
    private static boolean hasSwitched(Observation now, @Nullable Instance from, Instance to) {
        return to.status() == InstanceStatus.ATTACHED && Evidence.runsOnlyOn(now, to, from, to.prefix());
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

    private static Optional<String> claim(Step.ClaimTarget step, Observation now) {
        Instance target = now.find(step.target()).orElse(null);
        if (target == null) {
            return there(now, step.target());
        }
        return target.status() == InstanceStatus.NEW
                ? there(now, step.source())
                : Optional.of(step.target() + " is " + target.statusText() + "; only what is new is claimed");
    }

    private static Optional<String> there(Observation now, InstanceRef ref) {
        return now.find(ref).isPresent() ? Optional.empty() : Optional.of(ref + " is not there");
    }

    private static Optional<String> preflight(Step.Preflight step, Observation now) {
        return there(now, step.source()).or(() -> overwritable(step.target(), now));
    }

    private static Optional<String> overwritable(InstanceRef ref, Observation now) {
        Optional<Instance> target = now.find(ref);
        if (target.isEmpty()) {
            return there(now, ref);
        }
        InstanceStatus status = target.get().status();
        return status == InstanceStatus.PENDING_ATTACHMENT || status == InstanceStatus.DETACHED
                ? Optional.empty()
                : Optional.of(ref + " is " + target.get().statusText()
                        + "; only what works and is invisible to the application is overwritten");
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
        Optional<String> visible = overwritable(step.target(), now);
        if (visible.isPresent()) {
            return visible;
        }
        boolean another = now.restores().stream()
                .anyMatch(r -> r.state() == OperationState.RUNNING
                        && !r.note().instanceId().equals(target.get().id()));
        return another ? Optional.of("a restore into another database runs") : Optional.empty();
    }

    private static Optional<String> rename(Step.RenamePrefix step, Observation now) {
        if (now.find(step.instance()).isEmpty()) {
            return there(now, step.instance());
        }
        return taken(now, step.to());
    }

    private static Optional<String> attach(Step.Attach step, Observation now) {
        return now.find(step.instance())
                .map(i -> i.status() == InstanceStatus.DETACHED || i.status() == InstanceStatus.PENDING_DETACHMENT
                        ? Optional.<String>empty()
                        : Optional.of(step.instance() + " is " + i.statusText()
                                + "; only what is detached, or about to be, is attached"))
                .orElseGet(() -> there(now, step.instance()));
    }

    private static Optional<String> liftFence(Step.LiftFence step, Observation now) {
        Instance source = now.find(step.source()).orElse(null);
        if (source == null) {
            return there(now, step.source());
        }
        boolean comesBack = source.prefix().equals(step.id().originalPrefix());
        boolean hasLeft = now.databases().fencesStopApplication() && source.status() == InstanceStatus.DETACHED;
        return comesBack || hasLeft
                ? Optional.empty()
                : Optional.of(step.source() + " is " + source.statusText()
                        + ": what would be written to it now could be lost in the middle of an upgrade");
    }

    private static Optional<String> deploy(Step.Deploy step, Observation now) {
        InstanceRef from = step.from();
        return there(now, step.to())
                .or(() -> from == null || from.role() == Role.TARGET ? Optional.empty() : there(now, from));
    }

    /** If somebody deleted the source, its backup is all the more worth storing. */
    private static Optional<String> download(Step.DownloadBackup step, Observation now) {
        return now.find(step.source())
                .filter(source -> !Evidence.wasBackedUpByUs(now, source))
                .map(source -> "no backup of " + step.source() + " by divio4j is known");
    }

    private static Optional<String> delete(Step.DeleteService step, Observation now) {
        Instance instance = now.find(step.instance()).orElse(null);
        if (instance == null) {
            return there(now, step.instance());
        }
        if (step.instance().role() == Role.TARGET && instance.status() == InstanceStatus.NEW) {
            return Optional.empty();
        }
        Instance successor = now.find(step.successor()).orElse(null);
        if (successor == null) {
            return there(now, step.successor());
        }
        if (step.successor().role() == step.instance().role()) {
            return Optional.of("one of an upgrade's two databases is deleted only when the other has its place");
        }
        if (now.deployedPrefixes() == null) {
            return Optional.of("it is not known which databases the application was deployed with");
        }
        if (instance.status() != InstanceStatus.DETACHED || !hasSwitched(now, instance, successor)) {
            return Optional.of("the application has not moved: " + step.instance() + " is " + instance.statusText()
                    + ", " + step.successor() + " is " + successor.statusText());
        }
        return step.instance().role() == Role.SOURCE
                ? deleteSource(step, now, instance, successor)
                : Evidence.isOurs(now, instance)
                        ? Optional.empty()
                        : Optional.of("nothing shows that divio4j has made or filled " + step.instance());
    }

    private static Optional<String> deleteSource(
            Step.DeleteService step, Observation now, Instance source, Instance target) {
        if (!Evidence.wasBackedUpByUs(now, source)) {
            return Optional.of("no backup of " + step.instance() + " by divio4j is known");
        }
        if (Evidence.restoredBackup(now, source, target) == null) {
            return Optional.of("no finished restore by divio4j proves that " + step.successor() + " holds its data");
        }
        return Optional.empty();
    }
}
