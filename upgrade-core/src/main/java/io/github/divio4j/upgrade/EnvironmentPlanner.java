package io.github.divio4j.upgrade;

import static java.util.stream.Collectors.joining;

import io.github.divio4j.upgrade.Blocker.Reason;
import io.github.divio4j.upgrade.EnvironmentPlan.Blocked;
import io.github.divio4j.upgrade.EnvironmentPlan.Ready;
import io.github.divio4j.upgrade.EnvironmentPlan.UpToDate;
import io.github.divio4j.upgrade.InstanceRef.Role;
import io.github.divio4j.upgrade.Observation.Backup;
import io.github.divio4j.upgrade.Observation.Instance;
import io.github.divio4j.upgrade.Observation.Restore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Plans one environment. First it finds out who plays which role, then it walks through the steps in their order and
 * keeps those whose effect is missing. What it cannot plan it collects as blockers.
 */
final class EnvironmentPlanner {

    private final Observation seen;
    private final UpgradeSpec spec;
    private final int wave;
    private final List<Blocker> blockers = new ArrayList<>();

    EnvironmentPlanner(Observation seen, UpgradeSpec spec, int wave) {
        this.seen = seen;
        this.spec = spec;
        this.wave = wave;
    }

    EnvironmentPlan plan() {
        Optional<CatalogueService> targetService = targetService();
        blockUnreadableServices();
        if (blockers.isEmpty() && noSourceLeft(targetService.orElseThrow())) {
            return afterTheSource(targetService.orElseThrow());
        }
        Optional<Instance> source = source();
        if (source.isEmpty() || targetService.isEmpty()) {
            return new Blocked(seen.environment(), blockers);
        }
        Optional<String> prefix = originalPrefix(source.get(), targetService.get());
        if (prefix.isEmpty()) {
            return new Blocked(seen.environment(), blockers);
        }
        return plan(source.get(), targetService.get(), prefix.get());
    }

    // Who is who

    private Optional<CatalogueService> targetService() {
        String wished = spec.targetServiceId();
        List<CatalogueService> offered = seen.catalogue().stream()
                .filter(s -> wished == null
                        ? s.postgresVersion()
                                .filter(spec.targetVersion()::equals)
                                .isPresent()
                        : s.id().equals(wished))
                .toList();
        if (offered.size() == 1) {
            return Optional.of(offered.get(0)).filter(this::hasWishedVersion);
        }
        if (offered.isEmpty()) {
            block(
                    Reason.TARGET_NOT_OFFERED,
                    "The catalogue of its region does not offer "
                            + (wished == null ? "PostgreSQL " + spec.targetVersion() : "the service " + wished)
                            + "; it offers "
                            + names(seen.catalogue().stream()
                                    .filter(CatalogueService::isPostgres)
                                    .toList())
                            + ".",
                    "Choose a version that is offered, or name the service by its id (targetService).");
        } else {
            block(
                    Reason.SEVERAL_TARGET_SERVICES,
                    "The catalogue of its region offers PostgreSQL " + spec.targetVersion() + " as " + names(offered)
                            + ".",
                    "Name the one to move to by its id (targetService).");
        }
        return Optional.empty();
    }

    private boolean hasWishedVersion(CatalogueService service) {
        Optional<PostgresVersion> other = service.postgresVersion().filter(v -> !v.equals(spec.targetVersion()));
        other.ifPresent(version -> block(
                Reason.TARGET_NOT_OFFERED,
                "The service " + service.id() + " is \"" + service.name() + "\", not PostgreSQL " + spec.targetVersion()
                        + ".",
                "Name a service of that version, or move to version " + version + "."));
        return other.isEmpty();
    }

