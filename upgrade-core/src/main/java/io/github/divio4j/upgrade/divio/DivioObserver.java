package io.github.divio4j.upgrade.divio;

import static java.util.Objects.requireNonNullElse;

import io.github.divio4j.client.DivioClient;
import io.github.divio4j.client.error.DivioApiException;
import io.github.divio4j.client.error.DivioException;
import io.github.divio4j.client.error.DivioNotFoundException;
import io.github.divio4j.client.model.Application;
import io.github.divio4j.client.model.Backup;
import io.github.divio4j.client.model.Deployment;
import io.github.divio4j.client.model.Restore;
import io.github.divio4j.client.model.ServiceInstance;
import io.github.divio4j.client.model.ServiceInstanceBackup;
import io.github.divio4j.client.model.ServiceInstanceStatus;
import io.github.divio4j.upgrade.CatalogueService;
import io.github.divio4j.upgrade.DatabaseFacts;
import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.OperationNote;
import io.github.divio4j.upgrade.OperationState;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.StepId;
import io.github.divio4j.upgrade.divio.StartedOperations.Started;
import io.github.divio4j.upgrade.run.ObservationException;
import io.github.divio4j.upgrade.run.Observer;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looks at the environments of one application. Reads only. */
final class DivioObserver implements Observer {

    private static final String DATABASE_VARIABLE = "_DATABASE_DSN";
    /** How far back deployments are read, beyond the last that ended well. Older ones say nothing about an upgrade. */
    private static final int DEPLOYMENTS = 10;

    private static final int PAGE = 100;
    /** How many must run at the same time until one list is read for all of them. */
    static final int MANY = 3;
    /** How many must be looked at at the same time until one list is read for all of them: those who share it wait for it. */
    private static final int CROWD = 8;
    /** Up to so many rows are read for all environments together. */
    private static final int FEW = 3 * PAGE;

    private static final Set<Integer> NOT_SERVED = Set.of(404, 405);
    private static final Map<ServiceInstanceStatus, InstanceStatus> STATUS = Map.of(
            ServiceInstanceStatus.NEW, InstanceStatus.NEW,
            ServiceInstanceStatus.PROVISIONING, InstanceStatus.PROVISIONING,
            ServiceInstanceStatus.PENDING_ATTACHMENT, InstanceStatus.PENDING_ATTACHMENT,
            ServiceInstanceStatus.ATTACHED, InstanceStatus.ATTACHED,
            ServiceInstanceStatus.PENDING_DETACHMENT, InstanceStatus.PENDING_DETACHMENT,
            ServiceInstanceStatus.DETACHED, InstanceStatus.DETACHED,
            ServiceInstanceStatus.REMOVED, InstanceStatus.REMOVED);

    private final DivioClient divio;
    private final String applicationSlug;
    private final StartedOperations started;
    private final Clock clock;
    /** The platform lists those of all environments together. */
    private final SharedRead<List<Restore>> listedRestores = new SharedRead<>(this::listedRestores);

    private final SharedList<Backup> backupsOfAll;
    private final SharedList<Deployment> deploymentsOfAll;

    private final AtomicInteger looking = new AtomicInteger();

    private final RunningOperations<Backup> runningBackups;
    private final RunningOperations<Restore> runningRestores;
    private final RunningOperations<Deployment> runningDeployments;

    private final boolean trustAssumedRestore;
    private final @Nullable BackupStore downloads;

    // What never changes once it is known.
    private volatile @Nullable String applicationId;

    private @Nullable Map<Step.Kind, String> unsupported;
    private final Map<String, List<CatalogueService>> catalogues = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> prefixesOfDeployment = new ConcurrentHashMap<>();
    private final Map<String, ServiceInstanceBackup> endedParts = new ConcurrentHashMap<>();

