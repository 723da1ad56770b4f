package io.github.divio4j.upgrade;

import io.github.divio4j.upgrade.Observation.Backup;
import io.github.divio4j.upgrade.Observation.Deployment;
import io.github.divio4j.upgrade.Observation.Instance;
import io.github.divio4j.upgrade.Observation.Restore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One environment in any position, reachable or not, and what the platform makes of it when a step is done: smaller and
 * faster than a simulated world, for going through millions of positions. It refuses what Divio's documentation refuses.
 */
final class Position {

    static final String PREFIX = "DEFAULT";
    static final CatalogueService OLDER = new CatalogueService("pg13", "PostgreSQL Database 13", null);
    static final CatalogueService NEWER = new CatalogueService("pg15", "PostgreSQL Database 15", null);
    static final CatalogueService MYSQL = new CatalogueService("mysql", "MySQL Database 8", null);
    static final CatalogueService STORAGE = new CatalogueService("storage", "Object Storage", null);
    static final CatalogueService NEWEST = new CatalogueService("pg17", "PostgreSQL Database 17", null);
    static final List<CatalogueService> CATALOGUE = List.of(MYSQL, OLDER, NEWER, NEWEST, STORAGE);
    static final EnvironmentRef ENVIRONMENT = new EnvironmentRef("shop", "environment-1", "test");
    static final StepIds IDS =
            new StepIds(ENVIRONMENT, PREFIX, PostgresVersion.parse("13"), PostgresVersion.parse("15"));
    static final String SOURCE_ID = "source";
    static final String TARGET_ID = "target";

    private Instant now = Instant.parse("2026-01-01T12:00:00Z");
    private List<Instance> instances;
    private List<Backup> backups;
    private List<Restore> restores;
    private List<Deployment> deployments;
    private @Nullable Set<String> deployed;
    private Set<String> downloads = Set.of();
    /** Around the source. */
    private DatabaseFacts.@Nullable Fence fence;

    private boolean fencesStopApplication;
    private Map<String, UpgradeSpec.Verification> verified = Map.of();
    private Set<String> analyzed = Set.of();
    private Map<String, DatabaseFacts.Preflight> preflights = Map.of();
    private int ids;
    /** What is seen of it, until something changes. */
    private @Nullable Observation seen;

    Position(
            List<Instance> instances,
            List<Backup> backups,
            List<Restore> restores,
            List<Deployment> deployments,
            @Nullable Set<String> deployed) {
        this.instances = instances;
        this.backups = backups;
        this.restores = restores;
        this.deployments = deployments;
        this.deployed = deployed;
    }

    Position copy() {
        Position copy = new Position(instances, backups, restores, deployments, deployed);
        copy.now = now;
        copy.downloads = downloads;
        copy.fence = fence;
        copy.fencesStopApplication = fencesStopApplication;
        copy.verified = verified;
        copy.analyzed = analyzed;
        copy.preflights = preflights;
        copy.ids = ids;
        copy.seen = seen;
        return copy;
    }

    static Instance instance(String id, CatalogueService service, String type, String prefix, InstanceStatus status) {
        return new Instance(id, service.id(), type, prefix, status, status.name(), "region-1");
    }

    Observation seen() {
        Observation last = seen;
        if (last == null) {
            last = new Observation(
                    ENVIRONMENT,
                    now,
                    CATALOGUE,
                    instances,
                    backups,
                    restores,
                    deployments,
                    deployed,
                    Map.of(),
                    downloads,
                    facts());
            seen = last;
        }
        return last;
    }

    private DatabaseFacts facts() {
        return fence == null
                        && verified.isEmpty()
                        && analyzed.isEmpty()
                        && preflights.isEmpty()
                        && !fencesStopApplication
                ? DatabaseFacts.NONE
                : new DatabaseFacts(
                        fence == null ? Map.of() : Map.of(SOURCE_ID, fence),
                        verified,
                        analyzed,
                        preflights,
                        fencesStopApplication,
                        Map.of());
    }

    /** Puts a fence around the source, under which the backups were begun that say so. */
    Position fenced(String token) {
        Position fenced = copy();
        fenced.fence = new DatabaseFacts.Fence(token, now, true);
        fenced.seen = null;
        return fenced;
    }

    /** Says that fences stop the application itself. */
    Position stoppedByFences() {
        Position stopped = copy();
        stopped.fencesStopApplication = true;
        stopped.seen = null;
        return stopped;
    }

    /** Says that what a restore brought was compared. */
    Position verified(String restore, UpgradeSpec.Verification level) {
        Position compared = copy();
        compared.verified = Map.of(restore, level);
        compared.seen = null;
        return compared;
    }

