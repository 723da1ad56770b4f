package io.github.divio4j.upgrade.run;

import static java.util.Objects.requireNonNull;

import io.github.divio4j.upgrade.Blocker;
import io.github.divio4j.upgrade.DatabaseFacts;
import io.github.divio4j.upgrade.EnvironmentPlan;
import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.Observation.Backup;
import io.github.divio4j.upgrade.Observation.Instance;
import io.github.divio4j.upgrade.Observation.Restore;
import io.github.divio4j.upgrade.OperationState;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.StepId;
import io.github.divio4j.upgrade.UpgradePlanner;
import io.github.divio4j.upgrade.UpgradePlanner.TargetAfterRollback;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.UpgradeSpec.Verification;
import io.github.divio4j.upgrade.testing.SimulatedWorld;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Sees what each order changed in the world and whether it ever may. It looks at the world itself: what the runner believes
 * and what the library's own checks say does not count.
 */
final class Judge {

    private final SimulatedWorld world;
    private final UpgradeSpec spec;
    /** The prefix that the application knows. */
    private final String prefix;

    private final String older;
    private final String newer;
    private final Consumer<String> onViolation;
    private final Map<EnvironmentRef, Watched> records = new LinkedHashMap<>();
    private final Map<Long, Row> rows = new HashMap<>();
    private final List<String> violations = new ArrayList<>();

    /** Where and when the application wrote a row. */
    private record Row(String instance, Instant at) {}

    /** An order whose answer nobody got: what it began, if anything. */
    private record Lost(StepId step, @Nullable String operation) {}

    /** What is known of one environment. */
    private static final class Watched {
        final String source;
        final Map<String, Set<Long>> snapshots = new HashMap<>();
        @Nullable String application;
        @Nullable Lost lost;
        /** Whether somebody else renamed, deleted or let expire something: what is lost then is not ours to answer for. */
        boolean meddledWith;
        /** Whether somebody else deployed: then what waited for a deployment became visible. */
        boolean deployedByOthers;

        Watched(String source) {
            this.source = source;
            this.application = source;
        }
    }

    Judge(SimulatedWorld world, UpgradeSpec spec, String prefix, String older, String newer, Consumer<String> onViolation) {
        this.world = world;
        this.spec = spec;
        this.prefix = prefix;
        this.older = older;
        this.onViolation = onViolation;
        this.newer = newer;
    }

    void watch(EnvironmentRef environment, String source) {
        records.put(environment, new Watched(source));
    }

    List<String> violations() {
        return violations;
    }

    private Watched record(EnvironmentRef environment) {
        return requireNonNull(records.get(environment));
    }

    private void violated(EnvironmentRef environment, String what) {
        violations.add(environment + ": " + what);
        onViolation.accept(environment + ": " + what);
    }

    // What others do

    void wrote(long row, String instance) {
        rows.put(row, new Row(instance, world.now()));
    }

    void deployedByOthers(EnvironmentRef environment) {
        record(environment).deployedByOthers = true;
    }

    void meddledWith(EnvironmentRef environment) {
        record(environment).meddledWith = true;
    }

    boolean isMeddledWith(EnvironmentRef environment) {
        return record(environment).meddledWith;
    }

    boolean isDeployedByOthers(EnvironmentRef environment) {
        return record(environment).deployedByOthers;
    }

    String source(EnvironmentRef environment) {
        return record(environment).source;
    }

    // What an order changed

    /** Whether anything was changed. */
    static boolean isChanged(Observation before, Observation after) {
        return !before.instances().equals(after.instances())
                || before.backups().size() != after.backups().size()
                || before.restores().size() != after.restores().size()
                || before.deployments().size() != after.deployments().size()
                || !before.downloads().equals(after.downloads())
                || !before.databases().equals(after.databases());
    }

