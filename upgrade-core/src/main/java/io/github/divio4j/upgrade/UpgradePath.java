package io.github.divio4j.upgrade;

import static java.util.stream.Collectors.joining;

import io.github.divio4j.upgrade.Blocker.Reason;
import io.github.divio4j.upgrade.EnvironmentPlan.Loss;
import io.github.divio4j.upgrade.EnvironmentPlan.Ready;
import io.github.divio4j.upgrade.EnvironmentPlan.UpToDate;
import io.github.divio4j.upgrade.Observation.Backup;
import io.github.divio4j.upgrade.Observation.Instance;
import io.github.divio4j.upgrade.Observation.Restore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way of one environment to the wished version. It walks through the steps in their order and keeps those whose
 * effect is missing. What it cannot plan becomes blockers.
 */
final class UpgradePath {

    private final Observation seen;
    private final UpgradeSpec spec;
    private final int wave;
    private final ServiceVersions versions;
    private final Findings findings;
    private final RoleFinder finder;
    /** Whether a fence is to keep the source as it is backed up. */
    private final boolean fenced;

    UpgradePath(Observation seen, UpgradeSpec spec, int wave, ServiceVersions versions) {
        this.seen = seen;
        this.spec = spec;
        this.wave = wave;
        this.versions = versions;
        this.findings = new Findings(seen);
        this.finder = new RoleFinder(seen, spec, versions, findings);
        this.fenced = switch (spec.writes()) {
            case FENCE_REQUIRED -> true;
            case FENCE_IF_POSSIBLE -> !seen.unsupported().containsKey(Step.Kind.FENCE_WRITES);
            case ACCEPT_LOSS -> false;
        };
    }

    EnvironmentPlan plan() {
        CatalogueService targetService = finder.targetService();
        finder.blockUnreadableServices();
        if (findings.isEmpty() && targetService != null && finder.noSourceLeft(targetService)) {
            return afterTheSource(targetService);
        }
        Instance source = finder.source();
        if (source == null || targetService == null) {
            return findings.blocked();
        }
        String prefix = finder.originalPrefix(source);
        if (prefix == null) {
            return findings.blocked();
        }
        CatalogueService sourceService = versions.service(source.serviceId());
        PostgresVersion from = versions.of(source.serviceId());
        if (sourceService == null || from == null) {
            throw new IllegalStateException("a source without a version: " + source);
        }
        boolean renamed = !source.prefix().equals(prefix);
        Instance target = renamed ? targetInCutover(targetService, prefix) : targetBeforeCutover(targetService, source);
        findings.blockIfUnknown(source);
        findings.blockIfUnknown(target);
        if (renamed && target == null) {
            return findings.blocked();
        }
        return plan(Roles.of(source, sourceService, from, target, targetService, prefix, spec));
    }

    /** Nothing older is left: either the upgrade is over, or somebody deleted the source before its time. */
    private EnvironmentPlan afterTheSource(CatalogueService target) {
        List<Instance> inUse = finder.inUse(target);
        if (inUse.size() == 1) {
            Instance only = inUse.get(0);
            findings.blockIfUnknown(only);
            Instance atStaging = finder.olderAtStaging();
            boolean unused =
                    only.status() != InstanceStatus.UNKNOWN && !only.status().visibleToApplication();
            if (unused && atStaging != null) {
                findings.blockTaken(spec.stagingPrefix(), atStaging, "staging", "stagingPrefix");
            } else if (unused) {
                findings.block(
                        Reason.TARGET_NOT_DEPLOYED,
                        findings.describe(only) + " is " + only.statusText()
                                + ", so the application does not use it, and nothing older is left.",
                        "Deploy the environment.");
            }
        }
        if (!findings.isEmpty()) {
            return findings.blocked();
        }
        return new UpToDate(
                seen.environment(),
                inUse.stream().map(findings::describe).sorted().collect(joining(" and "))
                        + (inUse.size() == 1 ? " is" : " are") + " on PostgreSQL " + spec.targetVersion()
                        + " already.");
    }