    /** Adds a backup whose note claims the target. */
    Position claimed(OperationState state) {
        Position claimed = copy();
        List<Backup> more = new ArrayList<>(backups);
        OperationNote note = new OperationNote(IDS.claimTarget(), SOURCE_ID).claiming(TARGET_ID);
        more.add(new Backup("claim", note, state, Instant.parse("2026-01-01T05:00:00Z"), "part-of-claim"));
        claimed.backups = more;
        claimed.seen = null;
        return claimed;
    }

    /** Does a step as the platform does it, to its end, after the check that every executor makes. */
    void apply(Step step) {
        Optional<String> violation = SafetyCheck.violation(step, seen());
        if (violation.isPresent()) {
            throw new AssertionError(step.id() + " in " + this + ": " + violation.get());
        }
        now = now.plusSeconds(10);
        switch (step.kind()) {
            case ADD_SERVICE -> add(((Step.AddService) step).target());
            case CLAIM_TARGET -> claim((Step.ClaimTarget) step);
            case PREFLIGHT ->
                preflights = Map.of(SOURCE_ID, new DatabaseFacts.Preflight(PostgresVersion.parse("15"), List.of()));
            case FENCE_WRITES -> fence = new DatabaseFacts.Fence("fence-" + ++ids, now, true);
            case LIFT_FENCE -> fence = null;
            case UPLOAD_BACKUP -> upload((Step.UploadBackup) step);
            case VERIFY -> verified = Map.of(newestRestore(), ((Step.Verify) step).level());
            case ANALYZE -> analyzed = Set.of(newestRestore());
            case PROVISION -> setStatus(((Step.Provision) step).target(), InstanceStatus.PENDING_ATTACHMENT);
            case BACK_UP -> backUp((Step.BackUp) step);
            case RESTORE -> restore((Step.Restore) step);
            case RENAME_PREFIX -> rename((Step.RenamePrefix) step);
            case DETACH -> detach(((Step.Detach) step).instance());
            case ATTACH -> attach(((Step.Attach) step).instance());
            case DEPLOY -> deploy((Step.Deploy) step);
            case DOWNLOAD_BACKUP -> downloads = Set.of(restored());
            case DELETE_SERVICE -> delete(((Step.DeleteService) step).instance());
        }
        seen = null;
    }

    private Instance get(InstanceRef ref) {
        for (Instance instance : instances) {
            if (instance.isDatabase()
                    && instance.prefix().equals(ref.prefix())
                    && instance.serviceId().equals(ref.service().id())) {
                return instance;
            }
        }
        throw new AssertionError(ref + " is not there in " + this);
    }

    private void require(boolean condition, InstanceRef ref) {
        if (!condition) {
            throw new AssertionError("the platform refuses that of " + ref + " in " + this);
        }
    }

    private void replace(Instance before, @Nullable Instance after) {
        List<Instance> changed = new ArrayList<>(instances);
        changed.remove(before);
        if (after != null) {
            changed.add(after);
        }
        instances = changed;
    }

    private static Instance with(Instance instance, String prefix, InstanceStatus status) {
        return new Instance(
                instance.id(),
                instance.serviceId(),
                instance.type(),
                prefix,
                status,
                status.name(),
                instance.regionId());
    }

    private void setStatus(InstanceRef ref, InstanceStatus status) {
        Instance instance = get(ref);
        replace(instance, with(instance, instance.prefix(), status));
    }

    private void add(InstanceRef target) {
        List<Instance> changed = new ArrayList<>(instances);
        changed.add(instance(
                TARGET_ID + "-" + ++ids, target.service(), Observation.DATABASE, target.prefix(), InstanceStatus.NEW));
        instances = changed;
    }

    private void backUp(Step.BackUp step) {
        Instance source = get(step.source());
        List<Backup> changed = new ArrayList<>(backups);
        boolean ran = changed.removeIf(b -> b.state() == OperationState.RUNNING
                && b.note().step().equals(step.id())
                && b.note().instanceId().equals(source.id()));
        Instant startedAt = ran ? now.minusSeconds(5) : now;
        changed.add(new Backup(
                "made-" + ++ids, note(step.id(), source), OperationState.SUCCEEDED, startedAt, "part-" + ids));
        backups = changed;
    }

    private OperationNote note(StepId step, Instance source) {
        return new OperationNote(step, source.id(), null, null, fence == null ? null : fence.token(), null, null);
    }

    private void claim(Step.ClaimTarget step) {
        Instance target = get(step.target());
        require(target.status() == InstanceStatus.NEW, step.target());
        add(note(step.id(), get(step.source())).claiming(target.id()));
    }

    private void upload(Step.UploadBackup step) {
        add(note(step.id(), get(step.source()))
                .copying(newestBackup(step.backUp()).id(), get(step.target()).id()));
    }