    DivioObserver(
            DivioClient divio,
            String applicationSlug,
            StartedOperations started,
            Clock clock,
            boolean trustAssumedRestore,
            @Nullable BackupStore downloads) {
        this.downloads = downloads;
        this.trustAssumedRestore = trustAssumedRestore;
        this.divio = divio;
        this.applicationSlug = applicationSlug;
        this.started = started;
        this.clock = clock;
        this.backupsOfAll = new SharedList<>(FEW, this::backupsOfAll, Backup::environmentId);
        this.deploymentsOfAll = new SharedList<>(FEW, this::deploymentsOfAll, Deployment::environmentId);
        this.runningBackups =
                new RunningOperations<>(clock, () -> backupsOfAll().limit(PAGE), Backup::id, Backup::finished);
        this.runningRestores =
                new RunningOperations<>(clock, () -> listedRestores(PAGE).stream(), Restore::id, Restore::finished);
        this.runningDeployments = new RunningOperations<>(
                clock, () -> deploymentsOfAll().limit(PAGE), Deployment::id, Deployment::finished);
    }

    @Override
    public List<EnvironmentRef> environments() {
        try {
            Application application = divio.applications().getBySlug(applicationSlug);
            applicationId = application.id();
            return divio.environments().list(application.id()).pageSize(PAGE).stream()
                    .map(e -> new EnvironmentRef(application.slug(), e.id(), e.slug()))
                    .toList();
        } catch (DivioException e) {
            throw new ObservationException("the application " + applicationSlug, e);
        }
    }

    @Override
    public Observation observe(EnvironmentRef environment) {
        try {
            return look(environment);
        } catch (DivioException | UncheckedIOException e) {
            throw new ObservationException(environment, e);
        }
    }

    @Override
    public Observation observe(EnvironmentRef environment, Observation before, Step step) {
        try {
            return look(environment, before, step);
        } catch (DivioException | UncheckedIOException e) {
            throw new ObservationException(environment, e);
        }
    }

    @Override
    public OptionalLong calls() {
        return OptionalLong.of(divio.callsMade());
    }

    private Observation look(EnvironmentRef environment) {
        return amongOthers(() -> {
            Part part = part(environment, this::listedDeployments);
            List<Observation.Backup> backups = backups(environment);
            return seen(environment, part, catalogue(part.instances), backups, restores(environment, backups));
        });
    }

    private Observation amongOthers(Supplier<Observation> look) {
        looking.incrementAndGet();
        try {
            return look.get();
        } finally {
            looking.decrementAndGet();
        }
    }

    private Observation look(EnvironmentRef environment, Observation before, Step step) {
        return switch (step.kind()) {
            // What may follow these harms nobody if a deployment runs.
            case ADD_SERVICE, PROVISION, DELETE_SERVICE -> lookAtInstances(environment, before);
            case RENAME_PREFIX, DETACH, ATTACH, DOWNLOAD_BACKUP -> lookAtPart(environment, before);
            case BACK_UP, CLAIM_TARGET -> backingUp(environment, before, step.id());
            case RESTORE -> restoring(environment, before, (Step.Restore) step);
            case DEPLOY -> deploying(environment, before, step.id());
            // They may take long, and others may have begun something meanwhile.
            case PREFLIGHT, UPLOAD_BACKUP, FENCE_WRITES, VERIFY, ANALYZE, LIFT_FENCE -> look(environment);
        };
    }

    private Observation lookAtPart(EnvironmentRef environment, Observation before) {
        Part part = part(environment, id -> divio.deployments().list(id).stream());
        return seen(environment, part, before.catalogue(), before.backups(), before.restores());
    }

    private Observation lookAtInstances(EnvironmentRef environment, Observation before) {
        Instant at = clock.instant();
        Part part = new Part(at, before.deployments(), instances(environment), before.deployedPrefixes());
        return seen(environment, part, before.catalogue(), before.backups(), before.restores());
    }

    // An operation of which nothing more is to be asked is read alone, or with others like it. Where another request
    // might follow, all is fresh.

    private Observation backingUp(EnvironmentRef environment, Observation before, StepId step) {
        Started own = started.backup(environment.id(), step).orElse(null);
        if (own != null && isOpen(own.id(), before.backups(), Observation.Backup::id, Observation.Backup::state)) {
            RunningOperations.Running<Backup> running =
                    started.backingUp() < MANY ? null : runningBackups.find(own.id(), before.observedAt());
            if (running != null) {
                return seen(environment, before, running.at(), backup(running.operation(), own.note(), own));
            }
            Instant at = clock.instant();
            Observation.Backup now = found(own.id(), divio.backups()::get)
                    .map(b -> backup(b, own.note(), own))
                    .orElse(null);
            if (now != null && now.state() != OperationState.FAILED) {
                if (now.state() == OperationState.SUCCEEDED) {
                    runningBackups.oneHasEnded();
                }
                return seen(environment, before, at, now);
            }
        }
        return look(environment);
    }

