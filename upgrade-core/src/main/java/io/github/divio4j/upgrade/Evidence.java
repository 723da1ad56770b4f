package io.github.divio4j.upgrade;

import io.github.divio4j.upgrade.Observation.Backup;
import io.github.divio4j.upgrade.Observation.Instance;
import io.github.divio4j.upgrade.Observation.Restore;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What backups and restores prove about the data of source and target. */
final class Evidence {

    private Evidence() {}

    /** Whether a good backup of the instance carries our note: without it, a detached database may be anybody's. */
    static boolean wasBackedUpByUs(Observation now, Instance source) {
        for (Backup backup : now.backups()) {
            if (backup.state() == OperationState.SUCCEEDED
                    && backup.note().instanceId().equals(source.id())) {
                return true;
            }
        }
        return false;
    }

    /** Whether we ever began to fill the instance: then whatever it held before is gone already. */
    private static boolean wasFilledByUs(Observation now, Instance target) {
        return newestRestoreInto(now, target) != null;
    }

    /** Whether the instance is ours: we filled it, or claimed it while it was new. */
    static boolean isOurs(Observation now, Instance target) {
        return wasFilledByUs(now, target) || claimOf(now, target) != null;
    }

    /** The newest backup whose note claims the instance; null if there is none. */
    static @Nullable Backup claimOf(Observation now, Instance target) {
        Backup newest = null;
        for (Backup backup : now.backups()) {
            OperationNote note = backup.note();
            if (target.id().equals(note.target()) && note.copyOf() == null) {
                newest = backup;
            }
        }
        return newest;
    }

    /** Whether a good copy of the backup is there, for the target. */
    static boolean isUploaded(Observation now, StepId upload, Backup backup, @Nullable Instance target) {
        if (target == null) {
            return false;
        }
        for (Backup copy : now.backups()) {
            OperationNote note = copy.note();
            if (note.step().equals(upload)
                    && backup.id().equals(note.copyOf())
                    && target.id().equals(note.target())
                    && copy.state() == OperationState.SUCCEEDED) {
                return true;
            }
        }
        return false;
    }

    /** Whether a restore of ours into the instance runs. */
    static boolean isBeingFilled(Observation now, Instance target) {
        Restore newest = newestRestoreInto(now, target);
        return newest != null && newest.state() == OperationState.RUNNING;
    }

    /**
     * Whether a backup of ours runs that is not of this step: somebody gave the source another prefix meanwhile. A copy does not
     * count: nothing is read for it, and one that broke off never ends.
     */
    static boolean otherBackupRuns(Observation now, StepId step) {
        return anyBackup(now, b -> isRead(b) && !b.note().step().equals(step));
    }

    /** Whether a backup of ours runs that does not claim the target: somebody deleted the one before it meanwhile. */
    static boolean backupRunsBesideClaim(Observation now, @Nullable Instance target) {
        return anyBackup(
                now,
                b -> isRead(b)
                        && (target == null || !target.id().equals(b.note().target())));
    }

    private static boolean isRead(Backup backup) {
        return backup.state() == OperationState.RUNNING && backup.note().copyOf() == null;
    }

