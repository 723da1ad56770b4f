package io.github.divio4j.upgrade;

import io.github.divio4j.upgrade.Blocker.Reason;
import io.github.divio4j.upgrade.EnvironmentPlan.Loss;
import io.github.divio4j.upgrade.EnvironmentPlan.Ready;
import io.github.divio4j.upgrade.EnvironmentPlan.UpToDate;
import io.github.divio4j.upgrade.Observation.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The way of one environment back to the source, from wherever its upgrade is. Like the way forward, it keeps the steps
 * whose effect is missing, so that it is resumed by planning it again.
 */
final class RollbackPath {

    private final Observation seen;
    private final UpgradeSpec spec;
    private final int wave;
    private final boolean deleteTarget;
    private final ServiceVersions versions;
    private final Findings findings;
    private final RoleFinder finder;

    RollbackPath(Observation seen, UpgradeSpec spec, int wave, ServiceVersions versions, boolean deleteTarget) {
        this.seen = seen;
        this.spec = spec;
        this.wave = wave;
        this.deleteTarget = deleteTarget;
        this.versions = versions;
        this.findings = new Findings(seen);
        this.finder = new RoleFinder(seen, spec, versions, findings);
    }

    EnvironmentPlan plan() {
        finder.blockUnreadableServices();
        Instance gone = withoutSource();
        if (gone != null) {
            findings.block(
                    Reason.SOURCE_GONE,
                    "The application has " + findings.describe(gone)
                            + ", and no older PostgreSQL is left to go back to.",
                    "Nothing can be undone here; restore a backup of the old version into a new instance yourself.");
            return findings.blocked();
        }
        Instance source = finder.source();
        if (source == null) {
            return findings.blocked();
        }
        String prefix = finder.originalPrefix(source);
        if (prefix == null) {
            return findings.blocked();
        }
        if (!source.prefix().equals(prefix) && !finder.isPrefixNoted(source)) {
            // The target tells it now, and would no longer after it was renamed.
            finder.blockUnknownPrefix(source);
        }
        CatalogueService sourceService = versions.service(source.serviceId());
        PostgresVersion from = versions.of(source.serviceId());
        if (sourceService == null || from == null) {
            throw new IllegalStateException("a source without a version: " + source);
        }
        Instance target = target(source, prefix);
        findings.blockIfUnknown(source);
        findings.blockIfUnknown(target);
        CatalogueService targetService = target == null ? null : versions.service(target.serviceId());
        return plan(Roles.of(
                source,
                sourceService,
                from,
                target,
                targetService == null ? sourceService : targetService,
                prefix,
                spec));
    }

    /** The newer instance that the application has in place of a source that is gone; null if there is a source. */
    private @Nullable Instance withoutSource() {
        if (finder.olderAtStaging() != null) {
            return null;
        }
        for (Instance instance : seen.instances()) {
            CatalogueService service = versions.service(instance.serviceId());
            if (service != null && finder.isTarget(instance) && finder.noSourceLeft(service)) {
                return instance;
            }
        }
        return null;
    }

    private @Nullable Instance target(Instance source, String prefix) {
        Instance atStaging = seen.instanceAt(spec.stagingPrefix());
        if (source.prefix().equals(prefix)) {
            return atStaging != null && finder.isTarget(atStaging) ? atStaging : null;
        }
        Instance atOriginal = seen.instanceAt(prefix);
        if (atOriginal == null) {
            return atStaging != null && finder.isTarget(atStaging) ? atStaging : null;
        }
        if (!finder.isTarget(atOriginal)) {
            findings.blockTaken(prefix, atOriginal, "original", "sourcePrefix");
            return null;
        }
        if (atStaging != null) {
            findings.blockTaken(spec.stagingPrefix(), atStaging, "staging", "stagingPrefix");
        }
        return atOriginal;
    }

    private EnvironmentPlan plan(Roles roles) {
        Instance source = roles.source();
        Instance target = roles.target();
        StepIds ids = new StepIds(seen.environment(), roles.prefix(), roles.from(), spec.targetVersion());
        if (source.status() == InstanceStatus.NEW || source.status() == InstanceStatus.PROVISIONING) {
            findings.block(
                    Reason.SOURCE_NOT_ATTACHED,
                    findings.describe(source) + " is " + source.statusText()
                            + ": the application never ran on it, so there is nothing to go back to.",
                    "Name the database that the application ran on by its prefix (sourcePrefix).");
        }
        if (target != null && target.status() == InstanceStatus.PROVISIONING) {
            findings.block(
                    Reason.PROVISIONING_RUNNING,
                    findings.describe(target) + " is being provisioned.",
                    "Wait until that has ended.");
        }
        List<Step> steps = new ArrayList<>(8);
        addWayBack(steps, ids, roles);
        findings.blockIfDeployingBefore(steps);
        findings.blockUnsupported(steps);
        boolean deletes = !steps.isEmpty() && steps.get(steps.size() - 1).kind() == Step.Kind.DELETE_SERVICE;
        if (deletes && target != null && Evidence.isBeingFilled(seen, target)) {
            findings.block(
                    Reason.RESTORE_RUNNING,
                    "A restore into " + findings.describe(target) + " runs, which is to be deleted.",
                    "Wait until it has ended; or keep the target.");
        }
        if (!findings.isEmpty()) {
            findings.noteFence(source);
            return findings.blocked();
        }
        if (steps.isEmpty()) {
            return new UpToDate(
                    seen.environment(),
                    "It runs on " + findings.describe(source)
                            + (target == null
                                    ? "."
                                    : "; " + findings.describe(target) + " stays, " + target.statusText()
                                            + (deleteTarget
                                                    ? ", because nothing shows that divio4j has made or filled it, or what the"
                                                            + " application was deployed with."
                                                    : ".")));
        }
        return new Ready(
                seen.environment(), wave, roles.from(), spec.targetVersion(), roles.prefix(), true, loss(roles), steps);
    }