    private Observation restoring(EnvironmentRef environment, Observation before, Step.Restore step) {
        Started own = started.restore(environment.id(), step.id()).orElse(null);
        if (own != null
                && isOpen(own.id(), before.restores(), Observation.Restore::id, Observation.Restore::state)
                && isNewest(own.backupId(), before.backups(), step.backUp())) {
            RunningOperations.Running<Restore> running =
                    started.restoring() < MANY ? null : runningRestores.find(own.id(), before.observedAt());
            if (running != null) {
                return seen(
                        environment,
                        before,
                        running.at(),
                        restore(running.operation(), own.note(), own.backupId(), own));
            }
            Instant at = clock.instant();
            Observation.Restore now = found(own.id(), divio.restores()::get)
                    .map(r -> restore(r, own.note(), own.backupId(), own))
                    .orElse(null);
            if (now != null && now.state() != OperationState.FAILED) {
                if (now.state() == OperationState.SUCCEEDED) {
                    runningRestores.oneHasEnded();
                }
                return seen(environment, before, at, now);
            }
        }
        return look(environment);
    }

    private static boolean isNewest(String backupId, List<Observation.Backup> backups, StepId step) {
        return backups.stream()
                .filter(b -> b.note().step().equals(step) && b.state() == OperationState.SUCCEEDED)
                .reduce((earlier, later) -> later)
                .filter(b -> b.id().equals(backupId))
                .isPresent();
    }

    private Observation deploying(EnvironmentRef environment, Observation before, StepId step) {
        String own = started.deployment(step);
        if (own != null
                && isOpen(own, before.deployments(), Observation.Deployment::id, Observation.Deployment::state)) {
            RunningOperations.Running<Deployment> running =
                    started.deploying() < MANY ? null : runningDeployments.find(own, before.observedAt());
            if (running != null) {
                return seen(environment, before, running.at(), deployment(running.operation()));
            }
            Instant at = clock.instant();
            Deployment now = found(own, divio.deployments()::get).orElse(null);
            if (now != null && (!now.finished() || now.succeeded())) {
                if (now.finished()) {
                    runningDeployments.oneHasEnded();
                    if (!now.environmentVariableNames().isEmpty()) {
                        learnPrefixes(own, now.environmentVariableNames());
                    }
                }
                return seen(environment, before, at, deployment(now));
            }
        }
        return lookAtPart(environment, before);
    }

    /** Whether one list shows the operations of a kind that run, where many do. */
    boolean sharesLooks(Step.Kind kind) {
        return switch (kind) {
            case BACK_UP -> runningBackups.isUseful();
            case RESTORE -> runningRestores.isUseful();
            case DEPLOY -> runningDeployments.isUseful();
            case ADD_SERVICE,
                    CLAIM_TARGET,
                    PROVISION,
                    PREFLIGHT,
                    FENCE_WRITES,
                    UPLOAD_BACKUP,
                    VERIFY,
                    ANALYZE,
                    RENAME_PREFIX,
                    DETACH,
                    ATTACH,
                    LIFT_FENCE,
                    DOWNLOAD_BACKUP,
                    DELETE_SERVICE -> false;
        };
    }

    private Stream<Backup> backupsOfAll() {
        return divio.backups().list().pageSize(PAGE).stream();
    }

    private Stream<Deployment> deploymentsOfAll() {
        return divio.deployments().listOfApplication(applicationId()).pageSize(PAGE).stream();
    }

    private String applicationId() {
        String known = applicationId;
        if (known == null) {
            known = divio.applications().getBySlug(applicationSlug).id();
            applicationId = known;
        }
        return known;
    }

    // All as before but one operation.

    private Observation seen(EnvironmentRef environment, Observation before, Instant at, Observation.Backup now) {
        List<Observation.Backup> backups = replaced(before.backups(), Observation.Backup::id, now);
        return seen(environment, Part.of(before, at), before.catalogue(), backups, before.restores());
    }

