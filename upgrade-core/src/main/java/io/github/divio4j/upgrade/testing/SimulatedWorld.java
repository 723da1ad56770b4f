package io.github.divio4j.upgrade.testing;

import static java.util.Objects.requireNonNull;

import io.github.divio4j.upgrade.CatalogueService;
import io.github.divio4j.upgrade.DatabaseFacts;
import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceRef;
import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.OperationNote;
import io.github.divio4j.upgrade.OperationState;
import io.github.divio4j.upgrade.PostgresVersion;
import io.github.divio4j.upgrade.SafetyCheck;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradeSpec.Verification;
import io.github.divio4j.upgrade.run.Observer;
import io.github.divio4j.upgrade.run.StepContext;
import io.github.divio4j.upgrade.run.StepExecutor;
import io.github.divio4j.upgrade.run.StepOutcome;
import io.github.divio4j.upgrade.run.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A platform in memory: environments with service instances that live as Divio's do, backups, restores and deployments
 * that take a minute of virtual time each, and an application in each environment that writes rows.
 *
 * <p>It obeys orders, even wrong ones, as a platform does; those that no upgrade may ever give are listed by
 * {@link #violations()}. All methods may be called by several threads.
 */
public final class SimulatedWorld implements Observer, StepExecutor, Timer {

    private static final Duration OPERATION = Duration.ofMinutes(1);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);
    /** What takes long is looked at more rarely: after this part of the time that it took so far. */
    private static final int PART_OF_ELAPSED = 8;

    private static final String REGION = "region-1";

    private final String application;
    private final List<CatalogueService> catalogue = new ArrayList<>();
    private final List<CatalogueService> withdrawn = new ArrayList<>();
    private final Map<EnvironmentRef, Environment> environments = new LinkedHashMap<>();
    private final Map<String, Instance> deleted = new HashMap<>();
    private final Map<Step.Kind, Fault> faults = new EnumMap<>(Step.Kind.class);
    private final Map<Step.Kind, String> refused = new EnumMap<>(Step.Kind.class);
    private final List<String> violations = new ArrayList<>();
    private final List<String> changes = new ArrayList<>();
    private Function<Step, Optional<Fault>> chosenFaults = step -> Optional.empty();
    private Function<Step.Kind, Duration> durations = kind -> OPERATION;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private int ids;
    private long rows;

    private SimulatedWorld(String application) {
        this.application = application;
    }

    /**
     * A world with one application, no environment yet, and a catalogue of PostgreSQL services.
     *
     * @param application the application's slug
     * @param postgresVersions the versions that the catalogue offers
     */
    public static SimulatedWorld create(String application, String... postgresVersions) {
        SimulatedWorld world = new SimulatedWorld(application);
        for (String version : postgresVersions) {
            world.addService("PostgreSQL Database " + version);
        }
        return world;
    }

    // Setting the scene

    /** Adds a catalogue entry and returns its id. */
    public synchronized String addService(String name) {
        CatalogueService service = new CatalogueService(nextId("service"), name, null);
        catalogue.add(service);
        return service.id();
    }

    /** Adds an environment without service instances. */
    public synchronized EnvironmentRef addEnvironment(String slug) {
        EnvironmentRef ref = new EnvironmentRef(application, nextId("environment"), slug);
        environments.put(ref, new Environment(ref));
        return ref;
    }

    /**
     * Adds a service instance, in any status, and returns its id. An attached database is one that the application was
     * deployed with; the first of them is the one it writes to.
     *
     * @param serviceName the name of the catalogue entry; it is added to the catalogue if it is not there
     * @param type {@link Observation#DATABASE}, {@code STORAGE} or any other
     */
    public synchronized String addInstance(
            EnvironmentRef ref, String serviceName, String type, String prefix, InstanceStatus status) {
        String serviceId = catalogue.stream()
                .filter(s -> s.name().equals(serviceName))
                .findFirst()
                .map(CatalogueService::id)
                .orElseGet(() -> addService(serviceName));
        Environment environment = environment(ref);
        Instance instance = new Instance(nextId("instance"), serviceId, type, prefix, status);
        environment.instances.put(instance.id, instance);
        if (type.equals(Observation.DATABASE) && status.visibleToApplication()) {
            environment.deployed.put(prefix, instance.id);
            if (environment.applicationPrefix == null) {
                environment.applicationPrefix = prefix;
            }
        }
        return instance.id;
    }

    /** Adds a PostgreSQL instance; see {@link #addInstance}. */
    public synchronized String addPostgres(EnvironmentRef ref, String version, String prefix, InstanceStatus status) {
        return addInstance(ref, "PostgreSQL Database " + version, Observation.DATABASE, prefix, status);
    }

    // Faults

    /** The next backup, restore or deployment is begun and ends badly; the next order of another kind is refused. */
    public synchronized void failNext(Step.Kind kind) {
        faults.put(kind, Fault.FAIL);
    }

    /** The next change of this kind takes effect, and its answer is lost on the way. */
    public synchronized void loseAnswerOfNext(Step.Kind kind) {
        faults.put(kind, Fault.LOSE_ANSWER);
    }

    /** The next change of this kind takes effect, and the calling process dies: {@link SimulatedCrash}. */
    public synchronized void crashAfterNext(Step.Kind kind) {
        faults.put(kind, Fault.CRASH_AFTER);
    }

    /** The calling process dies right before the next change of this kind: {@link SimulatedCrash}. */
    public synchronized void crashBeforeNext(Step.Kind kind) {
        faults.put(kind, Fault.CRASH_BEFORE);
    }

    /**
     * The platform says that it does not support a kind of step.
     *
     * @param reason the reason, as a sentence
     */
    public synchronized void refuse(Step.Kind kind, String reason) {
        refused.put(kind, reason);
    }

    /** Lets the next preflight of an environment find something that would break its restore. */
    public synchronized void obstruct(EnvironmentRef environment, String message, String remedy) {
        environment(environment).obstacles.add(new DatabaseFacts.Obstacle(message, remedy));
    }

    /** Takes away what preflights of an environment find, and lets them be made again. */
    public synchronized void clearObstacles(EnvironmentRef environment) {
        environment(environment).obstacles.clear();
        environment(environment).preflights.clear();
    }

    /**
     * Lets a function choose what befalls each change, beside the faults that are set for the next one of a kind. It is
     * asked only when something is about to be changed, and must not call this world.
     */
    public synchronized void chooseFaults(Function<Step, Optional<Fault>> choice) {
        this.chosenFaults = requireNonNull(choice, "choice");
    }

    /**
     * Lets a function choose how long each operation takes: to provision, back up, restore and deploy, whoever asks for it.
     * Default 1 minute. It must not call this world.
     */
    public synchronized void chooseDurations(Function<Step.Kind, Duration> choice) {
        this.durations = requireNonNull(choice, "choice");
    }

    // Life beside the upgrade

    /** Somebody deploys the environment; it takes a minute of virtual time. */
    public synchronized void deploy(EnvironmentRef ref) {
        startDeployment(environment(ref), false);
    }

    /** Somebody gives an instance another prefix. */
    public synchronized void rename(String instanceId, String prefix) {
        instance(instanceId).prefix = prefix;
    }

    /** Somebody deletes an instance. The running application goes on with its old variables until it is deployed. */
    public synchronized void removeInstance(String instanceId) {
        deleted.put(instanceId, instance(instanceId));
        environments.values().forEach(e -> e.instances.remove(instanceId));
    }

    /** The platform throws away the backups of an environment that have ended. Their restores stay listed. */
    public synchronized void expireBackups(EnvironmentRef ref) {
        settle();
        environment(ref).backups.removeIf(b -> b.state != OperationState.RUNNING);
    }

    /** The platform offers a service no longer; its instances stay. */
    public synchronized void removeFromCatalogue(String serviceName) {
        CatalogueService gone = catalogue.stream()
                .filter(s -> s.name().equals(serviceName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no service " + serviceName));
        catalogue.remove(gone);
        withdrawn.add(gone);
    }

    /**
     * The application of an environment writes a row to the database it was deployed with.
     *
     * @return what {@link #rows} calls the row
     * @throws IllegalStateException if the application has no database, or its database refuses writes
     */
    public synchronized long write(EnvironmentRef ref) {
        Environment environment = environment(ref);
        settle();
        String id = environment.deployed.get(environment.applicationPrefix);
        if (id == null || !environment.instances.containsKey(id)) {
            throw new IllegalStateException("the application of " + ref + " has no database");
        }
        if (instance(id).fence != null) {
            throw new IllegalStateException("the database of the application of " + ref + " refuses writes");
        }
        long row = ++rows;
        instance(id).rows.add(row);
        return row;
    }

    /** Whether the database that the application of an environment writes to refuses that. */
    public synchronized boolean refusesWrites(EnvironmentRef ref) {
        return applicationDatabase(ref).filter(id -> instance(id).fence != null).isPresent();
    }

    /** The id of the database that the application of an environment was deployed with; empty if it is gone or was none. */
    public synchronized Optional<String> applicationDatabase(EnvironmentRef ref) {
        settle();
        Environment environment = environment(ref);
        return Optional.ofNullable(environment.deployed.get(environment.applicationPrefix))
                .filter(environment.instances::containsKey);
    }

    /** The rows that an instance holds, or held when it was deleted. */
    public synchronized Set<Long> rows(String instanceId) {
        settle();
        Instance gone = deleted.get(instanceId);
        return Set.copyOf(gone == null ? instance(instanceId).rows : gone.rows);
    }

    /** The number of rows in the database that the application of an environment was deployed with; 0 if none. */
    public synchronized long rowsSeenByApplication(EnvironmentRef ref) {
        settle();
        Environment environment = environment(ref);
        String id = environment.deployed.get(environment.applicationPrefix);
        Instance instance = id == null ? null : environment.instances.get(id);
        return instance == null ? 0 : instance.rows.size();
    }

    // What came of it

    /** The orders that no upgrade may ever give, in the order in which they came; empty is what is wished. */
    public synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    /** Everything that was changed, in order: one entry for each order that had an effect. */
    public synchronized List<String> changes() {
        return List.copyOf(changes);
    }

    /** The instances of an environment as text, for comparing: {@code PostgreSQL Database 15 (DEFAULT) ATTACHED}. */
    public synchronized List<String> instances(EnvironmentRef ref) {
        settle();
        return environment(ref).instances.values().stream()
                .map(i -> service(i.serviceId).name() + " (" + i.prefix + ") " + i.status)
                .sorted()
                .toList();
    }

    // Timer

    @Override
    public synchronized Instant now() {
        return now;
    }

    @Override
    public synchronized void sleep(Duration duration) {
        now = now.plus(duration);
        settle();
    }

    // Observer

    @Override
    public synchronized List<EnvironmentRef> environments() {
        return List.copyOf(environments.keySet());
    }

    @Override
    public synchronized Observation observe(EnvironmentRef ref) {
        Environment environment = environment(ref);
        settle(environment);
        return new Observation(
                ref,
                now,
                catalogue,
                environment.instances.values().stream().map(Instance::seen).toList(),
                environment.backups.stream().map(Backup::seen).toList(),
                environment.restores.stream().map(Restore::seen).toList(),
                environment.deployments.stream().map(Deployment::seen).toList(),
                environment.deployed.keySet(),
                refused,
                environment.downloads,
                new DatabaseFacts(
                        environment.instances.values().stream()
                                .filter(i -> i.fence != null)
                                .collect(Collectors.toMap(i -> i.id, i -> requireNonNull(i.fence))),
                        environment.verified,
                        environment.analyzed,
                        environment.preflights,
                        false,
                        Map.of()));
    }

    // StepExecutor

    @Override
    public synchronized StepOutcome execute(Step step, StepContext context) {
        Environment environment = environment(step.environment());
        settle(environment);
        StepOutcome outcome = switch (step.kind()) {
            case ADD_SERVICE -> addService((Step.AddService) step, environment);
            case CLAIM_TARGET -> claim((Step.ClaimTarget) step, environment, context);
            case PROVISION -> provision((Step.Provision) step, environment);
            case PREFLIGHT -> preflight((Step.Preflight) step, environment);
            case FENCE_WRITES -> fence((Step.FenceWrites) step, environment);
            case BACK_UP -> backUp((Step.BackUp) step, environment, context);
            case UPLOAD_BACKUP -> uploadBackup((Step.UploadBackup) step, environment, context);
            case RESTORE -> restore((Step.Restore) step, environment, context);
            case VERIFY -> verify((Step.Verify) step, environment);
            case ANALYZE -> analyze((Step.Analyze) step, environment);
            case RENAME_PREFIX -> rename((Step.RenamePrefix) step, environment);
            case DETACH -> detach((Step.Detach) step, environment);
            case ATTACH -> attach((Step.Attach) step, environment);
            case LIFT_FENCE -> liftFence((Step.LiftFence) step, environment);
            case DEPLOY -> deploy((Step.Deploy) step, environment, context);
            case DOWNLOAD_BACKUP -> downloadBackup((Step.DownloadBackup) step, environment);
            case DELETE_SERVICE -> deleteService((Step.DeleteService) step, environment);
        };
        boolean ours = !context.facts().isEmpty();
        return outcome instanceof StepOutcome.AlreadyDone && ours ? new StepOutcome.Done(outcome.facts()) : outcome;
    }

    private StepOutcome addService(Step.AddService step, Environment environment) {
        if (find(environment, step.target()).isPresent()) {
            return alreadyDone();
        }
        return change(step, fails -> {
            Instance instance = new Instance(
                    nextId("instance"),
                    step.target().service().id(),
                    Observation.DATABASE,
                    step.target().prefix(),
                    InstanceStatus.NEW);
            environment.instances.put(instance.id, instance);
            return done();
        });
    }

    private StepOutcome provision(Step.Provision step, Environment environment) {
        Instance target = find(environment, step.target()).orElse(null);
        if (target == null) {
            return failed(step.target() + " is not there");
        }
        return switch (target.status) {
            case NEW ->
                change(step, fails -> {
                    target.status = InstanceStatus.PROVISIONING;
                    target.provisionedAt = now.plus(durations.apply(Step.Kind.PROVISION));
                    target.provisionedFrom = now;
                    return inProgress("provisioning", now, Map.of("instance", target.id));
                });
            case PROVISIONING -> inProgress("provisioning", target.provisionedFrom, Map.of("instance", target.id));
            case PENDING_ATTACHMENT, ATTACHED, PENDING_DETACHMENT, DETACHED -> alreadyDone();
            case REMOVED, UNKNOWN -> failed(step.target() + " is " + target.status);
        };
    }

    private StepOutcome backUp(Step.BackUp step, Environment environment, StepContext context) {
        Instance source = find(environment, step.source()).orElse(null);
        if (source == null) {
            return failed(step.source() + " is not there");
        }
        Backup own = environment.backups.stream()
                .filter(b ->
                        b.note.isOf(step.id(), source.id) && !step.unusable().contains(b.id))
                .reduce((earlier, later) -> later)
                .orElse(null);
        if (own != null
                && (own.state != OperationState.FAILED
                        || own.id.equals(context.facts().get("backup")))) {
            return outcome(own.state, "backing up", own.startedAt, Map.of("backup", own.id));
        }
        return change(step, fails -> begin(step, environment, context.note(step.id(), source.id), source.rows, fails));
    }

    private StepOutcome begin(Step step, Environment environment, OperationNote note, List<Long> data, boolean fails) {
        Backup backup = new Backup(
                nextId("backup"), note, now, now.plus(durations.apply(step.kind())), List.copyOf(data), fails);
        environment.backups.add(backup);
        return inProgress("backing up", now, Map.of("backup", backup.id));
    }

    private StepOutcome claim(Step.ClaimTarget step, Environment environment, StepContext context) {
        Instance source = find(environment, step.source()).orElse(null);
        Instance target = find(environment, step.target()).orElse(null);
        if (source == null || target == null) {
            return failed((source == null ? step.source() : step.target()) + " is not there");
        }
        Backup own = newest(environment.backups, b -> target.id.equals(b.note.target()) && b.note.copyOf() == null);
        if (own != null
                && (own.state != OperationState.FAILED
                        || own.id.equals(context.facts().get("backup")))) {
            return outcome(own.state, "backing up", own.startedAt, Map.of("backup", own.id));
        }
        OperationNote note = context.note(step.id(), source.id).claiming(target.id);
        return change(step, fails -> begin(step, environment, note, source.rows, fails));
    }

    private StepOutcome fence(Step.FenceWrites step, Environment environment) {
        Instance source = find(environment, step.source()).orElse(null);
        if (source == null) {
            return failed(step.source() + " is not there");
        }
        if (source.fence != null) {
            return alreadyDone();
        }
        return change(step, fails -> {
            source.fence = new DatabaseFacts.Fence(nextId("fence"), now, true);
            return done();
        });
    }

    private StepOutcome liftFence(Step.LiftFence step, Environment environment) {
        Instance source = find(environment, step.source()).orElse(null);
        if (source == null) {
            return failed(step.source() + " is not there");
        }
        if (source.fence == null) {
            return alreadyDone();
        }
        return change(step, fails -> {
            source.fence = null;
            return done();
        });
    }

    private StepOutcome uploadBackup(Step.UploadBackup step, Environment environment, StepContext context) {
        Instance source = find(environment, step.source()).orElse(null);
        Instance target = find(environment, step.target()).orElse(null);
        if (source == null || target == null) {
            return failed((source == null ? step.source() : step.target()) + " is not there");
        }
        Backup backup = newest(
                environment.backups, b -> b.note.isOf(step.backUp(), source.id) && b.state == OperationState.SUCCEEDED);
        if (backup == null) {
            return failed("no good backup is there");
        }
        Backup own = newest(
                environment.backups, b -> backup.id.equals(b.note.copyOf()) && target.id.equals(b.note.target()));
        if (own != null
                && (own.state != OperationState.FAILED
                        || own.id.equals(context.facts().get("backup")))) {
            return outcome(own.state, "copying", own.startedAt, Map.of("backup", own.id));
        }
        OperationNote note = context.note(step.id(), source.id).copying(backup.id, target.id);
        return change(step, fails -> begin(step, environment, note, backup.rows, fails));
    }

    private static @Nullable Backup newest(List<Backup> backups, Predicate<Backup> wanted) {
        return backups.stream().filter(wanted).reduce((earlier, later) -> later).orElse(null);
    }

    private StepOutcome verify(Step.Verify step, Environment environment) {
        Instance source = find(environment, step.source()).orElse(null);
        Instance target = find(environment, step.target()).orElse(null);
        Restore restore = target == null ? null : newestRestoreInto(environment, target);
        if (source == null || target == null || restore == null) {
            return failed("there is nothing to compare");
        }
        if (environment.verified.getOrDefault(restore.id, Verification.NONE).compareTo(step.level()) >= 0) {
            return alreadyDone();
        }
        return change(step, fails -> {
            if (!Set.copyOf(source.rows).equals(Set.copyOf(target.rows))) {
                return new StepOutcome.Failed(
                        step.target() + " differs from " + step.source() + ".",
                        "The application runs as before.",
                        false,
                        Map.of());
            }
            environment.verified.put(restore.id, step.level());
            return done();
        });
    }

    private StepOutcome analyze(Step.Analyze step, Environment environment) {
        Instance target = find(environment, step.target()).orElse(null);
        Restore restore = target == null ? null : newestRestoreInto(environment, target);
        if (restore == null) {
            return failed("there is nothing to collect statistics of");
        }
        if (environment.analyzed.contains(restore.id)) {
            return alreadyDone();
        }
        return change(step, fails -> {
            environment.analyzed.add(restore.id);
            return done();
        });
    }

    private StepOutcome preflight(Step.Preflight step, Environment environment) {
        Instance source = find(environment, step.source()).orElse(null);
        if (source == null) {
            return failed(step.source() + " is not there");
        }
        PostgresVersion version = step.target().service().postgresVersion().orElseThrow();
        DatabaseFacts.Preflight known = environment.preflights.get(source.id);
        if (known != null && known.target().equals(version)) {
            return alreadyDone();
        }
        return change(step, fails -> {
            environment.preflights.put(source.id, new DatabaseFacts.Preflight(version, environment.obstacles));
            return done();
        });
    }

    private static @Nullable Restore newestRestoreInto(Environment environment, Instance target) {
        return environment.restores.stream()
                .filter(r -> r.target == target && r.state == OperationState.SUCCEEDED)
                .reduce((earlier, later) -> later)
                .orElse(null);
    }

    private StepOutcome restore(Step.Restore step, Environment environment, StepContext context) {
        Instance target = find(environment, step.target()).orElse(null);
        Backup backup = environment.backups.stream()
                .filter(b -> b.note.step().equals(step.backUp()) && b.state == OperationState.SUCCEEDED)
                .reduce((earlier, later) -> later)
                .orElse(null);
        if (target == null || backup == null) {
            return failed(target == null ? step.target() + " is not there" : "no good backup is there");
        }
        boolean hasCopy = environment.backups.stream()
                .anyMatch(b -> backup.id.equals(b.note.copyOf())
                        && target.id.equals(b.note.target())
                        && b.state == OperationState.SUCCEEDED);
        if (step.upload() != null && !hasCopy) {
            return failed("no good copy of the backup is there");
        }
        Restore newest = environment.restores.stream()
                .filter(r -> r.note.isOf(step.id(), target.id) && r.backup == backup)
                .reduce((earlier, later) -> later)
                .orElse(null);
        if (newest != null
                && (newest.state != OperationState.FAILED
                        || newest.id.equals(context.facts().get("restore")))) {
            return outcome(newest.state, "restoring", newest.startedAt, Map.of("restore", newest.id));
        }
        return change(step, fails -> {
            if (environment.restores.stream().anyMatch(r -> r.state == OperationState.RUNNING)) {
                violations.add("a second restore was started in " + environment.ref);
            }
            Restore restore = new Restore(
                    nextId("restore"),
                    context.note(step.id(), target.id),
                    backup,
                    target,
                    now,
                    now.plus(durations.apply(step.kind())),
                    fails);
            environment.restores.add(restore);
            return inProgress("restoring", now, Map.of("restore", restore.id));
        });
    }

    private StepOutcome rename(Step.RenamePrefix step, Environment environment) {
        if (find(environment, step.instance().withPrefix(step.to())).isPresent()) {
            return alreadyDone();
        }
        Instance instance = find(environment, step.instance()).orElse(null);
        if (instance == null) {
            return failed(step.instance() + " is not there");
        }
        return change(step, fails -> {
            instance.prefix = step.to();
            return done();
        });
    }

    private StepOutcome detach(Step.Detach step, Environment environment) {
        Instance instance = find(environment, step.instance()).orElse(null);
        if (instance == null) {
            return failed(step.instance() + " is not there");
        }
        return switch (instance.status) {
            case ATTACHED ->
                change(step, fails -> {
                    instance.status = InstanceStatus.PENDING_DETACHMENT;
                    return done();
                });
            case PENDING_DETACHMENT, DETACHED -> alreadyDone();
            case NEW, PROVISIONING, PENDING_ATTACHMENT, REMOVED, UNKNOWN ->
                failed(step.instance() + " is " + instance.status + ", and only what is attached can be detached");
        };
    }

    private StepOutcome attach(Step.Attach step, Environment environment) {
        Instance instance = find(environment, step.instance()).orElse(null);
        if (instance == null) {
            return failed(step.instance() + " is not there");
        }
        return switch (instance.status) {
            case DETACHED, PENDING_DETACHMENT ->
                change(step, fails -> {
                    instance.status = instance.status == InstanceStatus.DETACHED
                            ? InstanceStatus.PENDING_ATTACHMENT
                            : InstanceStatus.ATTACHED;
                    return done();
                });
            case PENDING_ATTACHMENT, ATTACHED -> alreadyDone();
            case NEW, PROVISIONING, REMOVED, UNKNOWN -> failed(step.instance() + " is " + instance.status);
        };
    }

    private StepOutcome deploy(Step.Deploy step, Environment environment, StepContext context) {
        Deployment latest = environment.latestDeployment();
        if (latest != null && latest.state == OperationState.RUNNING) {
            return inProgress("deploying", latest.startedAt, Map.of("deployment", latest.id));
        }
        if (latest != null && latest.id.equals(context.facts().get("deployment"))) {
            return outcome(latest.state, "deploying", latest.startedAt, Map.of("deployment", latest.id));
        }
        if (SafetyCheck.hasMoved(step, observe(step.environment()))) {
            return alreadyDone();
        }
        return change(step, fails -> {
            Deployment deployment = startDeployment(environment, fails);
            return inProgress("deploying", now, Map.of("deployment", deployment.id));
        });
    }

    private StepOutcome downloadBackup(Step.DownloadBackup step, Environment environment) {
        Backup restored = environment.restores.stream()
                .filter(r -> r.state == OperationState.SUCCEEDED
                        && r.backup.note.step().equals(step.backUp()))
                .reduce((earlier, later) -> later)
                .map(r -> r.backup)
                .orElse(null);
        if (restored == null) {
            return failed("no backup was restored");
        }
        if (environment.downloads.contains(restored.id)) {
            return alreadyDone();
        }
        return change(step, fails -> {
            environment.downloads.add(restored.id);
            return done();
        });
    }

    private StepOutcome deleteService(Step.DeleteService step, Environment environment) {
        Instance instance = find(environment, step.instance()).orElse(null);
        if (instance == null) {
            return alreadyDone();
        }
        if (instance.status != InstanceStatus.NEW && instance.status != InstanceStatus.DETACHED) {
            return failed(step.instance() + " is " + instance.status + ", and only what is detached can be deleted");
        }
        return change(step, fails -> {
            environment.instances.remove(instance.id);
            deleted.put(instance.id, instance);
            return done();
        });
    }

    /** What an order does; it is told whether the operation that it begins is to end badly. */
    private interface Effect {
        StepOutcome have(boolean fails);
    }

    private StepOutcome change(Step step, Effect effect) {
        Fault set = faults.get(step.kind());
        Fault fault = set == null ? chosenFaults.apply(step).orElse(null) : set;
        if (fault == Fault.THROTTLE) {
            faults.remove(step.kind());
            return inProgress("waiting, because the platform asks for fewer calls", Map.of());
        }
        SafetyCheck.violation(step, observe(step.environment())).ifPresent(v -> violations.add(step.id() + ": " + v));
        if (fault == Fault.CRASH_BEFORE) {
            faults.remove(step.kind());
            throw new SimulatedCrash("before " + step.id());
        }
        if (fault == Fault.FAIL && !isOperation(step.kind())) {
            faults.remove(step.kind());
            return failed("the platform refused to " + step.describe());
        }
        StepOutcome outcome = effect.have(fault == Fault.FAIL);
        changes.add(step.id().text());
        if (fault != null) {
            faults.remove(step.kind());
        }
        if (fault == Fault.CRASH_AFTER) {
            throw new SimulatedCrash("after " + step.id());
        }
        return fault == Fault.LOSE_ANSWER
                ? inProgress("looking what became of an answer", Map.of("answer", "lost"))
                : outcome;
    }

    /** Whether it can be begun and end badly, and leaves a trace of that. */
    private static boolean isOperation(Step.Kind kind) {
        return switch (kind) {
            case CLAIM_TARGET, BACK_UP, UPLOAD_BACKUP, RESTORE, DEPLOY -> true;
            case ADD_SERVICE,
                    PROVISION,
                    PREFLIGHT,
                    FENCE_WRITES,
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

    private StepOutcome outcome(OperationState state, String progress, Instant startedAt, Map<String, String> facts) {
        return switch (state) {
            case RUNNING -> inProgress(progress, startedAt, facts);
            case SUCCEEDED -> new StepOutcome.AlreadyDone(facts);
            case FAILED ->
                new StepOutcome.Failed(progress + " failed.", "The application runs as before.", true, facts);
        };
    }

    private static StepOutcome done() {
        return new StepOutcome.Done(Map.of());
    }

    private static StepOutcome alreadyDone() {
        return new StepOutcome.AlreadyDone(Map.of());
    }

    private static StepOutcome inProgress(String state, Map<String, String> facts) {
        return new StepOutcome.InProgress(LOOK_AGAIN, state, facts);
    }

    private StepOutcome inProgress(String state, Instant since, Map<String, String> facts) {
        Duration part = Duration.between(since, now).dividedBy(PART_OF_ELAPSED);
        return new StepOutcome.InProgress(part.compareTo(LOOK_AGAIN) > 0 ? part : LOOK_AGAIN, state, facts);
    }

    private static StepOutcome failed(String message) {
        return new StepOutcome.Failed(message + ".", "The application runs as before.", true, Map.of());
    }

    // The platform

    private Deployment startDeployment(Environment environment, boolean fails) {
        if (environment.deployments.stream().anyMatch(d -> d.state == OperationState.RUNNING)) {
            throw new IllegalStateException("a deployment of " + environment.ref + " runs already");
        }
        Map<String, String> variables = new TreeMap<>();
        for (Instance instance : environment.instances.values()) {
            boolean stays =
                    instance.status != InstanceStatus.PENDING_DETACHMENT && instance.status != InstanceStatus.DETACHED;
            if (stays && instance.type.equals(Observation.DATABASE)) {
                variables.put(instance.prefix, instance.id);
            }
        }
        Deployment deployment = new Deployment(
                nextId("deployment"), now, now.plus(durations.apply(Step.Kind.DEPLOY)), variables, fails);
        environment.deployments.add(deployment);
        return deployment;
    }

    /** Brings everything up to the present. */
    private void settle() {
        environments.values().forEach(this::settle);
    }

    private void settle(Environment environment) {
        environment.instances.values().forEach(i -> {
            if (i.status == InstanceStatus.PROVISIONING && i.provisionedAt != null && !now.isBefore(i.provisionedAt)) {
                i.status = InstanceStatus.PENDING_ATTACHMENT;
            }
        });
        environment.backups.forEach(b -> b.settle(now));
        environment.restores.forEach(r -> r.settle(now));
        environment.deployments.forEach(d -> d.settle(now, environment));
    }

    private Optional<Instance> find(Environment environment, InstanceRef ref) {
        return environment.instances.values().stream()
                .filter(i -> i.serviceId.equals(ref.service().id())
                        && i.type.equals(Observation.DATABASE)
                        && i.prefix.equals(ref.prefix()))
                .findFirst();
    }

    private Environment environment(EnvironmentRef ref) {
        return requireNonNull(environments.get(ref), () -> ref + " is not of this world");
    }

    private Instance instance(String id) {
        return environments.values().stream()
                .map(e -> e.instances.get(id))
                .filter(i -> i != null)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no instance " + id));
    }

    private CatalogueService service(String id) {
        return Stream.concat(catalogue.stream(), withdrawn.stream())
                .filter(s -> s.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private String nextId(String what) {
        return what + "-" + ++ids;
    }

    /** What can befall a change. */
    public enum Fault {
        /** A backup, restore or deployment is begun and ends badly; another order is refused. */
        FAIL,
        /** It takes effect, and its answer is lost on the way. */
        LOSE_ANSWER,
        /** The calling process dies right before it. */
        CRASH_BEFORE,
        /** It takes effect, and the calling process dies. */
        CRASH_AFTER,
        /** It does not take effect, because the platform asks for fewer calls. */
        THROTTLE
    }

    private static final class Environment {
        private final EnvironmentRef ref;
        private final Map<String, Instance> instances = new LinkedHashMap<>();
        private final List<Backup> backups = new ArrayList<>();
        private final List<Restore> restores = new ArrayList<>();
        private final List<Deployment> deployments = new ArrayList<>();
        private final Set<String> downloads = new HashSet<>();
        private final Map<String, Verification> verified = new HashMap<>();
        private final Set<String> analyzed = new HashSet<>();
        private final Map<String, DatabaseFacts.Preflight> preflights = new HashMap<>();
        private final List<DatabaseFacts.Obstacle> obstacles = new ArrayList<>();
        /** What the running application was given: prefix to instance. */
        private final Map<String, String> deployed = new HashMap<>();

        private @Nullable String applicationPrefix;

        Environment(EnvironmentRef ref) {
            this.ref = ref;
        }

        @Nullable
        Deployment latestDeployment() {
            return deployments.isEmpty() ? null : deployments.get(deployments.size() - 1);
        }
    }

    private static final class Instance {
        private final String id;
        private final String serviceId;
        private final String type;
        private String prefix;
        private InstanceStatus status;
        private List<Long> rows = new ArrayList<>();
        private DatabaseFacts.@Nullable Fence fence;
        private Instant provisionedFrom = Instant.EPOCH;
        private @Nullable Instant provisionedAt;

        Instance(String id, String serviceId, String type, String prefix, InstanceStatus status) {
            this.id = id;
            this.serviceId = serviceId;
            this.type = type;
            this.prefix = prefix;
            this.status = status;
        }

        Observation.Instance seen() {
            return new Observation.Instance(id, serviceId, type, prefix, status, status.name(), REGION);
        }
    }

    private static final class Backup {
        private final String id;
        private final OperationNote note;
        private final Instant startedAt;
        private final Instant endsAt;
        private final List<Long> rows;
        private final boolean fails;
        private OperationState state = OperationState.RUNNING;

        Backup(String id, OperationNote note, Instant startedAt, Instant endsAt, List<Long> rows, boolean fails) {
            this.id = id;
            this.note = note;
            this.startedAt = startedAt;
            this.endsAt = endsAt;
            this.rows = rows;
            this.fails = fails;
        }

        void settle(Instant now) {
            if (state == OperationState.RUNNING && !now.isBefore(endsAt)) {
                state = fails ? OperationState.FAILED : OperationState.SUCCEEDED;
            }
        }

        Observation.Backup seen() {
            return new Observation.Backup(id, note, state, startedAt, id + "-part");
        }
    }

    private static final class Restore {
        private final String id;
        private final OperationNote note;
        private final Backup backup;
        private final Instance target;
        private final Instant startedAt;
        private final Instant endsAt;
        private final boolean fails;
        private OperationState state = OperationState.RUNNING;

        Restore(
                String id,
                OperationNote note,
                Backup backup,
                Instance target,
                Instant startedAt,
                Instant endsAt,
                boolean fails) {
            this.id = id;
            this.note = note;
            this.backup = backup;
            this.target = target;
            this.startedAt = startedAt;
            this.endsAt = endsAt;
            this.fails = fails;
        }

        void settle(Instant now) {
            if (state == OperationState.RUNNING && !now.isBefore(endsAt)) {
                state = fails ? OperationState.FAILED : OperationState.SUCCEEDED;
                target.rows = fails ? new ArrayList<>() : new ArrayList<>(backup.rows);
            }
        }

        Observation.Restore seen() {
            return new Observation.Restore(id, note, backup.id, state, startedAt);
        }
    }

    private static final class Deployment {
        private final String id;
        private final Instant startedAt;
        private final Instant endsAt;
        private final Map<String, String> variables;
        private final boolean fails;
        private OperationState state = OperationState.RUNNING;

        Deployment(String id, Instant startedAt, Instant endsAt, Map<String, String> variables, boolean fails) {
            this.id = id;
            this.startedAt = startedAt;
            this.endsAt = endsAt;
            this.variables = variables;
            this.fails = fails;
        }

        Observation.Deployment seen() {
            return new Observation.Deployment(id, state, state == OperationState.RUNNING ? null : endsAt);
        }

        void settle(Instant now, Environment environment) {
            if (state != OperationState.RUNNING || now.isBefore(endsAt)) {
                return;
            }
            state = fails ? OperationState.FAILED : OperationState.SUCCEEDED;
            if (fails) {
                return;
            }
            environment.deployed.clear();
            environment.deployed.putAll(variables);
            for (Instance instance : environment.instances.values()) {
                instance.status = switch (instance.status) {
                    case NEW, PROVISIONING, PENDING_ATTACHMENT -> InstanceStatus.ATTACHED;
                    case PENDING_DETACHMENT -> InstanceStatus.DETACHED;
                    case ATTACHED, DETACHED, REMOVED, UNKNOWN -> instance.status;
                };
            }
        }
    }
}