    /**
     * Judges what an order changed.
     *
     * @param answered whether the caller got an answer
     */
    void changed(
            Step step,
            Observation before,
            Observation after,
            boolean answered) {
        EnvironmentRef environment = step.environment();
        Watched record = record(environment);
        boolean stores = step.kind() == Step.Kind.DOWNLOAD_BACKUP;
        if (before.isDeploying() && !stores) {
            violated(environment, "\"" + step.describe() + "\" changed something while a deployment ran");
        }
        checkNotSentAgain(step, before, record);
        String begun = null;
        boolean backingUp = before.backups().stream().anyMatch(b -> b.state() == OperationState.RUNNING && !isCopy(b));
        for (Backup backup : added(before.backups(), after.backups())) {
            begun = backup.id();
            record.snapshots.put(backup.id(), world.rows(backup.note().instanceId()));
            if (backingUp && !isCopy(backup)) {
                violated(environment, "a second backup was begun while one ran");
            }
            backingUp |= !isCopy(backup);
        }
        for (Restore restore : added(before.restores(), after.restores())) {
            begun = restore.id();
            checkRestore(restore, before, record);
        }
        if (after.deployments().size() > before.deployments().size()) {
            begun = requireNonNull(after.latestDeployment()).id();
            checkDeployment(before, record);
        }
        for (Instance instance : added(before.instances(), after.instances())) {
            if (before.instances().stream().noneMatch(i -> i.id().equals(instance.id()))) {
                checkAdded(instance, before, record);
            }
        }
        for (Instance instance : before.instances()) {
            if (after.instances().stream().noneMatch(i -> i.id().equals(instance.id()))) {
                checkDeleted(instance, step, before, record);
            }
        }
        checkFences(before, after, record);
        boolean prepares =
                switch (step.kind()) {
                    case ADD_SERVICE,
                            CLAIM_TARGET,
                            PROVISION,
                            PREFLIGHT,
                            FENCE_WRITES,
                            BACK_UP,
                            UPLOAD_BACKUP,
                            RESTORE,
                            VERIFY,
                            ANALYZE -> true;
                    case RENAME_PREFIX, DETACH, ATTACH, LIFT_FENCE, DEPLOY, DOWNLOAD_BACKUP, DELETE_SERVICE -> false;
                };
        if (prepares && isRenamed(before, record)) {
            violated(environment, "\"" + step.describe() + "\" between the first rename and the deployment");
        }
        record.lost = answered ? null : new Lost(step.id(), begun);
        checkThereIsAPlanBothWays(after, record);
    }

    /** A copy reads nothing from the database. */
    private static boolean isCopy(Backup backup) {
        return backup.note().copyOf() != null;
    }

    /** Nobody may write to a database again that the application has left, or is about to leave. */
    private void checkFences(Observation before, Observation after, Watched record) {
        for (String instance : before.databases().fences().keySet()) {
            boolean lifted = !after.databases().fences().containsKey(instance)
                    && after.instances().stream().anyMatch(i -> i.id().equals(instance));
            boolean comesBack = after.instances().stream()
                    .anyMatch(i -> i.id().equals(instance) && i.prefix().equals(prefix));
            if (lifted && !comesBack && !record.meddledWith) {
                violated(before.environment(), "the fence around " + instance + " was lifted in the middle of an upgrade");
            }
        }
    }

    private static <T> List<T> added(List<T> before, List<T> after) {
        return after.size() == before.size() && after.equals(before)
                ? List.of()
                : after.stream().filter(a -> !before.contains(a)).toList();
    }

    /** Whether the database that the application uses has given up its prefix, and nobody but us did that. */
    private boolean isRenamed(Observation now, Watched record) {
        return !record.meddledWith
                && now.instances().stream()
                        .anyMatch(i -> i.id().equals(record.application)
                                && i.prefix().equals(spec.retiredPrefix()));
    }