    private @Nullable Instance targetBeforeCutover(CatalogueService service, Instance source) {
        Instance atRetired = seen.instanceAt(spec.retiredPrefix());
        if (atRetired != null) {
            findings.blockTaken(spec.retiredPrefix(), atRetired, "retired", "retiredPrefix");
        }
        Instance atStaging = seen.instanceAt(spec.stagingPrefix());
        boolean foreign = atStaging != null && !atStaging.serviceId().equals(service.id());
        if (source.prefix().equals(spec.stagingPrefix()) || foreign) {
            findings.blockTaken(
                    spec.stagingPrefix(), atStaging == null ? source : atStaging, "staging", "stagingPrefix");
            return null;
        }
        return atStaging;
    }

    private @Nullable Instance targetInCutover(CatalogueService service, String prefix) {
        Instance atOriginal = seen.instanceAt(prefix);
        if (atOriginal != null) {
            if (atOriginal.serviceId().equals(service.id())) {
                return atOriginal;
            }
            findings.blockTaken(prefix, atOriginal, "original", "sourcePrefix");
            return null;
        }
        Instance atStaging = seen.instanceAt(spec.stagingPrefix());
        if (atStaging != null && atStaging.serviceId().equals(service.id())) {
            return atStaging;
        }
        findings.block(
                Reason.RESTORE_NOT_PROVEN,
                "The source was renamed to " + spec.retiredPrefix() + ", and there is no " + service.name() + " under "
                        + spec.stagingPrefix() + " or " + prefix + " to take over.",
                "Roll back (planRollback), which renames " + spec.retiredPrefix() + " back to " + prefix
                        + ", and start again.");
        return null;
    }

    private EnvironmentPlan plan(Roles roles) {
        StepIds ids = new StepIds(seen.environment(), roles.prefix(), roles.from(), spec.targetVersion());
        Instance target = roles.target();
        boolean moved = target != null && hasMoved(roles, target);
        List<Step> steps = new ArrayList<>(12);
        if (roles.sourceRenamed() || moved) {
            checkSourceWasUsed(roles.source());
            if (!moved && target != null) {
                checkRestoreIsProven(roles.source(), target);
            }
        } else {
            addPreparation(steps, ids, roles);
            addTransfer(steps, ids, roles);
        }
        addCutover(steps, ids, roles, moved);
        addRetirement(steps, ids, roles, moved);
        findings.blockIfDeployingBefore(steps);
        findings.blockUnsupported(steps);
        if (!findings.isEmpty()) {
            if (!moved || seen.databases().fencesStopApplication()) {
                findings.noteFence(roles.source());
            }
            return findings.blocked();
        }
        if (steps.isEmpty()) {
            return new UpToDate(seen.environment(), whyNothingIsLeft(roles));
        }
        boolean inCutover =
                (roles.sourceRenamed() || moved) && steps.get(0).kind().phase() == Step.Phase.MIGRATE;
        return new Ready(
                seen.environment(),
                wave,
                roles.from(),
                spec.targetVersion(),
                roles.prefix(),
                inCutover,
                fenced ? Loss.NOTHING : Loss.UNPROTECTED_WINDOW,
                steps);
    }

    /**
     * Whether the application runs on the target already: after the deployment, and in the middle of a rollback that is
     * turned round. As long as the source carries the original prefix, only the application's variables can tell, and only
     * a backup of ours will tell the original prefix after the next step. A source that the application can see, or is about
     * to, may be somebody's own choice, unless a backup of ours shows that it was upgraded.
     */
    private boolean hasMoved(Roles roles, Instance target) {
        Instance source = roles.source();
        boolean renamedByHand = roles.sourceRenamed() && !source.status().visibleToApplication();
        return Evidence.runsOnTarget(seen, target, source, roles.prefix(), spec.retiredPrefix())
                && (renamedByHand || (seen.deployedPrefixes() != null && finder.isPrefixNoted(source)))
                && (source.status() == InstanceStatus.DETACHED || Evidence.wasBackedUpByUs(seen, source));
    }