    private void blockUnreadableServices() {
        for (Instance instance : seen.instances()) {
            if (!instance.isDatabase() || instance.serviceId().equals(spec.targetServiceId())) {
                continue;
            }
            Optional<CatalogueService> service = seen.service(instance.serviceId());
            boolean foreign = service.filter(s -> !s.isPostgres()).isPresent();
            boolean readable =
                    service.flatMap(CatalogueService::postgresVersion).isPresent();
            if (!foreign && !readable && !isExcludedBySourcePrefix(instance)) {
                block(
                        Reason.UNKNOWN_VERSION,
                        "The database " + instance.prefix() + " is an instance of "
                                + service.map(s -> "\"" + s.name() + "\"")
                                        .orElse("a service that the catalogue does not list")
                                + ", so its version cannot be told.",
                        "If it is not the one to upgrade, name the one that is (sourcePrefix).");
            }
        }
    }

    private boolean isExcludedBySourcePrefix(Instance instance) {
        return spec.sourcePrefix() != null
                && !List.of(spec.sourcePrefix(), spec.stagingPrefix(), spec.retiredPrefix())
                        .contains(instance.prefix());
    }

    private List<Instance> postgres(Predicate<PostgresVersion> version) {
        return seen.instances().stream()
                .filter(i -> i.isDatabase() && version(i).filter(version).isPresent())
                .toList();
    }

    private Optional<PostgresVersion> version(Instance instance) {
        return seen.service(instance.serviceId()).flatMap(CatalogueService::postgresVersion);
    }

    private List<Instance> older() {
        return postgres(v -> v.compareTo(spec.targetVersion()) < 0);
    }

    private boolean noSourceLeft(CatalogueService target) {
        return candidates().isEmpty()
                && older().stream().noneMatch(i -> i.prefix().equals(spec.retiredPrefix()))
                && instancesOf(target).stream().anyMatch(this::isForTheApplication);
    }

    private boolean isForTheApplication(Instance instance) {
        return spec.sourcePrefix() == null
                ? !instance.prefix().equals(spec.stagingPrefix())
                : instance.prefix().equals(spec.sourcePrefix());
    }

    private List<Instance> instancesOf(CatalogueService service) {
        return seen.instances().stream()
                .filter(i -> i.isDatabase() && i.serviceId().equals(service.id()))
                .toList();
    }

    /** Nothing older is left: either the upgrade is over, or somebody deleted the source before its time. */
    private EnvironmentPlan afterTheSource(CatalogueService target) {
        List<Instance> inUse =
                instancesOf(target).stream().filter(this::isForTheApplication).toList();
        for (Instance instance : inUse) {
            if (instance.status() == InstanceStatus.UNKNOWN) {
                blockUnknownStatus(instance);
            } else if (!instance.status().visibleToApplication() && inUse.size() == 1) {
                block(
                        Reason.TARGET_NOT_DEPLOYED,
                        describe(instance) + " is " + instance.statusText()
                                + ", so the application does not use it, and nothing older is left.",
                        "Deploy the environment.");
            }
        }
        if (!blockers.isEmpty()) {
            return new Blocked(seen.environment(), blockers);
        }
        return new UpToDate(
                seen.environment(),
                inUse.stream().map(this::describe).sorted().collect(joining(" and "))
                        + (inUse.size() == 1 ? " is" : " are") + " on PostgreSQL " + spec.targetVersion()
                        + " already.");
    }

    /** Older instances that the application may be running on: those that carry neither of our own prefixes. */
    private List<Instance> candidates() {
        return older().stream()
                .filter(i -> spec.sourcePrefix() == null
                        ? !i.prefix().equals(spec.stagingPrefix())
                                && !i.prefix().equals(spec.retiredPrefix())
                        : i.prefix().equals(spec.sourcePrefix()))
                .toList();
    }

    private Optional<Instance> source() {
        List<Instance> candidates = candidates();
        if (candidates.size() == 1) {
            return Optional.of(candidates.get(0));
        }
        if (candidates.size() > 1) {
            block(
                    Reason.SEVERAL_SOURCES,
                    "It has several databases older than PostgreSQL " + spec.targetVersion() + ": "
                            + candidates.stream().map(this::describe).sorted().collect(joining(", ")) + ".",
                    "Name the one to upgrade by its prefix (sourcePrefix); do the others one after the other.");
            return Optional.empty();
        }
        Optional<Instance> retired = older().stream()
                .filter(i -> i.prefix().equals(spec.retiredPrefix()))
                .findFirst();
        if (retired.isEmpty()) {
            blockMissingSource();
        }
        return retired;
    }