    private void checkNotSentAgain(Step step, Observation before, Watched record) {
        Lost lost = record.lost;
        if (lost == null || !lost.step().equals(step.id()) || record.meddledWith) {
            return;
        }
        boolean tookEffect = lost.operation() == null
                || before.backups().stream()
                        .anyMatch(b -> b.id().equals(lost.operation())
                                && (b.state() == OperationState.RUNNING
                                        || (b.state() == OperationState.SUCCEEDED && isSurelyFresh(b))))
                || before.restores().stream()
                        .anyMatch(r -> r.id().equals(lost.operation()) && r.state() != OperationState.FAILED)
                || before.deployments().stream()
                        .anyMatch(d -> d.id().equals(lost.operation()) && d.state() != OperationState.FAILED);
        if (tookEffect && !record.deployedByOthers) {
            violated(
                    step.environment(),
                    "\"" + step.describe() + "\" was sent again after its answer was lost, although it had taken effect");
        }
    }

    private boolean isSurelyFresh(Backup backup) {
        return age(backup).plus(Schedule.SKEW).compareTo(spec.maximumBackupAge()) < 0;
    }

    private boolean isSurelyStale(Backup backup) {
        return age(backup).minus(Schedule.SKEW).compareTo(spec.maximumBackupAge()) > 0;
    }

    private Duration age(Backup backup) {
        return Duration.between(backup.startedAt(), world.now());
    }

    private void checkRestore(Restore restore, Observation before, Watched record) {
        EnvironmentRef environment = before.environment();
        String into = restore.note().instanceId();
        if (before.restores().stream().anyMatch(r -> r.state() == OperationState.RUNNING)) {
            violated(environment, "a second restore was begun while one ran");
        }
        Instance target = before.instances().stream()
                .filter(i -> i.id().equals(into))
                .findFirst()
                .orElseThrow();
        if (into.equals(record.application) || target.status().visibleToApplication()) {
            violated(environment, "a restore was begun into " + into + ", which the application can see");
        }
        Backup backup = before.backups().stream()
                .filter(b -> b.id().equals(restore.backupId()))
                .findFirst()
                .orElseThrow();
        boolean fenced = isFenced(backup, before);
        if (spec.writes() == UpgradeSpec.WritesPolicy.FENCE_REQUIRED && !fenced) {
            violated(environment, "a backup was restored that no fence has kept true");
        }
        if (isSurelyStale(backup) && !fenced) {
            violated(environment, "a backup of " + backup.startedAt() + " was restored, which is too old");
        }
        if (!record.meddledWith && !backup.note().instanceId().equals(record.application)) {
            violated(environment, "the backup of another database than the application's was restored");
        }
    }

    private static boolean isFenced(Backup backup, Observation now) {
        DatabaseFacts.Fence fence = now.databases().fences().get(backup.note().instanceId());
        return fence != null && fence.token().equals(backup.note().fence());
    }

    private void checkDeployment(Observation before, Watched record) {
        if (before.isDeploying()) {
            violated(before.environment(), "a second deployment was begun while one ran");
        }
        Instance next = before.instances().stream()
                .filter(i -> i.serviceId().equals(newer)
                        && i.prefix().equals(prefix)
                        && i.status() != InstanceStatus.DETACHED
                        && i.status() != InstanceStatus.PENDING_DETACHMENT)
                .findFirst()
                .orElse(null);
        if (next == null || next.id().equals(record.application) || record.meddledWith) {
            return;
        }
        Backup restored = restored(before, next.id());
        if (restored == null) {
            violated(before.environment(), "a deployment was begun that moves to a target which no restore has filled");
        } else if (!record.source.equals(record.application)) {
            return;
        } else if (spec.writes() == UpgradeSpec.WritesPolicy.FENCE_REQUIRED
                && !world.rows(next.id()).containsAll(world.rows(record.source))) {
            violated(before.environment(), "a deployment was begun that loses rows in spite of the fence");
        } else if (!isVerified(before, next.id())) {
            violated(before.environment(), "a deployment was begun that moves to a target which was not compared");
        } else if (isSurelyStale(restored) && !isFenced(restored, before)) {
            violated(
                    before.environment(),
                    "a deployment was begun that moves to the data of a backup of " + restored.startedAt()
                            + ", which is too old");
        }
    }