    private Observation seen(EnvironmentRef environment, Observation before, Instant at, Observation.Restore now) {
        List<Observation.Restore> restores = replaced(before.restores(), Observation.Restore::id, now);
        return seen(environment, Part.of(before, at), before.catalogue(), before.backups(), restores);
    }

    private Observation seen(EnvironmentRef environment, Observation before, Instant at, Observation.Deployment now) {
        List<Observation.Deployment> deployments = replaced(before.deployments(), Observation.Deployment::id, now);
        Part part = new Part(at, deployments, before.instances(), before.deployedPrefixes());
        return seen(environment, part, before.catalogue(), before.backups(), before.restores());
    }

    /** Whether an operation had not ended, or was not known yet. */
    private static <T> boolean isOpen(
            String own, List<T> known, Function<T, String> id, Function<T, OperationState> state) {
        return known.stream()
                .filter(o -> id.apply(o).equals(own))
                .allMatch(o -> state.apply(o) == OperationState.RUNNING);
    }

    private static <T> List<T> replaced(List<T> known, Function<T, String> id, T fresh) {
        return Stream.concat(known.stream().filter(o -> !id.apply(o).equals(id.apply(fresh))), Stream.of(fresh))
                .toList();
    }

    private static <T> Optional<T> found(String id, Function<String, T> read) {
        try {
            return Optional.of(read.apply(id));
        } catch (DivioNotFoundException gone) {
            return Optional.empty();
        }
    }

    /** What every change must know afresh. */
    private record Part(
            Instant at,
            List<Observation.Deployment> deployments,
            List<Observation.Instance> instances,
            @Nullable Set<String> deployedPrefixes) {

        static Part of(Observation before, Instant at) {
            return new Part(at, before.deployments(), before.instances(), before.deployedPrefixes());
        }
    }

    private Observation seen(
            EnvironmentRef environment,
            Part part,
            List<CatalogueService> catalogue,
            List<Observation.Backup> backups,
            List<Observation.Restore> restores) {
        return new Observation(
                environment,
                part.at,
                catalogue,
                part.instances,
                backups,
                restores,
                part.deployments,
                part.deployedPrefixes,
                unsupported(),
                downloads == null ? Set.of() : downloads.stored(environment),
                DatabaseFacts.NONE);
    }

    private Part part(EnvironmentRef environment, Function<String, Stream<Deployment>> listed) {
        // Taken first: what is read later is younger, never older than it claims to be.
        Instant at = clock.instant();
        // Deployments before instances: one that ends in between is then seen as running, and nothing is done.
        List<Deployment> deployments = new ArrayList<>();
        Deployment latestGood = null;
        for (Deployment deployment : (Iterable<Deployment>) listed.apply(environment.id())::iterator) {
            deployments.add(deployment);
            latestGood = latestGood == null && deployment.succeeded() ? deployment : latestGood;
            if (latestGood != null && deployments.size() >= DEPLOYMENTS) {
                break;
            }
        }
        List<Observation.Instance> instances = instances(environment);
        return new Part(
                at,
                deployments.stream().map(DivioObserver::deployment).toList(),
                instances,
                latestGood == null || !leaveAChoice(instances) ? null : databasePrefixes(latestGood.id()));
    }

    /** Whether it could be asked which of them the application runs on. For one alone it is not worth a call. */
    private static boolean leaveAChoice(List<Observation.Instance> instances) {
        return instances.stream().filter(Observation.Instance::isDatabase).count() > 1;
    }

    private List<Observation.Instance> instances(EnvironmentRef environment) {
        return divio.serviceInstances().list(environment.id()).stream()
                .map(DivioObserver::instance)
                .toList();
    }

    private List<CatalogueService> catalogue(List<Observation.Instance> instances) {
        return instances.stream()
                .map(Observation.Instance::regionId)
                .filter(r -> !r.isEmpty())
                .distinct()
                .flatMap(r -> catalogues.computeIfAbsent(r, this::catalogueOf).stream())
                .toList();
    }

    private List<CatalogueService> catalogueOf(String regionId) {
        return divio.services().list(regionId).stream()
                .map(s -> new CatalogueService(s.id(), s.name(), s.identifier()))
                .toList();
    }

    private static Observation.Instance instance(ServiceInstance instance) {
        return new Observation.Instance(
                instance.id(),
                requireNonNullElse(instance.serviceId(), ""),
                instance.type().name(),
                instance.prefix(),
                STATUS.getOrDefault(instance.status(), InstanceStatus.UNKNOWN),
                instance.status().text(),
                requireNonNullElse(instance.regionId(), ""));
    }