    private void blockMissingSource() {
        List<Instance> all = postgres(v -> true);
        List<Instance> newer = postgres(v -> v.compareTo(spec.targetVersion()) > 0);
        String where = spec.sourcePrefix() == null ? "" : " under the prefix " + spec.sourcePrefix();
        Optional<Instance> atStaging = seen.databaseAt(spec.stagingPrefix()).filter(older()::contains);
        if (atStaging.isPresent()) {
            blockTaken(spec.stagingPrefix(), atStaging.get(), "staging", "stagingPrefix");
        } else if (all.isEmpty() && !has(Reason.UNKNOWN_VERSION)) {
            block(
                    Reason.NO_POSTGRES,
                    "It has no PostgreSQL instance; it has " + describeInstances() + ".",
                    "Leave it out, or add a PostgreSQL " + spec.targetVersion() + " instance yourself.");
        } else if (!newer.isEmpty() && older().isEmpty()) {
            block(
                    Reason.DOWNGRADE,
                    newer.stream().map(this::describe).sorted().collect(joining(", ")) + " is newer than PostgreSQL "
                            + spec.targetVersion() + "; moving back to an older version is not supported.",
                    "Choose a version that is newer than what runs.");
        } else if (!all.isEmpty()) {
            block(
                    Reason.NO_SOURCE,
                    "It has no PostgreSQL older than " + spec.targetVersion() + where
                            + " that could be the source; it has " + describeInstances() + ".",
                    "Name the source by its prefix (sourcePrefix), or choose other staging and retired prefixes.");
        }
    }

    /**
     * The prefix that the application knows. As long as the source carries it, it is plain; after the first rename it is
     * told by the target that took it over, by the note of the backup, or by the wish.
     */
    private Optional<String> originalPrefix(Instance source, CatalogueService target) {
        if (!source.prefix().equals(spec.retiredPrefix())) {
            return Optional.of(source.prefix());
        }
        Set<String> noted = seen.backups().stream()
                .filter(b -> b.note().instanceId().equals(source.id()))
                .map(b -> b.note().step().originalPrefix())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> taken = instancesOf(target).stream()
                .map(Instance::prefix)
                .filter(p -> !p.equals(spec.stagingPrefix()))
                .collect(Collectors.toCollection(TreeSet::new));
        if (spec.sourcePrefix() != null) {
            return Optional.of(spec.sourcePrefix());
        }
        for (Set<String> evidence : List.of(noted, taken)) {
            if (evidence.size() == 1) {
                return Optional.of(evidence.iterator().next());
            }
        }
        block(
                Reason.ORIGINAL_PREFIX_UNKNOWN,
                "The only database older than PostgreSQL " + spec.targetVersion() + " is " + describe(source)
                        + ", under the retired prefix, and nothing tells which prefix it had before.",
                "Name that prefix (sourcePrefix); or, if " + spec.retiredPrefix()
                        + " is its own prefix, choose another retired prefix.");
        return Optional.empty();
    }

    // What is missing