    private boolean isVerified(Observation now, String instance) {
        return spec.verification() == Verification.NONE
                || now.restores().stream()
                        .filter(r -> r.note().instanceId().equals(instance))
                        .reduce((earlier, later) -> later)
                        .map(r -> now.databases().verified().getOrDefault(r.id(), Verification.NONE))
                        .filter(level -> level.compareTo(spec.verification()) >= 0)
                        .isPresent();
    }

    private void checkAdded(Instance added, Observation before, Watched record) {
        if (record.meddledWith) {
            return;
        }
        boolean second = before.instances().stream().anyMatch(i -> i.serviceId().equals(added.serviceId()));
        if (second) {
            violated(before.environment(), "a second target was added");
        }
    }

    private void checkDeleted(
            Instance deleted, Step step, Observation before, Watched record) {
        EnvironmentRef environment = before.environment();
        String what = "deleted " + deleted.prefix() + " (" + deleted.id() + ")";
        if (deleted.id().equals(record.application)) {
            violated(environment, what + ", which the application uses");
            return;
        }
        if (deleted.status() == InstanceStatus.NEW && !deleted.id().equals(record.source)) {
            return;
        }
        if (deleted.status() != InstanceStatus.DETACHED) {
            violated(environment, what + ", which is " + deleted.status());
        }
        // Somebody may have given the database another prefix than the application knows.
        Instance successor = before.instances().stream()
                .filter(i -> (record.meddledWith && step instanceof Step.DeleteService delete)
                        ? i.isDatabase() && i.prefix().equals(delete.successor().prefix())
                        : i.id().equals(record.application))
                .findFirst()
                .orElse(null);
        if (successor == null || successor.status() != InstanceStatus.ATTACHED) {
            violated(environment, what + ", and its successor is not attached and deployed");
            return;
        }
        Set<Long> missing = new HashSet<>(world.rows(deleted.id()));
        missing.removeAll(world.rows(successor.id()));
        if (!deleted.id().equals(record.source)) {
            missing.removeIf(r -> requireNonNull(rows.get(r)).instance().equals(deleted.id()));
            if (!missing.isEmpty() && !record.meddledWith) {
                violated(environment, what + ", which alone held rows " + missing + ", not written to it");
            }
            return;
        }
        Backup restored = restored(before, successor.id());
        if (restored == null) {
            violated(environment, what + ", and no restore proves that its successor holds its rows");
            return;
        }
        if (spec.downloadBackup() && !before.downloads().contains(restored.id())) {
            violated(environment, what + ", and its backup is not stored");
        }
        Set<Long> backedUp = record.snapshots.getOrDefault(restored.id(), Set.of());
        if (!world.rows(successor.id()).containsAll(backedUp)) {
            violated(environment, what + ", and rows that were backed up are missing in its successor");
        }
        Instant last = restored.startedAt().plus(spec.maximumBackupAge()).plus(Schedule.SKEW);
        for (long row : missing) {
            Instant at = requireNonNull(rows.get(row)).at();
            boolean none = spec.writes() == UpgradeSpec.WritesPolicy.FENCE_REQUIRED
                    && !record.meddledWith
                    && !record.deployedByOthers;
            if (none || at.isBefore(restored.startedAt()) || at.isAfter(last)) {
                violated(environment, what + ", which alone held row " + row + " of " + at);
            }
        }
    }

    /** The good backup that was restored last into an instance; null if there is none. */
    private static @Nullable Backup restored(Observation now, String instance) {
        Restore newest = now.restores().stream()
                .filter(r -> r.note().instanceId().equals(instance))
                .reduce((earlier, later) -> later)
                .orElse(null);
        if (newest == null || newest.state() != OperationState.SUCCEEDED) {
            return null;
        }
        return now.backups().stream()
                .filter(b -> b.id().equals(newest.backupId()) && b.state() == OperationState.SUCCEEDED)
                .findFirst()
                .orElse(null);
    }