    private void addWayBack(List<Step> steps, StepIds ids, Roles roles) {
        EnvironmentRef environment = seen.environment();
        Instance source = roles.source();
        Instance target = roles.target();
        InstanceRef original = roles.sourceRef();
        InstanceRef retired = original.withPrefix(spec.retiredPrefix());
        InstanceRef staged = roles.targetRef();
        boolean delete = target != null && deleteTarget && mayDelete(roles, target);
        boolean neverSetUp = target != null && target.status() == InstanceStatus.NEW;
        if (delete && neverSetUp) {
            steps.add(new Step.DeleteService(
                    ids.deleteTarget(),
                    environment,
                    roles.targetPromoted() ? staged.withPrefix(roles.prefix()) : staged,
                    original));
        }
        if (roles.targetPromoted() && !(delete && neverSetUp)) {
            steps.add(new Step.RenamePrefix(
                    ids.renameTargetBack(), environment, staged.withPrefix(roles.prefix()), spec.stagingPrefix()));
        }
        if (target != null && target.status() == InstanceStatus.ATTACHED && !isSomebodyElses(roles, target)) {
            steps.add(new Step.Detach(ids.detachTarget(), environment, staged));
        }
        if (roles.sourceRenamed()) {
            steps.add(new Step.RenamePrefix(ids.renameSourceBack(), environment, retired, roles.prefix()));
        }
        if (source.status() == InstanceStatus.DETACHED || source.status() == InstanceStatus.PENDING_DETACHMENT) {
            steps.add(new Step.Attach(ids.attachSource(), environment, original));
        }
        if (seen.databases().fence(source) != null) {
            steps.add(new Step.LiftFence(ids.liftFence(), environment, original));
        }
        addDeployments(steps, ids, roles, delete);
        if (delete && !neverSetUp) {
            steps.add(new Step.DeleteService(ids.deleteTarget(), environment, staged, original));
        }
    }

    private void addDeployments(List<Step> steps, StepIds ids, Roles roles, boolean delete) {
        EnvironmentRef environment = seen.environment();
        Instance target = roles.target();
        InstanceRef original = roles.sourceRef();
        InstanceRef staged = roles.targetRef();
        boolean waiting = target != null
                && !isSomebodyElses(roles, target)
                && switch (target.status()) {
                    case NEW -> !delete;
                    case PENDING_ATTACHMENT -> true;
                    case PROVISIONING, ATTACHED, PENDING_DETACHMENT, DETACHED, REMOVED, UNKNOWN -> false;
                };
        boolean moves = mustMove(roles);
        // A deployment attaches whatever waits for it, and only then can that be detached; and only what is detached
        // can
        // be deleted.
        if (waiting && (moves || delete)) {
            steps.add(new Step.Deploy(ids.deployBackFirst(), environment, staged, original, true));
            steps.add(new Step.Detach(ids.detachTarget(), environment, staged));
            steps.add(new Step.Deploy(ids.deployBack(), environment, staged, original, false));
        } else if (moves) {
            steps.add(new Step.Deploy(ids.deployBack(), environment, target == null ? null : staged, original, false));
        }
    }

    /** Whether the running application does not run on the source alone, under the prefix that it knows. */
    private boolean mustMove(Roles roles) {
        Instance target = roles.target();
        boolean seesTarget =
                target != null && target.status().visibleToApplication() && !isSomebodyElses(roles, target);
        boolean deployedWhileRenamed = isDeployedWith(spec.retiredPrefix()) && !isDeployedWith(roles.prefix());
        return !roles.source().status().visibleToApplication() || seesTarget || deployedWhileRenamed;
    }

    /**
     * Whether nothing shows that the target has to do with an upgrade: we did not fill it, nobody is detaching it, and the
     * application does not run on it in the place of the source.
     */
    private boolean isSomebodyElses(Roles roles, Instance target) {
        if (Evidence.isOurs(seen, target) || target.status() == InstanceStatus.PENDING_DETACHMENT) {
            return false;
        }
        boolean takenOver = roles.sourceRenamed() || !roles.source().status().visibleToApplication();
        return target.status() != InstanceStatus.ATTACHED || !takenOver;
    }

    private boolean isDeployedWith(String prefix) {
        Set<String> deployed = seen.deployedPrefixes();
        return deployed != null && deployed.contains(prefix);
    }

    private static boolean works(Instance instance) {
        return switch (instance.status()) {
            case PENDING_ATTACHMENT, ATTACHED, PENDING_DETACHMENT, DETACHED -> true;
            case NEW, PROVISIONING, REMOVED, UNKNOWN -> false;
        };
    }

    /**
     * Only what was never set up or what we filled ourselves is ours to delete, and only once it is known that the
     * application runs on something else; a deployment would tell.
     */
    private boolean mayDelete(Roles roles, Instance target) {
        return target.status() == InstanceStatus.NEW
                || (works(target)
                        && Evidence.isOurs(seen, target)
                        && (mustMove(roles)
                                || (isDeployedWith(roles.prefix()) && !isDeployedWith(spec.stagingPrefix()))));
    }

    private Loss loss(Roles roles) {
        Instance target = roles.target();
        if (target == null || !target.status().visibleToApplication()) {
            return Loss.NOTHING;
        }
        return Loss.writesSince(Evidence.movedAt(seen, target));
    }
}