    private EnvironmentPlan plan(Instance source, CatalogueService targetService, String prefix) {
        PostgresVersion from = version(source).orElseThrow();
        StepIds ids = new StepIds(seen.environment(), prefix, from, spec.targetVersion());
        CatalogueService sourceService = seen.service(source.serviceId()).orElseThrow();
        InstanceRef sourceRef = new InstanceRef(Role.SOURCE, sourceService, prefix);
        InstanceRef targetRef = new InstanceRef(Role.TARGET, targetService, spec.stagingPrefix());
        boolean renamed = !source.prefix().equals(prefix);
        Optional<Instance> target =
                renamed ? targetInCutover(targetService, prefix) : targetBeforeCutover(targetService, source);
        if (source.status() == InstanceStatus.UNKNOWN) {
            blockUnknownStatus(source);
        }
        target.filter(t -> t.status() == InstanceStatus.UNKNOWN).ifPresent(this::blockUnknownStatus);

        List<Step> steps = new ArrayList<>();
        if (renamed) {
            target.ifPresent(t -> planCutover(steps, ids, source, t, sourceRef, targetRef));
        } else {
            planFromTheStart(steps, ids, source, target, sourceRef, targetRef);
        }
        if (!blockers.isEmpty()) {
            return new Blocked(seen.environment(), blockers);
        }
        if (steps.isEmpty()) {
            return new UpToDate(
                    seen.environment(),
                    target.map(this::describe).orElseThrow() + " has taken over; " + describe(source) + " "
                            + whyNotDeleted(source, target.orElseThrow()));
        }
        boolean inCutover = renamed && steps.get(0).kind().phase() == Step.Phase.MIGRATE;
        return new Ready(seen.environment(), wave, from, spec.targetVersion(), prefix, inCutover, steps);
    }

    private String whyNotDeleted(Instance source, Instance target) {
        if (spec.oldInstance() == UpgradeSpec.OldInstance.KEEP) {
            return "is kept, detached.";
        }
        if (SafetyCheck.wasBackedUpByUs(seen, source)
                && SafetyCheck.restoredBackup(seen, source, target).isEmpty()) {
            return "is not deleted, because no finished restore by divio4j proves that its data was moved.";
        }
        return SafetyCheck.wasBackedUpByUs(seen, source)
                ? "is not deleted, because it is not known which databases the application was deployed with."
                : "is not deleted, because no backup of it by divio4j is known: it may be somebody else's.";
    }

    private Optional<Instance> targetBeforeCutover(CatalogueService service, Instance source) {
        seen.databaseAt(spec.retiredPrefix())
                .ifPresent(other -> blockTaken(spec.retiredPrefix(), other, "retired", "retiredPrefix"));
        Optional<Instance> atStaging = seen.databaseAt(spec.stagingPrefix());
        if (source.prefix().equals(spec.stagingPrefix())
                || atStaging.filter(i -> !i.serviceId().equals(service.id())).isPresent()) {
            blockTaken(spec.stagingPrefix(), atStaging.orElse(source), "staging", "stagingPrefix");
            return Optional.empty();
        }
        return atStaging;
    }

    private Optional<Instance> targetInCutover(CatalogueService service, String prefix) {
        Optional<Instance> atOriginal = seen.databaseAt(prefix);
        if (atOriginal.isPresent()) {
            if (atOriginal.get().serviceId().equals(service.id())) {
                return atOriginal;
            }
            blockTaken(prefix, atOriginal.get(), "original", "sourcePrefix");
            return Optional.empty();
        }
        Optional<Instance> atStaging =
                seen.databaseAt(spec.stagingPrefix()).filter(i -> i.serviceId().equals(service.id()));
        if (atStaging.isEmpty()) {
            block(
                    Reason.RESTORE_NOT_PROVEN,
                    "The source was renamed to " + spec.retiredPrefix() + ", and there is no " + service.name()
                            + " under " + spec.stagingPrefix() + " or " + prefix + " to take over.",
                    "Rename " + spec.retiredPrefix() + " back to " + prefix + " and start again.");
        }
        return atStaging;
    }