    private void checkThereIsAPlanBothWays(Observation now, Watched record) {
        boolean sourceIsThere = now.instances().stream().anyMatch(i -> i.id().equals(record.source));
        if (record.meddledWith || record.deployedByOthers || !sourceIsThere) {
            return;
        }
        checkPlan(UpgradePlanner.plan(List.of(now), spec).environments().get(0), now, "forward");
        checkPlan(
                UpgradePlanner.planRollback(List.of(now), spec, TargetAfterRollback.KEEP)
                        .environments()
                        .get(0),
                now,
                "back");
    }

    private void checkPlan(EnvironmentPlan plan, Observation now, String way) {
        if (plan instanceof EnvironmentPlan.Blocked blocked) {
            for (Blocker blocker : blocked.blockers()) {
                boolean tooOld = blocker.reason() == Blocker.Reason.BACKUP_TOO_OLD
                        || blocker.reason() == Blocker.Reason.WRITES_MAY_BE_MISSING;
                if (!blocker.reason().passesByItself() && !(tooOld && isTrue(blocker, now))) {
                    violated(now.environment(), "there is no plan " + way + ": " + blocker);
                }
            }
        }
    }

    // What time changes

    /** Judges what changed since the last time, because operations have ended. */
    void timePassed() {
        records.forEach((environment, record) -> {
            String uses = world.applicationDatabase(environment).orElse(null);
            if (!Objects.equals(uses, record.application)) {
                String left = record.application;
                record.application = uses;
                checkSwitched(environment, record, left, uses);
            }
            if (!record.meddledWith && !record.deployedByOthers) {
                checkNothingIsOverwritten(environment);
            }
        });
    }

    private void checkNothingIsOverwritten(EnvironmentRef environment) {
        Observation now = world.observe(environment);
        for (Restore restore : now.restores()) {
            if (restore.state() == OperationState.RUNNING
                    && now.instances().stream()
                            .anyMatch(i -> i.id().equals(restore.note().instanceId())
                                    && i.status().visibleToApplication())) {
                violated(environment, "a restore overwrites a database that was attached meanwhile");
            }
        }
    }

    private void checkSwitched(
            EnvironmentRef environment, Watched record, @Nullable String left, @Nullable String uses) {
        if (record.meddledWith) {
            return;
        }
        if (uses == null) {
            if (!record.deployedByOthers) {
                violated(environment, "the application was left without a database");
            }
            return;
        }
        if (left == null) {
            return;
        }
        Set<Long> lost = new HashSet<>(world.rows(left));
        lost.removeAll(world.rows(uses));
        if (left.equals(record.source)) {
            Backup restored = restored(world.observe(environment), uses);
            if (restored == null) {
                violated(environment, "the application moved to a target that no restore has filled");
                return;
            }
            lost.removeIf(r -> !requireNonNull(rows.get(r)).at().isBefore(restored.startedAt()));
        } else {
            lost.removeIf(r -> requireNonNull(rows.get(r)).instance().equals(left));
        }
        if (!lost.isEmpty()) {
            violated(environment, "the application lost rows " + lost + " when it moved from " + left + " to " + uses);
        }
    }

    // The end