    private static Observation.Deployment deployment(Deployment deployment) {
        return new Observation.Deployment(
                deployment.id(), state(deployment.finished(), deployment.succeeded()), deployment.endedAt());
    }

    private static OperationState state(boolean finished, boolean succeeded) {
        if (!finished) {
            return OperationState.RUNNING;
        }
        return succeeded ? OperationState.SUCCEEDED : OperationState.FAILED;
    }

    /** Asked once, for all who look at the same time: a platform does not change its calls in the middle of an upgrade. */
    private synchronized Map<Step.Kind, String> unsupported() {
        Map<Step.Kind, String> known = unsupported;
        if (known == null) {
            known = ContractGaps.of(divio.contract().verify(), trustAssumedRestore);
            if (downloads == null) {
                known.put(Step.Kind.DOWNLOAD_BACKUP, "no folder for downloaded backups was given (backupDirectory).");
            }
            unsupported = known;
        }
        return known;
    }

    /** Which databases a deployment gave to the application. Only the names of its variables are read, no secrets. */
    private Set<String> databasePrefixes(String deploymentId) {
        Set<String> known = prefixesOfDeployment.get(deploymentId);
        if (known != null) {
            return known;
        }
        Collection<String> names = divio.deployments().get(deploymentId).environmentVariableNames();
        if (names.isEmpty()) {
            names = divio.deployments().environmentVariables(deploymentId).names();
        }
        return learnPrefixes(deploymentId, names);
    }

    private Set<String> learnPrefixes(String deploymentId, Collection<String> variables) {
        Set<String> prefixes = variables.stream()
                .filter(n -> n.endsWith(DATABASE_VARIABLE))
                .map(n -> n.substring(0, n.length() - DATABASE_VARIABLE.length()))
                .collect(Collectors.toCollection(TreeSet::new));
        prefixesOfDeployment.put(deploymentId, prefixes);
        return prefixes;
    }

    private List<Observation.Backup> backups(EnvironmentRef environment) {
        Map<String, Started> ours = byId(started.backups(environment.id()));
        Map<String, Backup> found = new LinkedHashMap<>();
        listedBackups(environment.id()).forEach(b -> found.put(b.id(), b));
        addUnlisted(found, ours.keySet(), divio.backups()::get);
        List<Observation.Backup> backups = new ArrayList<>();
        for (Backup backup : found.values()) {
            Started own = ours.get(backup.id());
            noteOf(own, backup.notes()).ifPresent(note -> backups.add(backup(backup, note, own)));
        }
        return backups;
    }

    private Stream<Backup> listedBackups(String environmentId) {
        return shared(backupsOfAll, environmentId).orElseGet(() -> divio.backups().list(environmentId).stream());
    }

    private Stream<Deployment> listedDeployments(String environmentId) {
        return shared(deploymentsOfAll, environmentId)
                .orElseGet(() -> divio.deployments().list(environmentId).stream());
    }

    private <T> Optional<Stream<T>> shared(SharedList<T> list, String environmentId) {
        return looking.get() < CROWD ? Optional.empty() : list.of(environmentId);
    }

    /** Adds what this process started and the list does not show; what expired or was deleted stays away. */
    private static <T> void addUnlisted(Map<String, T> found, Set<String> ids, Function<String, T> read) {
        for (String id : ids) {
            if (!found.containsKey(id)) {
                found(id, read).ifPresent(operation -> found.put(id, operation));
            }
        }
    }

    private static Optional<OperationNote> noteOf(StartedOperations.@Nullable Started own, @Nullable String notes) {
        return own == null ? OperationNote.parse(notes) : Optional.of(own.note());
    }

