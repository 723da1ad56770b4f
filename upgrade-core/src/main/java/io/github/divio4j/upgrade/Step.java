package io.github.divio4j.upgrade;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One thing to do to one environment. A step is data: it says what is to be true afterwards, and an executor makes it
 * so. Every step can be executed again without harm.
 *
 * <p>Steps name service instances by role, service and prefix ({@link InstanceRef}), because the target has no id when
 * the plan is made. Java 17 has no pattern switch: switch over {@link #kind()}, whose expression form the compiler
 * checks. Minor releases may add kinds.
 */
public sealed interface Step {

    /** The steps' kinds, in the order in which they happen in an environment. */
    enum Kind {
        /** Step 2 of Divio's manual. */
        ADD_SERVICE(Phase.PREPARE),
        /** Not in Divio's manual: what shows later that a target was ours before a deployment attached it. */
        CLAIM_TARGET(Phase.PREPARE),
        /** Step 3 of Divio's manual. */
        PROVISION(Phase.PREPARE),
        /** Not in Divio's manual. */
        PREFLIGHT(Phase.MIGRATE),
        /** Not in Divio's manual, which loses what is written from here on. */
        FENCE_WRITES(Phase.MIGRATE),
        /** Step 5 of Divio's manual. */
        BACK_UP(Phase.MIGRATE),
        /** Not in Divio's manual: half of another way to do step 7. */
        UPLOAD_BACKUP(Phase.MIGRATE),
        /** Step 7 of Divio's manual. */
        RESTORE(Phase.MIGRATE),
        /** Not in Divio's manual. */
        VERIFY(Phase.MIGRATE),
        /** Not in Divio's manual. */
        ANALYZE(Phase.MIGRATE),
        /** Steps 8 and 10 of Divio's manual. */
        RENAME_PREFIX(Phase.MIGRATE),
        /** Step 9 of Divio's manual. */
        DETACH(Phase.MIGRATE),
        /** The opposite of step 9: needed on the way back, and for a target that was detached before. */
        ATTACH(Phase.MIGRATE),
        /**
         * The opposite of {@link #FENCE_WRITES}: on the way back; and after the deployment, if the fence stops the application
         * itself.
         */
        LIFT_FENCE(Phase.MIGRATE),
        /** Step 11 of Divio's manual. */
        DEPLOY(Phase.MIGRATE),
        /** Step 6 of Divio's manual, done later: a download before the restore would lengthen the unprotected window. */
        DOWNLOAD_BACKUP(Phase.RETIRE),
        /** Step 12 of Divio's manual. */
        DELETE_SERVICE(Phase.RETIRE);

        private final Phase phase;

        Kind(Phase phase) {
            this.phase = phase;
        }

        /** Whether steps of this kind are done inside a database, to which the platform gives no access. */
        public boolean isInsideDatabase() {
            return this == PREFLIGHT || this == FENCE_WRITES || this == VERIFY || this == ANALYZE || this == LIFT_FENCE;
        }

        /** The phase that steps of this kind belong to. */
        public Phase phase() {
            return phase;
        }
    }

    /** The parts of an upgrade. All environments are prepared before the first one is migrated. */
    enum Phase {
        /** The target is set up beside the source; the application notices nothing. */
        PREPARE,
        /** The data is copied and the application moves over. */
        MIGRATE,
        /** The backup is stored and the source is deleted: the point of no return. */
        RETIRE
    }

    /** What identifies the step, today and in any later plan of the same upgrade. */
    StepId id();

    /** The environment it changes. */
    EnvironmentRef environment();

    /** Which of the nested records this is. */
    Kind kind();

    /** One line for people: {@code back up PostgreSQL Database 13 (DEFAULT)}. */
    String describe();

    /**
     * Adds an instance of the new version beside the old one.
     *
     * <p>Before: nothing of type DATABASE carries the staging prefix. After: the target exists, with status new. Undo:
     * delete it. A crash in it leaves the target there or not there; the next look tells.
     *
     * @param target the instance to add, under the staging prefix
     * @param regionId where to add it: the source's region
     */
    record AddService(StepId id, EnvironmentRef environment, InstanceRef target, String regionId) implements Step {
        /** Checks that nothing is missing. */
        public AddService {
            requireNonNull(id, "id");
            requireNonNull(environment, "environment");
            requireNonNull(target, "target");
            requireNonNull(regionId, "regionId");
        }

        @Override
        public Kind kind() {
            return Kind.ADD_SERVICE;
        }

        @Override
        public String describe() {
            return "add " + target;
        }
    }

    /**
     * Takes a backup of the source whose note names the target, as long as the target is new. A target that was attached since
     * is known by it: it was empty, and nobody else's.
     *
     * <p>Before: the target has status new. After: the backup has ended well. It is never restored. A crash in it leaves the
     * backup there or not there; the next look tells.
     *
     * @param source the instance to back up, under its original prefix
     * @param target the instance to claim, under the staging prefix
     */
    record ClaimTarget(StepId id, EnvironmentRef environment, InstanceRef source, InstanceRef target) implements Step {
        /** Checks that nothing is missing. */
        public ClaimTarget {
            requireNonNull(id, "id");
            requireNonNull(environment, "environment");
            requireNonNull(source, "source");
            requireNonNull(target, "target");
        }

        @Override
        public Kind kind() {
            return Kind.CLAIM_TARGET;
        }

        @Override
        public String describe() {
            return "claim " + target + " by the note of a backup of " + source;
        }
    }

    /**
     * Sets the target up, so that it can be filled while the application still runs on the source.
     *
     * <p>Before: the target is new. After: it is pending attachment: it works, and the application does not see it.
     *
     * @param target the instance to provision, under the staging prefix
     */
    record Provision(StepId id, EnvironmentRef environment, InstanceRef target) implements Step {
        /** Checks that nothing is missing. */
        public Provision {
            requireNonNull(id, "id");
            requireNonNull(environment, "environment");
            requireNonNull(target, "target");
        }

        @Override
        public Kind kind() {
            return Kind.PROVISION;
        }

        @Override
        public String describe() {
            return "provision " + target;
        }
    }

    /**
     * Looks for what would break the restore, or get lost by it, before anything is begun. What it finds that blocks the restore
     * becomes blockers of the plan.
     *
     * <p>Before: the source carries the original prefix, and the target is set up, invisible to the application and empty. After: it is
     * {@linkplain DatabaseFacts#preflights() known} what stands in the way. No data is changed, so there is nothing to undo; a crash in
     * it means that it is done again.
     *
     * @param source the instance to look at, under its original prefix
     * @param target the instance to move to, under the staging prefix
     */
    record Preflight(StepId id, EnvironmentRef environment, InstanceRef source, InstanceRef target) implements Step {
        /** Checks that nothing is missing. */
        public Preflight {
            requireNonNull(id, "id");
            requireNonNull(environment, "environment");
            requireNonNull(source, "source");
            requireNonNull(target, "target");
        }

        @Override
        public Kind kind() {
            return Kind.PREFLIGHT;
        }

        @Override
        public String describe() {
            return "look for what would break the move of " + source + " to " + target;
        }
    }

    /**
     * Keeps the application from writing to the source, so that the backup holds all that it ever wrote. It goes on reading.
     *
     * <p>Before: the application runs on the source. After: the source refuses writes, and that was tried. Undo: lift the
     * fence. A crash in it leaves the fence up or not; the next look tells, and lifts it only on the way back.
     *
     * @param source the instance, under its original prefix
     */
    record FenceWrites(StepId id, EnvironmentRef environment, InstanceRef source) implements Step {
        /** Checks that nothing is missing. */
        public FenceWrites {
            requireNonNull(id, "id");
            requireNonNull(environment, "environment");
            requireNonNull(source, "source");
        }

        @Override
        public Kind kind() {
            return Kind.FENCE_WRITES;
        }

        @Override
        public String describe() {
            return "refuse writes to " + source;
        }
    }

    /**
     * Takes a backup of the source. Without a fence this opens the unprotected window: what the application writes from the backup's snapshot
     * until the deployment is not in the target.
     *
     * @param source the instance to back up, under its original prefix
     * @param unusable ids of earlier backups of this step that failed or grew too old; a backup that is not among them
     *     is this step's own
     */
    record BackUp(StepId id, EnvironmentRef environment, InstanceRef source, Set<String> unusable) implements Step {
        /** Checks that nothing is missing. */
        public BackUp {
            requireNonNull(id, "id");
            requireNonNull(environment, "environment");
            requireNonNull(source, "source");
            unusable = unusable.isEmpty() ? Set.of() : Collections.unmodifiableSet(new TreeSet<>(unusable));
        }

        @Override
        public Kind kind() {
            return Kind.BACK_UP;
        }

        @Override
        public String describe() {
            return "back up " + source;
        }
    }

    /**
     * Downloads the backup and uploads it as a backup of the target, for platforms on which a restore cannot name a target.
     *
     * <p>Before: the backup ended well. After: a backup of the target holds the source's data; its note names the backup it is
     * a copy of. A crash in it leaves nothing, or a copy that is found again.
     *
     * @param source the instance that was backed up
     * @param target the instance to become a backup of, under the staging prefix
     * @param backUp the step whose newest good backup is copied
     */
    record UploadBackup(StepId id, EnvironmentRef environment, InstanceRef source, InstanceRef target, StepId backUp)
            implements Step {
        /** Checks that nothing is missing. */
        public UploadBackup {
            requireNonNull(id, "id");
            requireNonNull(environment, "environment");
            requireNonNull(source, "source");
            requireNonNull(target, "target");
            requireNonNull(backUp, "backUp");
        }

        @Override
        public Kind kind() {
            return Kind.UPLOAD_BACKUP;
        }

        @Override
        public String describe() {
            return "upload the backup as one of " + target;
        }
    }

    /**
     * Restores the backup into the target, overwriting what is in it.
     *
     * <p>Before: the target is invisible to the application and carries the staging prefix; the backup ended well. A crash
     * in it leaves a target that holds anything or nothing; it is overwritten by the next restore.
     *
     * @param source the instance that was backed up
     * @param target the instance to fill, under the staging prefix
     * @param backUp the step whose newest good backup is restored
     * @param upload the step that made a copy of that backup: the copy is restored, which is the target's own; null to
     *     restore the backup, naming the target
     */
    record Restore(
            StepId id,
            EnvironmentRef environment,
            InstanceRef source,
            InstanceRef target,
            StepId backUp,
            @Nullable StepId upload)
            implements Step {
        /** Checks that nothing is missing. */
        public Restore {
            requireNonNull(id, "id");
            requireNonNull(environment, "environment");
            requireNonNull(source, "source");
            requireNonNull(target, "target");
            requireNonNull(backUp, "backUp");
        }

        @Override
        public Kind kind() {
            return Kind.RESTORE;
        }

        @Override
        public String describe() {
            return "restore the backup into " + target;
        }
    }

    /**
     * Compares the target with the source.
     *
     * <p>Before: the restore ended well, the source refuses writes, and the application has not moved. After: what was compared
     * was the same. Otherwise the step fails and says what differs. It changes nothing.
     *
     * @param source the instance that was backed up, under its original prefix
     * @param target the instance that was filled, under the staging prefix
     * @param level how thoroughly to compare
     */
    record Verify(
            StepId id,
            EnvironmentRef environment,
            InstanceRef source,
            InstanceRef target,
            UpgradeSpec.Verification level)
            implements Step {
        /** Checks that nothing is missing. */
        public Verify {
            requireNonNull(id, "id");
            requireNonNull(environment, "environment");
            requireNonNull(source, "source");
            requireNonNull(target, "target");
            requireNonNull(level, "level");
        }

        @Override
        public Kind kind() {
            return Kind.VERIFY;
        }

        @Override
        public String describe() {
            return "compare " + target + " with " + source + " (" + level.name().toLowerCase(Locale.ROOT) + ")";
        }
    }

    /**
     * Collects statistics of the target: a restore brings none (PostgreSQL, {@code pg_restore}), and without them the planner
     * of queries guesses.
     *
     * <p>Before: the restore ended well. After: no column lacks statistics. Running it again does no harm.
     *
     * @param target the instance that was filled, under the staging prefix
     */
    record Analyze(StepId id, EnvironmentRef environment, InstanceRef target) implements Step {
        /** Checks that nothing is missing. */
        public Analyze {
            requireNonNull(id, "id");
            requireNonNull(environment, "environment");
            requireNonNull(target, "target");
        }

        @Override
        public Kind kind() {
            return Kind.ANALYZE;
        }

        @Override
        public String describe() {
            return "collect statistics of " + target;
        }
    }

    /**
     * Gives an instance another prefix. The running application notices nothing before the next deployment.
     *
     * <p>Before: no deployment runs and the new prefix is free. Undo: rename it back.
     *
     * @param instance the instance, under the prefix it carries before
     * @param to the prefix it carries afterwards
     */
    record RenamePrefix(StepId id, EnvironmentRef environment, InstanceRef instance, String to) implements Step {
        /** Checks that nothing is missing. */
        public RenamePrefix {
            requireNonNull(id, "id");
            requireNonNull(environment, "environment");
            requireNonNull(instance, "instance");
            requireNonNull(to, "to");
        }

        @Override
        public Kind kind() {
            return Kind.RENAME_PREFIX;
        }

        @Override
        public String describe() {
            return "rename " + instance + " to " + to;
        }
    }

    /**
     * Asks for an instance to be detached with the next deployment. The application goes on using it until then.
     *
     * <p>Before: it is attached. After: it is pending detachment. Undo: attach it.
     *
     * @param instance the instance: the source of an upgrade, the target of a rollback
     */
    record Detach(StepId id, EnvironmentRef environment, InstanceRef instance) implements Step {
        /** Checks that nothing is missing. */
        public Detach {
            requireNonNull(id, "id");
            requireNonNull(environment, "environment");
            requireNonNull(instance, "instance");
        }

        @Override
        public Kind kind() {
            return Kind.DETACH;
        }

        @Override
        public String describe() {
            return "detach " + instance;
        }
    }

    /**
     * Asks for an instance to be given to the application with the next deployment; or takes back that it was to be
     * detached.
     *
     * <p>Before: it is detached, and pending attachment afterwards; or it is pending detachment, and attached afterwards.
     * Undo: detach it, once it is attached.
     *
     * @param instance the instance: the source of a rollback, or a target that was detached before its upgrade
     */
    record Attach(StepId id, EnvironmentRef environment, InstanceRef instance) implements Step {
        /** Checks that nothing is missing. */
        public Attach {
            requireNonNull(id, "id");
            requireNonNull(environment, "environment");
            requireNonNull(instance, "instance");
        }

        @Override
        public Kind kind() {
            return Kind.ATTACH;
        }

        @Override
        public String describe() {
            return "attach " + instance;
        }
    }

    /**
     * Lifts the fence that was raised around the source. One that keeps writes from the source alone is lifted only on the way back;
     * one that {@linkplain DatabaseFacts#fencesStopApplication stops the application} is lifted once it has moved, too.
     *
     * <p>Before: the source carries the original prefix, so that nothing but the way back can come to it; or the application has
     * moved. After: the application can write, and the source has the settings that it had before the fence.
     *
     * @param source the instance, under the prefix it carries
     */
    record LiftFence(StepId id, EnvironmentRef environment, InstanceRef source) implements Step {
        /** Checks that nothing is missing. */
        public LiftFence {
            requireNonNull(id, "id");
            requireNonNull(environment, "environment");
            requireNonNull(source, "source");
        }

        @Override
        public Kind kind() {
            return Kind.LIFT_FENCE;
        }

        @Override
        public String describe() {
            return "lift the fence of " + source;
        }
    }

    /**
     * Deploys the environment, which moves the application. In an upgrade this closes the unprotected window.
     *
     * <p>After: {@code to} is attached, {@code from} is not. If it fails, the platform keeps the application where it was,
     * with its old variables.
     *
     * @param from the instance to leave, under its other prefix; null if there is none
     * @param to the instance to move to, under the original prefix
     * @param attachesFrom whether this deployment attaches {@code from}, too: it waits for that, and the platform detaches
     *     only what was attached before, so another deployment follows that takes it away
     */
    record Deploy(
            StepId id, EnvironmentRef environment, @Nullable InstanceRef from, InstanceRef to, boolean attachesFrom)
            implements Step {
        /** Checks that nothing is missing. */
        public Deploy {
            requireNonNull(id, "id");
            requireNonNull(environment, "environment");
            requireNonNull(to, "to");
        }

        @Override
        public Kind kind() {
            return Kind.DEPLOY;
        }

        @Override
        public String describe() {
            return attachesFrom
                    ? "deploy, which attaches " + from + " so that it can be detached"
                    : "deploy, which moves the application to " + to;
        }
    }

    /**
     * Stores the backup that was restored as a file, before the source is deleted.
     *
     * <p>Before: the backup ended well and was restored. After: the dump is complete where the executor keeps downloads. A
     * crash in it leaves nothing that looks complete.
     *
     * @param source the instance that was backed up, under the retired prefix
     * @param backUp the step whose backup was restored
     */
    record DownloadBackup(StepId id, EnvironmentRef environment, InstanceRef source, StepId backUp) implements Step {
        /** Checks that nothing is missing. */
        public DownloadBackup {
            requireNonNull(id, "id");
            requireNonNull(environment, "environment");
            requireNonNull(source, "source");
            requireNonNull(backUp, "backUp");
        }

        @Override
        public Kind kind() {
            return Kind.DOWNLOAD_BACKUP;
        }

        @Override
        public String describe() {
            return "download the backup of " + source;
        }
    }

    /**
     * Deletes an instance with all its data. For the source of an upgrade this is the point of no return.
     *
     * <p>Before: the instance is detached (or was never set up), and its successor is attached under the original prefix
     * since a successful deployment.
     *
     * @param instance the instance to delete: the source of an upgrade, under the retired prefix; or the target of a
     *     rollback, under the staging prefix
     * @param successor the instance that the application runs on, under the original prefix
     */
    record DeleteService(StepId id, EnvironmentRef environment, InstanceRef instance, InstanceRef successor)
            implements Step {
        /** Checks that nothing is missing. */
        public DeleteService {
            requireNonNull(id, "id");
            requireNonNull(environment, "environment");
            requireNonNull(instance, "instance");
            requireNonNull(successor, "successor");
        }

        @Override
        public Kind kind() {
            return Kind.DELETE_SERVICE;
        }

        @Override
        public String describe() {
            return "delete " + instance
                    + (instance.role() == InstanceRef.Role.SOURCE ? " (point of no return)" : " with what it holds");
        }
    }
}