    private void planFromTheStart(
            List<Step> steps,
            StepIds ids,
            Instance source,
            Optional<Instance> target,
            InstanceRef sourceRef,
            InstanceRef targetRef) {
        if (source.status() != InstanceStatus.UNKNOWN && !source.status().visibleToApplication()) {
            block(
                    Reason.SOURCE_NOT_ATTACHED,
                    describe(source) + " is " + source.statusText() + ": the application does not run on it.",
                    "Attach it and deploy the environment, so that the application runs on what is to be upgraded.");
        }
        if (seen.isDeploying()) {
            blockDeploying();
        }
        EnvironmentRef environment = seen.environment();
        if (target.isEmpty()) {
            steps.add(new Step.AddService(ids.addService(), environment, targetRef, source.regionId()));
        }
        InstanceStatus status = target.map(Instance::status).orElse(InstanceStatus.NEW);
        if (status == InstanceStatus.NEW || status == InstanceStatus.PROVISIONING) {
            steps.add(new Step.Provision(ids.provision(), environment, targetRef));
        } else if (target.isPresent()) {
            checkMayBeOverwritten(target.get(), ids);
        }
        Optional<Backup> backup = goodBackup(ids, source).filter(this::isFresh);
        if (backup.isEmpty()) {
            steps.add(new Step.BackUp(ids.backUp(), environment, sourceRef, unusableBackups(ids, source)));
        }
        if (backup.isEmpty() || !isRestored(backup.get(), ids, target)) {
            steps.add(new Step.Restore(ids.restore(), environment, sourceRef, targetRef, ids.backUp()));
        }
        List<Step> cutover = new ArrayList<>();
        addCutover(cutover, ids, sourceRef, targetRef);
        boolean detaching = source.status() == InstanceStatus.PENDING_DETACHMENT;
        cutover.removeIf(step -> detaching && step.kind() == Step.Kind.DETACH);
        steps.addAll(cutover);
    }

    private void addCutover(List<Step> steps, StepIds ids, InstanceRef source, InstanceRef target) {
        EnvironmentRef environment = seen.environment();
        InstanceRef retired = source.withPrefix(spec.retiredPrefix());
        InstanceRef promoted = target.withPrefix(source.prefix());
        steps.add(new Step.RenamePrefix(ids.renameSource(), environment, source, spec.retiredPrefix()));
        steps.add(new Step.Detach(ids.detach(), environment, retired));
        steps.add(new Step.RenamePrefix(ids.renameTarget(), environment, target, source.prefix()));
        steps.add(new Step.Deploy(ids.deploy(), environment, retired, promoted));
        if (spec.oldInstance() == UpgradeSpec.OldInstance.DELETE) {
            steps.add(new Step.DeleteService(ids.deleteService(), environment, retired, promoted));
        }
    }

    /** The source was renamed: the swap of the prefixes is under way, or over. */
    private void planCutover(
            List<Step> steps,
            StepIds ids,
            Instance source,
            Instance target,
            InstanceRef sourceRef,
            InstanceRef targetRef) {
        List<Step> all = new ArrayList<>();
        addCutover(all, ids, sourceRef, targetRef);
        boolean promoted = target.prefix().equals(sourceRef.prefix());
        boolean switched = promoted && SafetyCheck.hasSwitched(seen, source, target);
        Optional<Backup> restored = SafetyCheck.restoredBackup(seen, source, target);
        boolean mayDelete = !switched || (restored.isPresent() && seen.deployedPrefixes() != null);
        if (switched && mayDelete && spec.oldInstance() == UpgradeSpec.OldInstance.DELETE) {
            checkMovedInTime(source, target, restored.orElseThrow());
        }
        if (!switched) {
            checkRestoreIsProven(ids, source, target, sourceRef.prefix());
            boolean awaitsDeployment = promoted && source.status() != InstanceStatus.ATTACHED;
            if (seen.isDeploying() && !awaitsDeployment) {
                blockDeploying();
            }
        }
        for (Step step : all) {
            boolean missing = switch (step.kind()) {
                case RENAME_PREFIX -> step.id().equals(ids.renameTarget()) && !promoted;
                case DETACH -> !switched && source.status() == InstanceStatus.ATTACHED;
                case DEPLOY -> !switched;
                case DELETE_SERVICE -> mayDelete;
                case ADD_SERVICE, PROVISION, BACK_UP, RESTORE -> false;
            };
            if (missing) {
                steps.add(step);
            }
        }
        if (switched && seen.isDeploying() && !steps.isEmpty()) {
            blockDeploying();
        }
    }