    private Observation.Backup backup(Backup backup, OperationNote note, StartedOperations.@Nullable Started own) {
        // A copy is one of the target's.
        String instanceId = note.copyOf() == null ? note.instanceId() : note.target();
        // A part of one that runs says nothing that counts.
        Optional<ServiceInstanceBackup> part = (backup.finished()
                        ? backup.serviceInstanceBackupIds().stream()
                        : Stream.<String>empty())
                .flatMap(id -> part(id).stream())
                .filter(p ->
                        p.serviceInstanceId() == null || p.serviceInstanceId().equals(instanceId))
                .findFirst();
        boolean partFailed = part.filter(p -> p.finished() && !p.succeeded()).isPresent();
        // Without any time a backup counts as too old: it must not look fresher than it is.
        Instant startedAt = part.flatMap(DivioObserver::startedAt)
                .or(() -> Optional.ofNullable(backup.startedAt()))
                .or(() -> Optional.ofNullable(backup.createdAt()))
                .orElse(own == null ? Instant.EPOCH : own.at());
        return new Observation.Backup(
                backup.id(),
                note,
                state(backup.finished(), backup.succeeded() && part.isPresent() && !partFailed),
                startedAt,
                part.map(ServiceInstanceBackup::id).orElse(null));
    }

    private Optional<ServiceInstanceBackup> part(String id) {
        ServiceInstanceBackup known = endedParts.get(id);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<ServiceInstanceBackup> part = found(id, divio.serviceInstanceBackups()::get);
        part.filter(ServiceInstanceBackup::finished).ifPresent(p -> endedParts.put(id, p));
        return part;
    }

    /** The earliest time that the platform tells. */
    private static Optional<Instant> startedAt(ServiceInstanceBackup part) {
        return Stream.of(
                        Optional.ofNullable(part.queuedAt()),
                        Optional.ofNullable(part.startedAt()),
                        Optional.ofNullable(part.takenAt()))
                .flatMap(Optional::stream)
                .min(Instant::compareTo);
    }

    private List<Observation.Restore> restores(EnvironmentRef environment, List<Observation.Backup> backups) {
        Map<String, Started> ours = byId(started.restores(environment.id()));
        Map<String, Restore> found = new LinkedHashMap<>();
        listedRestores.get().forEach(r -> found.put(r.id(), r));
        addUnlisted(found, ours.keySet(), divio.restores()::get);
        List<Observation.Restore> restores = new ArrayList<>();
        for (Restore restore : found.values()) {
            Started own = ours.get(restore.id());
            String backupId = own == null ? restore.backupId() : own.backupId();
            Optional<OperationNote> note =
                    noteOf(own, restore.notes()).filter(n -> isOf(environment, n) && wentWhereAsked(restore, n));
            if (note.isPresent() && backupId != null) {
                restores.add(restore(restore, note.get(), original(backupId, backups), own));
            }
        }
        return restores;
    }

    /** The backup whose data a restore brings: what a copy is a copy of. */
    private static String original(String backupId, List<Observation.Backup> backups) {
        return backups.stream()
                .filter(b -> b.id().equals(backupId))
                .flatMap(b -> Stream.ofNullable(b.note().copyOf()))
                .findFirst()
                .orElse(backupId);
    }

    /** A restore that the platform says went elsewhere proves nothing about the target. */
    private static boolean wentWhereAsked(Restore restore, OperationNote note) {
        return restore.targetServiceInstanceIds().isEmpty()
                || restore.targetServiceInstanceIds().contains(note.instanceId());
    }

    private static Observation.Restore restore(
            Restore restore, OperationNote note, String backupId, StartedOperations.@Nullable Started own) {
        return new Observation.Restore(
                restore.id(),
                note,
                backupId,
                state(restore.finished(), restore.succeeded()),
                requireNonNullElse(restore.createdAt(), own == null ? Instant.EPOCH : own.at()));
    }

    private static boolean isOf(EnvironmentRef environment, OperationNote note) {
        return note.step().text().startsWith(environment.application() + "/" + environment.slug() + "/");
    }

    /** That restores can be listed is an assumption; without it, those of this process are known all the same. */
    private List<Restore> listedRestores() {
        return listedRestores(Long.MAX_VALUE);
    }

    private List<Restore> listedRestores(long most) {
        try {
            return divio.restores().list().pageSize(PAGE).stream().limit(most).toList();
        } catch (DivioApiException e) {
            if (NOT_SERVED.contains(e.status())) {
                return List.of();
            }
            throw e;
        }
    }

    private static Map<String, Started> byId(List<Started> operations) {
        return operations.stream()
                .collect(Collectors.toMap(Started::id, Function.identity(), (earlier, later) -> later));
    }
}