    /** Whether what a blocker says is so. */
    boolean isTrue(Blocker blocker, Observation now) {
        List<Instance> old = databases(now, older);
        List<Instance> fresh = databases(now, newer);
        Instance target = fresh.stream()
                .filter(i -> i.prefix().equals(spec.stagingPrefix()))
                .findFirst()
                .orElse(null);
        boolean renamed = old.stream().anyMatch(i -> i.prefix().equals(spec.retiredPrefix()));
        // Which one the blocker means: somebody may have given the source another prefix than the application knows.
        List<Backup> held = fresh.stream()
                .filter(i -> blocker.message().contains("(" + i.prefix() + ")")
                        || blocker.message().contains(" " + i.prefix() + " "))
                .flatMap(i -> Stream.ofNullable(restored(now, i.id())))
                .toList();
        List<Backup> heldAnywhere = fresh.stream()
                .flatMap(i -> Stream.ofNullable(restored(now, i.id())))
                .toList();
        return switch (blocker.reason()) {
            case NO_POSTGRES -> old.isEmpty() && fresh.isEmpty();
            case NO_SOURCE, DOWNGRADE -> old.isEmpty();
            case SEVERAL_SOURCES -> old.size() > 1;
            case PREFIX_TAKEN ->
                now.instances().stream()
                        .anyMatch(i -> i.isDatabase() && blocker.message().contains("prefix " + i.prefix() + " "));
            case ORIGINAL_PREFIX_UNKNOWN -> renamed && old.size() == 1;
            case SOURCE_NOT_ATTACHED ->
                old.stream().anyMatch(i -> !i.status().visibleToApplication());
            case TARGET_VISIBLE -> target != null && target.status().visibleToApplication();
            case TARGET_NOT_OURS -> target != null && target.status() == InstanceStatus.DETACHED;
            case RESTORE_NOT_PROVEN -> renamed && held.isEmpty();
            case BACKUP_TOO_OLD, WRITES_MAY_BE_MISSING ->
                !old.isEmpty() && heldAnywhere.stream().anyMatch(b -> age(b).compareTo(spec.maximumBackupAge()) > 0);
            case TARGET_NOT_DEPLOYED ->
                old.isEmpty()
                        && fresh.stream().anyMatch(i -> !i.status().visibleToApplication());
            case SOURCE_GONE -> old.isEmpty();
            case NOT_FENCED -> renamed && heldAnywhere.stream().anyMatch(b -> !isFenced(b, now));
            case NOT_VERIFIED -> renamed && fresh.stream().anyMatch(i -> !isVerified(now, i.id()));
            case PREFLIGHT_FAILED ->
                now.databases().preflights().values().stream()
                        .anyMatch(p -> !p.obstacles().isEmpty());
            case WRITES_REFUSED -> old.stream().anyMatch(i -> now.databases().fences().containsKey(i.id()));
            case UNKNOWN_VERSION,
                    TARGET_NOT_OFFERED,
                    CALL_NOT_SUPPORTED,
                    SEVERAL_TARGET_SERVICES,
                    PROVISIONING_RUNNING,
                    BACKUP_RUNNING,
                    RESTORE_RUNNING,
                    DEPLOYMENT_RUNNING,
                    UNKNOWN_STATUS,
                    LEFT_SAVED_PLAN -> false;
        };
    }

    private static List<Instance> databases(Observation now, String service) {
        return now.instances().stream()
                .filter(i -> i.isDatabase() && i.serviceId().equals(service))
                .toList();
    }

    /** Why an upgrade that is said to be over is not; null if it is. */
    @Nullable
    String whyNotUpgraded(Observation now) {
        Watched record = record(now.environment());
        Instance uses = now.instances().stream()
                .filter(i -> i.id().equals(record.application))
                .findFirst()
                .orElse(null);
        if (uses == null || !uses.serviceId().equals(newer) || uses.status() != InstanceStatus.ATTACHED) {
            return "the application uses " + uses;
        }
        if (world.refusesWrites(now.environment())) {
            return "the application cannot write";
        }
        return databases(now, older).isEmpty()
                        || spec.oldInstance() == UpgradeSpec.OldInstance.KEEP
                        || !spec.retention().isZero()
                ? null
                : "the source is still there";
    }

    /** Why a rollback that is said to be over is not; null if it is. */
    @Nullable
    String whyNotRolledBack(Observation now) {
        Watched record = record(now.environment());
        Instance source = now.instances().stream()
                .filter(i -> i.id().equals(record.source))
                .findFirst()
                .orElse(null);
        return source != null
                        && source.id().equals(record.application)
                        && source.status() == InstanceStatus.ATTACHED
                ? world.refusesWrites(now.environment()) ? "the application cannot write" : null
                : "the application uses " + record.application + ", and the source is " + source;
    }
}