    private void checkSourceWasUsed(Instance source) {
        if (source.status() == InstanceStatus.NEW || source.status() == InstanceStatus.PROVISIONING) {
            findings.block(
                    Reason.SOURCE_NOT_ATTACHED,
                    findings.describe(source) + " is " + source.statusText() + ": the application never ran on it.",
                    "Name the database that the application ran on by its prefix (sourcePrefix).");
        }
    }

    private void addPreparation(List<Step> steps, StepIds ids, Roles roles) {
        Instance source = roles.source();
        if (source.status() != InstanceStatus.UNKNOWN && !source.status().visibleToApplication()) {
            findings.block(
                    Reason.SOURCE_NOT_ATTACHED,
                    findings.describe(source) + " is " + source.statusText() + ": the application does not run on it.",
                    Evidence.wasBackedUpByUs(seen, source)
                            ? "Roll back (planRollback), which brings the application back to it; then start again."
                            : "Attach it and deploy the environment, so that the application runs on what is to be"
                                    + " upgraded.");
        }
        EnvironmentRef environment = seen.environment();
        Instance target = roles.target();
        if (target == null) {
            steps.add(new Step.AddService(ids.addService(), environment, roles.targetRef(), source.regionId()));
        }
        if (target == null || target.status() == InstanceStatus.NEW || target.status() == InstanceStatus.PROVISIONING) {
            addProvisioning(steps, ids, roles);
        } else if (isWithdrawn(source, target)) {
            addWithdrawal(steps, ids, roles, target.status() == InstanceStatus.ATTACHED);
        } else {
            checkMayBeOverwritten(target);
        }
    }

    private void addProvisioning(List<Step> steps, StepIds ids, Roles roles) {
        EnvironmentRef environment = seen.environment();
        Instance target = roles.target();
        Backup claim = target == null ? null : Evidence.claimOf(seen, target);
        boolean somebodyElseProvisions =
                target != null && target.status() == InstanceStatus.PROVISIONING && claim == null;
        if (spec.provisioning() == UpgradeSpec.Provisioning.BY_CALL || somebodyElseProvisions) {
            steps.add(new Step.Provision(ids.provision(), environment, roles.targetRef()));
            return;
        }
        boolean isClaimed = claim != null && claim.state() == OperationState.SUCCEEDED;
        if (!isClaimed && (target == null || target.status() == InstanceStatus.NEW)) {
            steps.add(new Step.ClaimTarget(ids.claimTarget(), environment, roles.sourceRef(), roles.targetRef()));
        }
        if (roles.source().status() == InstanceStatus.PENDING_DETACHMENT) {
            // The deployments would take it away.
            steps.add(new Step.Attach(ids.attachSource(), environment, roles.sourceRef()));
        }
        steps.add(new Step.Deploy(ids.deployWithTarget(), environment, roles.targetRef(), roles.sourceRef(), true));
        addWithdrawal(steps, ids, roles, true);
    }

    /** Takes the target away from the application, which has not moved to it. */
    private void addWithdrawal(List<Step> steps, StepIds ids, Roles roles, boolean attached) {
        if (attached) {
            steps.add(new Step.Detach(ids.withdrawTarget(), seen.environment(), roles.targetRef()));
        }
        steps.add(new Step.Deploy(
                ids.deployWithoutTarget(), seen.environment(), roles.targetRef(), roles.sourceRef(), false));
    }

    /**
     * Whether a target that the application can see is ours to take away again: we had it attached to set it up; or we filled
     * it, and then somebody deployed, or a rollback was turned round before it had detached it.
     */
    private boolean isWithdrawn(Instance source, Instance target) {
        return target.status().visibleToApplication()
                && Evidence.isOurs(seen, target)
                && source.status() == InstanceStatus.ATTACHED;
    }