    /**
     * Somebody else's deployment may have moved the application long after ours failed. The newest deployment is no
     * earlier than the one that moved it, so the gap is never taken for smaller than it is.
     */
    private void checkMovedInTime(Instance source, Instance target, Backup restored) {
        Observation.Deployment latest = seen.latestDeployment();
        if (latest == null || latest.endedAt() == null) {
            return;
        }
        if (restored.startedAt().plus(spec.maximumBackupAge()).isBefore(latest.endedAt())) {
            block(
                    Reason.WRITES_MAY_BE_MISSING,
                    "The backup in " + describe(target) + " was begun at " + restored.startedAt()
                            + ", and the newest deployment ended at " + latest.endedAt() + ", later than the allowed "
                            + spec.maximumBackupAge() + ": what was written to " + describe(source)
                            + " in between may be only there, so it is not deleted.",
                    "Compare the two databases, then delete " + source.prefix()
                            + " yourself; or keep it (oldInstance), or allow an older backup (maximumBackupAge).");
        }
    }

    private void checkMayBeOverwritten(Instance target, StepIds ids) {
        boolean ours = seen.restores().stream()
                .anyMatch(r -> r.note().step().equals(ids.restore())
                        && r.note().instanceId().equals(target.id()));
        if (target.status().visibleToApplication()) {
            block(
                    Reason.TARGET_VISIBLE,
                    describe(target) + " is " + target.statusText()
                            + ": the application can see it, and a restore would overwrite it under its hands.",
                    "Detach it, deploy and delete it; or choose another staging prefix (stagingPrefix).");
        } else if (target.status() == InstanceStatus.DETACHED && !ours) {
            block(
                    Reason.TARGET_NOT_OURS,
                    describe(target) + " is detached and may hold data that a restore would overwrite.",
                    "Delete it if nobody needs it; or choose another staging prefix (stagingPrefix).");
        }
    }

    private void checkRestoreIsProven(StepIds ids, Instance source, Instance target, String prefix) {
        Optional<Backup> restored = seen.backups().stream()
                .filter(b -> b.state() == OperationState.SUCCEEDED && isOf(b, ids, source))
                .filter(b -> isRestored(b, ids, Optional.of(target)))
                .reduce((earlier, later) -> later);
        String back = wayBack(source, target, prefix);
        if (restored.isEmpty()) {
            block(
                    Reason.RESTORE_NOT_PROVEN,
                    "The prefixes were swapped, and no finished restore into " + describe(target)
                            + " tells that it holds the data of " + describe(source) + ".",
                    back);
        } else if (!seen.isDeploying() && source.status().visibleToApplication() && !isFresh(restored.get())) {
            block(
                    Reason.BACKUP_TOO_OLD,
                    "The prefixes were swapped, and the backup in " + describe(target) + " was taken at "
                            + restored.get().startedAt() + ", which is longer ago than the allowed "
                            + spec.maximumBackupAge() + ": what was written since would be lost.",
                    back + " Or allow an older backup (maximumBackupAge).");
        }
    }

    /** How a person undoes a cutover that cannot go on. What the application may have written to is never left behind. */
    private String wayBack(Instance source, Instance target, String prefix) {
        if (target.status().visibleToApplication()) {
            return "The application can see " + describe(target)
                    + " and may have written to it, so there is no way back without"
                    + " loss: compare the two databases first.";
        }
        String first = target.prefix().equals(spec.stagingPrefix())
                ? "Rename "
                : "Rename " + target.prefix() + " to " + spec.stagingPrefix() + " and ";
        String attach = switch (source.status()) {
            case PENDING_DETACHMENT -> ", attach it";
            case DETACHED -> ", attach it, deploy";
            case NEW, PROVISIONING, PENDING_ATTACHMENT, ATTACHED, REMOVED, UNKNOWN -> "";
        };
        return first + source.prefix() + " back to " + prefix + attach + ", and start again.";
    }

    // Evidence

    private static boolean isOf(Backup backup, StepIds ids, Instance source) {
        return backup.note().step().equals(ids.backUp())
                && backup.note().instanceId().equals(source.id());
    }