    private void add(OperationNote note) {
        List<Backup> changed = new ArrayList<>(backups);
        changed.removeIf(
                b -> b.state() == OperationState.RUNNING && b.note().step().equals(note.step()));
        changed.add(new Backup("made-" + ++ids, note, OperationState.SUCCEEDED, now, "part-" + ids));
        backups = changed;
    }

    private Backup newestBackup(StepId step) {
        return backups.stream()
                .filter(b -> b.note().step().equals(step)
                        && b.note().instanceId().equals(SOURCE_ID)
                        && b.state() == OperationState.SUCCEEDED)
                .max((a, b) -> a.startedAt().compareTo(b.startedAt()))
                .orElseThrow(() -> new AssertionError("no good backup in " + this));
    }

    private String newestRestore() {
        return restores.get(restores.size() - 1).id();
    }

    private void restore(Step.Restore step) {
        Instance source = get(step.source());
        Instance target = get(step.target());
        Backup backup = backups.stream()
                .filter(b -> b.note().step().equals(step.backUp())
                        && b.note().instanceId().equals(source.id())
                        && b.state() == OperationState.SUCCEEDED)
                .max((a, b) -> a.startedAt().compareTo(b.startedAt()))
                .orElseThrow(() -> new AssertionError("nothing to restore in " + this));
        List<Restore> changed = new ArrayList<>(restores);
        changed.removeIf(r -> r.state() == OperationState.RUNNING);
        changed.add(new Restore(
                "made-" + ++ids,
                new OperationNote(step.id(), target.id()),
                backup.id(),
                OperationState.SUCCEEDED,
                now));
        restores = changed;
    }

    private String restored() {
        return restores.get(restores.size() - 1).backupId();
    }

    private void rename(Step.RenamePrefix step) {
        for (Instance other : instances) {
            require(!other.isDatabase() || !other.prefix().equals(step.to()), step.instance());
        }
        Instance instance = get(step.instance());
        replace(instance, with(instance, step.to(), instance.status()));
    }

    private void detach(InstanceRef ref) {
        require(get(ref).status() == InstanceStatus.ATTACHED, ref);
        setStatus(ref, InstanceStatus.PENDING_DETACHMENT);
    }

    private void attach(InstanceRef ref) {
        boolean wasDetached = get(ref).status() == InstanceStatus.DETACHED;
        setStatus(ref, wasDetached ? InstanceStatus.PENDING_ATTACHMENT : InstanceStatus.ATTACHED);
    }

    private void deploy(Step.Deploy step) {
        if (seen().isDeploying()) {
            finishDeployment();
            if (SafetyCheck.hasMoved(step, seen())) {
                return;
            }
        }
        finishDeployment();
    }

    /** Somebody deploys, or a running deployment ends well. */
    void finishDeployment() {
        now = now.plus(Duration.ofMinutes(1));
        List<Instance> changed = new ArrayList<>();
        Set<String> prefixes = new TreeSet<>();
        for (Instance instance : instances) {
            InstanceStatus status = switch (instance.status()) {
                case NEW, PROVISIONING, PENDING_ATTACHMENT, ATTACHED -> InstanceStatus.ATTACHED;
                case PENDING_DETACHMENT, DETACHED -> InstanceStatus.DETACHED;
                case REMOVED -> InstanceStatus.REMOVED;
                case UNKNOWN -> InstanceStatus.UNKNOWN;
            };
            changed.add(with(instance, instance.prefix(), status));
            if (status == InstanceStatus.ATTACHED && instance.isDatabase()) {
                prefixes.add(instance.prefix());
            }
        }
        instances = changed;
        deployed = prefixes;
        List<Deployment> ended = new ArrayList<>(deployments);
        ended.removeIf(d -> d.state() == OperationState.RUNNING);
        ended.add(new Deployment("deployment-" + ++ids, OperationState.SUCCEEDED, now));
        deployments = ended;
        seen = null;
    }

    private void delete(InstanceRef ref) {
        Instance instance = get(ref);
        require(instance.status() == InstanceStatus.NEW || instance.status() == InstanceStatus.DETACHED, ref);
        replace(instance, null);
    }

    @Override
    public String toString() {
        return "[" + String.join(", ", instances.stream().map(Position::words).toList())
                + "; backups "
                + backups.stream().map(b -> b.state() + "@" + b.startedAt()).toList()
                + "; restores "
                + restores.stream().map(r -> r.state() + " of " + r.backupId()).toList()
                + "; deployment " + deployments.stream().map(Deployment::state).toList()
                + "; deployed with " + deployed + "]";
    }

    private static String words(Instance instance) {
        return instance.id() + " " + instance.prefix() + " " + instance.status();
    }
}