    /** Whether these steps deploy the environment before they come to its data, and leave the target detached. */
    private static boolean withdraw(List<Step> steps, StepIds ids) {
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            if (step.kind() == Step.Kind.DEPLOY && step.id().equals(ids.deployWithoutTarget())) {
                return true;
            }
        }
        return false;
    }

    private static boolean hold(List<Step> steps, Step.Kind kind) {
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).kind() == kind) {
                return true;
            }
        }
        return false;
    }

    private void addTransfer(List<Step> steps, StepIds ids, Roles roles) {
        EnvironmentRef environment = seen.environment();
        Instance source = roles.source();
        Instance target = roles.target();
        Instant notBefore = Evidence.notBefore(seen, target);
        // After its withdrawal the target will be detached, and what was backed up before will prove nothing.
        Backup backup = withdraw(steps, ids)
                ? null
                : Evidence.usableBackup(seen, spec, ids.backUp(), source, fenced, notBefore);
        addPreflight(steps, ids, roles, backup);
        boolean claims = hold(steps, Step.Kind.CLAIM_TARGET);
        boolean another = claims
                ? Evidence.backupRunsBesideClaim(seen, target)
                : backup == null && Evidence.otherBackupRuns(seen, ids.backUp());
        if (another) {
            findings.block(
                    Reason.BACKUP_RUNNING,
                    "A backup runs that was begun for another target, or while the source had another prefix.",
                    "Wait until it has ended.");
        }
        if (fenced && Evidence.unfencedBackupRuns(seen, ids.backUp(), source)) {
            findings.block(
                    Reason.BACKUP_RUNNING,
                    "A backup runs that was begun while " + findings.describe(source) + " could be written to.",
                    "Wait until it has ended; then another is taken under the fence.");
        }
        if (fenced && !seen.databases().isFenced(source)) {
            steps.add(new Step.FenceWrites(ids.fenceWrites(), environment, roles.sourceRef()));
        }
        if (backup == null) {
            steps.add(new Step.BackUp(
                    ids.backUp(),
                    environment,
                    roles.sourceRef(),
                    Evidence.unusableBackups(seen, ids.backUp(), source)));
        }
        boolean restored = backup != null && Evidence.isRestored(seen, ids.restore(), backup, target);
        if (!restored) {
            addRestore(steps, ids, roles, backup);
        }
        addChecks(steps, ids, roles, restored);
    }

    /**
     * Looks for obstacles as long as nothing of the transfer has begun: behind a fence the application waits, and what was backed
     * up is restored, or shows itself that it cannot be.
     */
    private void addPreflight(List<Step> steps, StepIds ids, Roles roles, @Nullable Backup backup) {
        boolean begun = backup != null || (fenced && seen.databases().fence(roles.source()) != null);
        if (!spec.preflight() || begun) {
            return;
        }
        DatabaseFacts.Preflight known = seen.databases().preflight(roles.source(), spec.targetVersion());
        if (known == null) {
            steps.add(new Step.Preflight(ids.preflight(), seen.environment(), roles.sourceRef(), roles.targetRef()));
        } else {
            known.obstacles().forEach(o -> findings.block(Reason.PREFLIGHT_FAILED, o.message(), o.remedy()));
        }
    }

    private void addRestore(List<Step> steps, StepIds ids, Roles roles, @Nullable Backup backup) {
        EnvironmentRef environment = seen.environment();
        Instance target = roles.target();
        if (Evidence.otherRestoreRuns(seen, backup, target)) {
            findings.block(
                    Reason.RESTORE_RUNNING,
                    "A restore runs, into another target or of a backup that is not good any more.",
                    "Wait until it has ended; then what is needed is restored.");
        }
        boolean byUpload = spec.restoring() == UpgradeSpec.Restoring.BY_UPLOAD;
        if (byUpload && (backup == null || !Evidence.isUploaded(seen, ids.uploadBackup(), backup, target))) {
            steps.add(new Step.UploadBackup(
                    ids.uploadBackup(), environment, roles.sourceRef(), roles.targetRef(), ids.backUp()));
        }
        steps.add(new Step.Restore(
                ids.restore(),
                environment,
                roles.sourceRef(),
                roles.targetRef(),
                ids.backUp(),
                byUpload ? ids.uploadBackup() : null));
    }

    /** Adds what is to be true of the restored data before the application moves to it. */
    private void addChecks(List<Step> steps, StepIds ids, Roles roles, boolean restored) {
        EnvironmentRef environment = seen.environment();
        Instance target = roles.target();
        Restore restore = restored && target != null ? Evidence.newestRestoreInto(seen, target) : null;
        if (fenced
                && spec.verification() != UpgradeSpec.Verification.NONE
                && (restore == null || !seen.databases().isVerified(restore, spec.verification()))) {
            steps.add(new Step.Verify(
                    ids.verify(), environment, roles.sourceRef(), roles.targetRef(), spec.verification()));
        }
        if (spec.analyze() && (restore == null || !seen.databases().analyzed().contains(restore.id()))) {
            steps.add(new Step.Analyze(ids.analyze(), environment, roles.targetRef()));
        }
    }

    /**
     * The swap of the prefixes and the deployment.
     *
     * @param moved whether the application runs on the target already: after the deployment, and in the middle of a
     *     rollback that is turned round
     */
    private void addCutover(List<Step> steps, StepIds ids, Roles roles, boolean moved) {
        EnvironmentRef environment = seen.environment();
        Instance source = roles.source();
        Instance target = roles.target();
        InstanceRef retired = roles.sourceRef().withPrefix(spec.retiredPrefix());
        InstanceRef promoted = roles.targetRef().withPrefix(roles.prefix());
        if (!roles.sourceRenamed()) {
            steps.add(new Step.RenamePrefix(ids.renameSource(), environment, roles.sourceRef(), spec.retiredPrefix()));
        }
        InstanceStatus sourceStatus = withdraw(steps, ids) ? InstanceStatus.ATTACHED : source.status();
        if (sourceStatus == InstanceStatus.ATTACHED) {
            steps.add(new Step.Detach(ids.detach(), environment, retired));
        }
        if (!roles.targetPromoted()) {
            steps.add(new Step.RenamePrefix(ids.renameTarget(), environment, roles.targetRef(), roles.prefix()));
        }
        boolean detached = target != null
                && (target.status() == InstanceStatus.DETACHED || target.status() == InstanceStatus.PENDING_DETACHMENT);
        if (detached || withdraw(steps, ids)) {
            steps.add(new Step.Attach(ids.attach(), environment, promoted));
        }
        // What is pending attachment cannot be detached before a deployment has attached it.
        boolean detachLate = sourceStatus == InstanceStatus.PENDING_ATTACHMENT;
        if (detachLate) {
            steps.add(new Step.Deploy(ids.deployFirst(), environment, retired, promoted, true));
            steps.add(new Step.Detach(ids.detach(), environment, retired));
            steps.add(new Step.Deploy(ids.deploy(), environment, retired, promoted, false));
        } else if (!moved || source.status().visibleToApplication()) {
            steps.add(new Step.Deploy(ids.deploy(), environment, retired, promoted, false));
        }
    }

    /** Adds what follows the move, where the spec wants it and nothing speaks against it. */
    private void addRetirement(List<Step> steps, StepIds ids, Roles roles, boolean moved) {
        Instance target = roles.target();
        Backup restored = target == null ? null : Evidence.restoredBackup(seen, roles.source(), target);
        InstanceRef retired = roles.sourceRef().withPrefix(spec.retiredPrefix());
        boolean isStopped = moved ? seen.databases().fence(roles.source()) != null : fenced;
        if (seen.databases().fencesStopApplication() && isStopped) {
            steps.add(new Step.LiftFence(ids.liftFence(), seen.environment(), retired));
        }
        boolean willBeRestored = hold(steps, Step.Kind.RESTORE);
        if (spec.downloadBackup()
                && (willBeRestored || (restored != null && !seen.downloads().contains(restored.id())))) {
            steps.add(new Step.DownloadBackup(ids.downloadBackup(), seen.environment(), retired, ids.backUp()));
        }
        if (spec.oldInstance() == UpgradeSpec.OldInstance.DELETE && isDue(steps, ids, roles, restored, moved)) {
            steps.add(new Step.DeleteService(
                    ids.deleteService(),
                    seen.environment(),
                    retired,
                    roles.targetRef().withPrefix(roles.prefix())));
        }
    }

    /** Whether this plan deletes the source: with the move, or after it once it is proven and the time is over. */
    private boolean isDue(List<Step> steps, StepIds ids, Roles roles, @Nullable Backup restored, boolean moved) {
        Instance target = roles.target();
        if (!moved || target == null) {
            Backup used = restored != null
                    ? restored
                    : Evidence.usableBackup(seen, spec, ids.backUp(), roles.source(), fenced, null);
            boolean taken = hold(steps, Step.Kind.BACK_UP);
            boolean outlivesItsFence = taken || used == null || !restsOnLiftedFence(used, seen.observedAt());
            return spec.retention().isZero() && outlivesItsFence;
        }
        boolean deploys = hold(steps, Step.Kind.DEPLOY);
        if (restored == null || (seen.deployedPrefixes() == null && !deploys) || lacksVerification(target)) {
            return false;
        }
        Instant movedAt = Evidence.movedAt(seen, target);
        if (restsOnLiftedFence(restored, movedAt == null && deploys ? seen.observedAt() : movedAt)) {
            return false;
        }
        blockUnlessMovedInTime(roles.source(), target, restored);
        return isOver(spec.retention(), target);
    }

    /**
     * Whether nothing but a fence that is lifted with the move tells that the source holds no more than its backup: then it is kept,
     * because what is deleted is gone.
     */
    private boolean restsOnLiftedFence(Backup restored, @Nullable Instant movedAt) {
        return seen.databases().fencesStopApplication() && !isInTime(restored, movedAt);
    }

    private boolean isInTime(Backup restored, @Nullable Instant movedAt) {
        return movedAt != null
                && !restored.startedAt().plus(spec.maximumBackupAge()).isBefore(movedAt);
    }

    /** Whether the data in the target was to be compared, and nothing shows that it was. */
    private boolean lacksVerification(Instance target) {
        Restore restore = Evidence.newestRestoreInto(seen, target);
        return fenced
                && spec.verification() != UpgradeSpec.Verification.NONE
                && (restore == null || !seen.databases().isVerified(restore, spec.verification()));
    }

    private boolean isOver(Duration retention, Instance target) {
        Instant movedAt = Evidence.movedAt(seen, target);
        return retention.isZero()
                || (movedAt != null && !movedAt.plus(retention).isAfter(seen.observedAt()));
    }

    private String whyNothingIsLeft(Roles roles) {
        Instance target = roles.target();
        if (target == null) {
            throw new IllegalStateException("an upgrade without a target is not over: " + seen.environment());
        }
        return findings.describe(target) + " has taken over; " + findings.describe(roles.source()) + " "
                + whyNotDeleted(roles.source(), target);
    }

    private String whyNotDeleted(Instance source, Instance target) {
        if (spec.oldInstance() == UpgradeSpec.OldInstance.KEEP) {
            return "is kept, detached.";
        }
        if (!Evidence.wasBackedUpByUs(seen, source)) {
            return "is not deleted, because no backup of it by divio4j is known: it may be somebody else's.";
        }
        Instant movedAt = Evidence.movedAt(seen, target);
        if (movedAt != null && !isOver(spec.retention(), target)) {
            return "is kept, detached, until " + movedAt.plus(spec.retention()) + ".";
        }
        if (lacksVerification(target)) {
            return "is not deleted, because nothing shows that it was compared with its successor.";
        }
        Backup restored = Evidence.restoredBackup(seen, source, target);
        if (restored == null) {
            return "is not deleted, because no finished restore by divio4j proves that its data was moved.";
        }
        return restsOnLiftedFence(restored, movedAt)
                ? "is not deleted, because the application moved later than " + spec.maximumBackupAge()
                        + " after the backup, and the fence that would show that nothing was written since is lifted. Compare the two,"
                        + " or allow an older backup (maximumBackupAge)."
                : "is not deleted, because it is not known which databases the application was deployed with.";
    }

    /** Somebody else's deployment may have moved the application long after ours failed. */
    private void blockUnlessMovedInTime(Instance source, Instance target, Backup restored) {
        Instant movedAt = Evidence.movedAt(seen, target);
        if (!isInTime(restored, movedAt) && !Evidence.isFenced(restored, seen, source)) {
            findings.block(
                    Reason.WRITES_MAY_BE_MISSING,
                    "The backup in " + findings.describe(target) + " was begun at " + restored.startedAt()
                            + ", and the application moved "
                            + (movedAt == null ? "nobody knows when" : "at " + movedAt)
                            + ", which may be later than the allowed " + spec.maximumBackupAge()
                            + ": what was written to " + findings.describe(source)
                            + " in between may be only there, so it is not deleted.",
                    "Compare the two databases, then delete " + source.prefix()
                            + " yourself; or keep it (oldInstance), or allow an older backup (maximumBackupAge).");
        }
    }

    private void checkMayBeOverwritten(Instance target) {
        if (target.status().visibleToApplication()) {
            findings.block(
                    Reason.TARGET_VISIBLE,
                    findings.describe(target) + " is " + target.statusText()
                            + ": the application can see it, and a restore would overwrite it under its hands.",
                    "Detach it, deploy and delete it; or choose another staging prefix (stagingPrefix).");
        } else if (target.status() == InstanceStatus.DETACHED && !Evidence.isOurs(seen, target)) {
            findings.block(
                    Reason.TARGET_NOT_OURS,
                    findings.describe(target) + " is detached and may hold data that a restore would overwrite.",
                    "Delete it if nobody needs it; or choose another staging prefix (stagingPrefix).");
        }
    }

    private void checkRestoreIsProven(Instance source, Instance target) {
        Backup restored = Evidence.restoredBackup(seen, source, target);
        String remedy = target.status().visibleToApplication()
                ? "The application can see " + findings.describe(target)
                        + " and may have written to it: compare the two databases first, then roll back (planRollback)."
                : "Roll back (planRollback), which loses nothing, and start again.";
        if (restored == null) {
            findings.block(
                    Reason.RESTORE_NOT_PROVEN,
                    "The prefixes were swapped, and no finished restore into " + findings.describe(target)
                            + " tells that it holds the data of " + findings.describe(source) + ".",
                    remedy);
        } else if (!isGoodEnough(restored, source) && seen.isDeploying()) {
            // It may move the application, and then it is the end of it that counts.
            findings.blockDeploying();
        } else if (spec.writes() == UpgradeSpec.WritesPolicy.FENCE_REQUIRED && !isGoodEnough(restored, source)) {
            findings.block(
                    Reason.NOT_FENCED,
                    "The prefixes were swapped, and nothing shows that " + findings.describe(source)
                            + " has refused writes since the backup in " + findings.describe(target)
                            + " was begun: what was written since would be lost.",
                    remedy + " Or accept the loss (writes).");
        } else if (lacksVerification(target)) {
            findings.block(
                    Reason.NOT_VERIFIED,
                    "The prefixes were swapped, and nothing shows that " + findings.describe(target)
                            + " was compared with " + findings.describe(source) + ".",
                    remedy + " Or do without the comparison (verification).");
        } else if (!isGoodEnough(restored, source)) {
            findings.block(
                    Reason.BACKUP_TOO_OLD,
                    "The prefixes were swapped, and the backup in " + findings.describe(target) + " was taken at "
                            + restored.startedAt() + ", which is longer ago than the allowed "
                            + spec.maximumBackupAge() + ": what was written since would be lost.",
                    remedy + " Or allow an older backup (maximumBackupAge).");
        }
    }

    /** Whether what was restored is all of the source's data, as far as the spec asks for that. */
    private boolean isGoodEnough(Backup restored, Instance source) {
        return spec.writes() == UpgradeSpec.WritesPolicy.FENCE_REQUIRED
                ? Evidence.isFenced(restored, seen, source)
                : Evidence.isFresh(restored, seen, spec, source);
    }
}