    /** The newest backup of the source by this upgrade, if it ended well. */
    private Optional<Backup> goodBackup(StepIds ids, Instance source) {
        return seen.backups().stream()
                .filter(b -> isOf(b, ids, source))
                .reduce((earlier, later) -> later)
                .filter(b -> b.state() == OperationState.SUCCEEDED);
    }

    private boolean isFresh(Backup backup) {
        return !backup.startedAt().plus(spec.maximumBackupAge()).isBefore(seen.observedAt());
    }

    private Set<String> unusableBackups(StepIds ids, Instance source) {
        return seen.backups().stream()
                .filter(b -> isOf(b, ids, source) && b.state() != OperationState.RUNNING)
                .map(Backup::id)
                .collect(Collectors.toSet());
    }

    private boolean isRestored(Backup backup, StepIds ids, Optional<Instance> target) {
        Optional<Restore> newest = seen.restores().stream()
                .filter(r -> r.note().step().equals(ids.restore())
                        && target.filter(t -> t.id().equals(r.note().instanceId()))
                                .isPresent())
                .reduce((earlier, later) -> later);
        return newest.filter(r -> r.backupId().equals(backup.id()) && r.state() == OperationState.SUCCEEDED)
                .isPresent();
    }

    // Words

    private void block(Reason reason, String message, String remedy) {
        blockers.add(new Blocker(reason, seen.environment(), message, remedy));
    }

    private boolean has(Reason reason) {
        return blockers.stream().anyMatch(b -> b.reason() == reason);
    }

    private void blockTaken(String prefix, Instance by, String kind, String setting) {
        boolean unused = by.status() == InstanceStatus.NEW || by.status() == InstanceStatus.DETACHED;
        block(
                Reason.PREFIX_TAKEN,
                "The " + kind + " prefix " + prefix + " is carried by " + describe(by)
                        + ", which is not part of this upgrade.",
                "Rename " + (unused ? "or delete " : "") + "that instance"
                        + (kind.equals("original")
                                ? "."
                                : ", or choose another " + kind + " prefix (" + setting + ")."));
    }

    private void blockUnknownStatus(Instance instance) {
        block(
                Reason.UNKNOWN_STATUS,
                "The platform says that " + describe(instance) + " is \"" + instance.statusText()
                        + "\", which this version of divio4j does not know.",
                "Wait and look again; if the status stays, look at the environment in Divio's control panel.");
    }

    private void blockDeploying() {
        block(
                Reason.DEPLOYMENT_RUNNING,
                "A deployment of the environment runs.",
                "Wait until it has ended; nothing is added, renamed, detached or deleted meanwhile.");
    }

    private String describe(@Nullable Instance instance) {
        return instance == null
                ? "nothing"
                : seen.service(instance.serviceId()).map(CatalogueService::name).orElse(instance.type()) + " ("
                        + instance.prefix() + ")";
    }

    private String describeInstances() {
        return seen.instances().isEmpty()
                ? "no service instances at all"
                : seen.instances().stream().map(this::describe).sorted().collect(joining(", "));
    }

    private static String names(List<CatalogueService> services) {
        return services.isEmpty()
                ? "nothing"
                : services.stream()
                        .map(s -> s.name() + " [" + s.id() + "]")
                        .sorted()
                        .collect(joining(", "));
    }

    /** The ids of all steps of one environment's upgrade. */
    private record StepIds(EnvironmentRef environment, String prefix, PostgresVersion from, PostgresVersion to) {
        StepId addService() {
            return id("add-service");
        }

        StepId provision() {
            return id("provision");
        }

        StepId backUp() {
            return id("back-up");
        }

        StepId restore() {
            return id("restore");
        }

        StepId renameSource() {
            return id("rename-source");
        }

        StepId detach() {
            return id("detach");
        }

        StepId renameTarget() {
            return id("rename-target");
        }

        StepId deploy() {
            return id("deploy");
        }

        StepId deleteService() {
            return id("delete-service");
        }

        private StepId id(String step) {
            return StepId.of(environment, step, prefix, from, to);
        }
    }
}