    private static boolean anyBackup(Observation now, Predicate<Backup> wanted) {
        for (Backup backup : now.backups()) {
            if (wanted.test(backup)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a restore of ours runs that is not the one of this backup into this target. */
    static boolean otherRestoreRuns(Observation now, @Nullable Backup backup, @Nullable Instance target) {
        for (Restore restore : now.restores()) {
            boolean same = backup != null
                    && target != null
                    && restore.backupId().equals(backup.id())
                    && restore.note().instanceId().equals(target.id());
            if (restore.state() == OperationState.RUNNING && !same) {
                return true;
            }
        }
        return false;
    }

    /**
     * The backup whose data the target holds: the newest restore of ours into it ended well, and was of a good backup of
     * the source. Null if nothing proves that.
     */
    static @Nullable Backup restoredBackup(Observation now, Instance source, Instance target) {
        Restore newest = newestRestoreInto(now, target);
        if (newest == null || newest.state() != OperationState.SUCCEEDED) {
            return null;
        }
        for (Backup backup : now.backups()) {
            if (backup.id().equals(newest.backupId())
                    && backup.note().instanceId().equals(source.id())
                    && backup.state() == OperationState.SUCCEEDED) {
                return backup;
            }
        }
        return null;
    }

    static @Nullable Restore newestRestoreInto(Observation now, Instance target) {
        Restore newest = null;
        for (Restore restore : now.restores()) {
            if (restore.note().instanceId().equals(target.id())) {
                newest = restore;
            }
        }
        return newest;
    }

    /**
     * The newest backup of the source by this step, if it ended well, holds what the source holds, and was begun after the
     * application ran on something else for the last time.
     *
     * @param fenced whether only a fence counts, and not the backup's age
     * @param notBefore see {@link #notBefore}
     */
    static @Nullable Backup usableBackup(
            Observation now,
            UpgradeSpec spec,
            StepId step,
            Instance source,
            boolean fenced,
            @Nullable Instant notBefore) {
        Backup newest = newestBackup(now, step, source);
        boolean usable = newest != null
                && newest.state() == OperationState.SUCCEEDED
                && (fenced ? isFenced(newest, now, source) : isFresh(newest, now, spec, source))
                && (notBefore == null || !newest.startedAt().isBefore(notBefore));
        return usable ? newest : null;
    }

    /** Whether a backup of this step runs that was not begun under the fence around its source. */
    static boolean unfencedBackupRuns(Observation now, StepId step, Instance source) {
        Backup newest = newestBackup(now, step, source);
        return newest != null && newest.state() == OperationState.RUNNING && !isFenced(newest, now, source);
    }

    private static @Nullable Backup newestBackup(Observation now, StepId step, Instance source) {
        Backup newest = null;
        for (Backup backup : now.backups()) {
            if (isOf(backup, step, source)) {
                newest = backup;
            }
        }
        return newest;
    }

    /** Whether the source has refused writes since before the backup was begun: both tell of the same fence. */
    static boolean isFenced(Backup backup, Observation now, Instance source) {
        DatabaseFacts.Fence fence = now.databases().fence(source);
        return fence != null
                && fence.holds()
                && fence.token().equals(backup.note().fence());
    }

    /** Whether nothing, or little enough, was written to the source since the backup. */
    static boolean isFresh(Backup backup, Observation now, UpgradeSpec spec, Instance source) {
        return !backup.startedAt().plus(spec.maximumBackupAge()).isBefore(now.observedAt())
                || isFenced(backup, now, source);
    }

    /** The ids of this step's backups that must not be taken for a new one. */
    static Set<String> unusableBackups(Observation now, StepId step, Instance source) {
        Set<String> unusable = null;
        for (Backup backup : now.backups()) {
            if (isOf(backup, step, source) && backup.state() != OperationState.RUNNING) {
                unusable = unusable == null ? new HashSet<>() : unusable;
                unusable.add(backup.id());
            }
        }
        return unusable == null ? Set.of() : unusable;
    }

    private static boolean isOf(Backup backup, StepId step, Instance source) {
        return backup.note().step().equals(step) && backup.note().instanceId().equals(source.id());
    }

    /** Whether the newest restore of this step into the target ended well, and was of this backup. */
    static boolean isRestored(Observation now, StepId step, Backup backup, @Nullable Instance target) {
        if (target == null) {
            return false;
        }
        List<Restore> restores = now.restores();
        for (int i = restores.size() - 1; i >= 0; i--) {
            Restore restore = restores.get(i);
            if (restore.note().step().equals(step)
                    && restore.note().instanceId().equals(target.id())) {
                return restore.state() == OperationState.SUCCEEDED
                        && restore.backupId().equals(backup.id());
            }
        }
        return false;
    }

    /**
     * The moment before which backups prove nothing. A target that is detached was attached once: the application may
     * have run on it until the newest deployment, and written to it or, afterwards, to the source.
     */
    static @Nullable Instant notBefore(Observation now, @Nullable Instance target) {
        Observation.Deployment latest = now.latestDeployment();
        return target != null && target.status() == InstanceStatus.DETACHED && latest != null ? latest.endedAt() : null;
    }

    /**
     * When the application moved to the target: the end of the first good deployment after the newest restore into it
     * began. Null if none is known.
     */
    static @Nullable Instant movedAt(Observation now, Instance target) {
        Restore restore = newestRestoreInto(now, target);
        for (Observation.Deployment deployment : now.deployments()) {
            Instant endedAt = deployment.endedAt();
            if (restore != null
                    && deployment.state() == OperationState.SUCCEEDED
                    && endedAt != null
                    && endedAt.isAfter(restore.startedAt())) {
                return endedAt;
            }
        }
        return null;
    }

    /**
     * Whether the application runs on the target in the place of the source: it sees the target, was deployed with the
     * original prefix, and that was not the source's at the time, because the source was not there or carried another.
     *
     * @param prefix the original prefix: the one that the application knows
     */
    static boolean runsOnTarget(
            Observation now, Instance target, Instance source, String prefix, String retiredPrefix) {
        if (!source.status().visibleToApplication()) {
            return runsOnlyOn(now, target, source, prefix);
        }
        Set<String> deployed = now.deployedPrefixes();
        return target.status().visibleToApplication()
                && deployed != null
                && deployed.contains(prefix)
                && deployed.contains(retiredPrefix);
    }

    /**
     * Whether the application runs on one of the two and cannot see the other, as far as statuses and the names of its
     * variables tell. A platform that does not tell the names is taken at its statuses' word.
     *
     * @param prefix the original prefix: the one that the application knows
     */
    static boolean runsOnlyOn(Observation now, Instance instance, @Nullable Instance other, String prefix) {
        if (!instance.status().visibleToApplication()
                || (other != null && other.status().visibleToApplication())) {
            return false;
        }
        Set<String> deployed = now.deployedPrefixes();
        boolean knowsOther = deployed != null
                && other != null
                && !other.prefix().equals(prefix)
                && deployed.contains(other.prefix());
        return deployed == null || (deployed.contains(prefix) && !knowsOther);
    }
}
