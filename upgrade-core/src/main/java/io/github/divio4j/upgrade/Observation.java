package io.github.divio4j.upgrade;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What was true of one environment when somebody looked. Data only: the planner knows nothing else, and in particular
 * not the time of day.
 *
 * <p>Two observations with the same contents are equal, in whatever order they were collected.
 *
 * @param environment the environment
 * @param observedAt when the look was taken
 * @param catalogue the services that the environment's region offers, and those its instances belong to
 * @param instances the environment's service instances, of every type
 * @param backups the environment's backups that carry a note of this library ({@link OperationNote}); others are of no
 *     use to it
 * @param restores the environment's restores that carry a note of this library
 * @param deployments the newest deployments, running or not: at least back to the oldest of the backups, and always
 *     the very newest, if there ever was one
 * @param deployedPrefixes the prefixes of the database variables that the last successful deployment gave to the
 *     application; null if that is not known, in which case nothing is deleted
 * @param unsupported the kinds of steps that the platform does not support, or not as an executor would ask for them, each
 *     with the reason as a sentence; a plan that needs one of them is blocked
 * @param downloads the ids of the backups whose dumps are stored
 * @param databases what is known of the databases from inside
 */
public record Observation(
        EnvironmentRef environment,
        Instant observedAt,
        List<CatalogueService> catalogue,
        List<Instance> instances,
        List<Backup> backups,
        List<Restore> restores,
        List<Deployment> deployments,
        @Nullable Set<String> deployedPrefixes,
        Map<Step.Kind, String> unsupported,
        Set<String> downloads,
        DatabaseFacts databases) {

    /**
     * An observation of a platform that supports every kind of step; no backup is stored, and nothing is known of the
     * databases from inside.
     */
    public Observation(
            EnvironmentRef environment,
            Instant observedAt,
            List<CatalogueService> catalogue,
            List<Instance> instances,
            List<Backup> backups,
            List<Restore> restores,
            List<Deployment> deployments,
            @Nullable Set<String> deployedPrefixes) {
        this(
                environment,
                observedAt,
                catalogue,
                instances,
                backups,
                restores,
                deployments,
                deployedPrefixes,
                Map.of(),
                Set.of(),
                DatabaseFacts.NONE);
    }

    /** The type of service instances that hold a database, as the platform writes it. */
    public static final String DATABASE = "DATABASE";

    private static final Comparator<CatalogueService> SERVICES = Comparator.comparing(CatalogueService::id);
    private static final Comparator<Instance> INSTANCES = Comparator.comparing(Instance::id);
    private static final Comparator<Backup> BACKUPS =
            Comparator.comparing(Backup::startedAt).thenComparing(Backup::id);
    private static final Comparator<Restore> RESTORES =
            Comparator.comparing(Restore::startedAt).thenComparing(Restore::id);

    /** One that runs is the newest: the platform runs one at a time. */
    private static final Comparator<Deployment> DEPLOYMENTS = Comparator.comparing(
                    Deployment::endedAt, Comparator.nullsLast(Comparator.<Instant>naturalOrder()))
            .thenComparing(Deployment::id);

    /** Sorts what has no order and copies what could change. */
    public Observation {
        requireNonNull(environment, "environment");
        requireNonNull(observedAt, "observedAt");
        requireNonNull(databases, "databases");
        catalogue = sorted(catalogue, SERVICES);
        instances = sorted(instances, INSTANCES);
        backups = sorted(backups, BACKUPS);
        restores = sorted(restores, RESTORES);
        deployments = sorted(deployments, DEPLOYMENTS);
        unsupported = Map.copyOf(unsupported);
        downloads = Set.copyOf(downloads);
        if (deployedPrefixes != null) {
            deployedPrefixes = java.util.Collections.unmodifiableSet(new TreeSet<>(deployedPrefixes));
        }
    }

    private static <T> List<T> sorted(List<T> list, Comparator<T> order) {
        for (int i = 1; i < list.size(); i++) {
            if (order.compare(list.get(i - 1), list.get(i)) >= 0) {
                return list.stream().sorted(order).distinct().toList();
            }
        }
        return List.copyOf(list);
    }

    /**
     * A service instance.
     *
     * @param id the platform's id
     * @param serviceId the catalogue entry it is an instance of
     * @param type {@link #DATABASE}, {@code STORAGE} or another word of the platform
     * @param prefix the prefix of its environment variables
     * @param status where it is in its life
     * @param statusText the platform's own word for the status
     * @param regionId where it is
     */
    public record Instance(
            String id,
            String serviceId,
            String type,
            String prefix,
            InstanceStatus status,
            String statusText,
            String regionId) {

        /** Checks that nothing is missing. */
        public Instance {
            requireNonNull(id, "id");
            requireNonNull(serviceId, "serviceId");
            requireNonNull(type, "type");
            requireNonNull(prefix, "prefix");
            requireNonNull(status, "status");
            requireNonNull(statusText, "statusText");
            requireNonNull(regionId, "regionId");
        }

        /** Whether it is there (a removed instance may be listed for a while) and holds a database. */
        public boolean isDatabase() {
            return type.equals(DATABASE) && status != InstanceStatus.REMOVED;
        }
    }

    /**
     * A backup that a step of this library asked for.
     *
     * @param id the platform's id
     * @param note who asked for it
     * @param state how far it got
     * @param startedAt no later than the moment of its snapshot: what was written before it is in it
     * @param instanceBackupId the id of the part that holds the source; null while the platform does not tell
     */
    public record Backup(
            String id,
            OperationNote note,
            OperationState state,
            Instant startedAt,
            @Nullable String instanceBackupId) {

        /** Checks that nothing is missing. */
        public Backup {
            requireNonNull(id, "id");
            requireNonNull(note, "note");
            requireNonNull(state, "state");
            requireNonNull(startedAt, "startedAt");
        }
    }

    /**
     * A restore that a step of this library asked for.
     *
     * @param id the platform's id
     * @param note who asked for it
     * @param backupId the backup that it restores
     * @param state how far it got
     * @param startedAt when it was asked for
     */
    public record Restore(String id, OperationNote note, String backupId, OperationState state, Instant startedAt) {

        /** Checks that nothing is missing. */
        public Restore {
            requireNonNull(id, "id");
            requireNonNull(note, "note");
            requireNonNull(backupId, "backupId");
            requireNonNull(state, "state");
            requireNonNull(startedAt, "startedAt");
        }
    }

    /**
     * A deployment, whoever started it.
     *
     * @param id the platform's id
     * @param state how far it got
     * @param endedAt when it ended; null while it runs
     */
    public record Deployment(
            String id, OperationState state, @Nullable Instant endedAt) {

        /** Checks that nothing is missing. */
        public Deployment {
            requireNonNull(id, "id");
            requireNonNull(state, "state");
        }
    }

    /** The same with more known: of the databases from inside, and of what cannot be done to them. */
    public Observation with(DatabaseFacts known, Map<Step.Kind, String> alsoUnsupported) {
        Map<Step.Kind, String> all = new HashMap<>(unsupported);
        all.putAll(alsoUnsupported);
        return new Observation(
                environment,
                observedAt,
                catalogue,
                instances,
                backups,
                restores,
                deployments,
                deployedPrefixes,
                all,
                downloads,
                known);
    }

    /** The newest deployment, running or not; null if there never was one. */
    public @Nullable Deployment latestDeployment() {
        return deployments.isEmpty() ? null : deployments.get(deployments.size() - 1);
    }

    /** Whether a deployment of the environment runs. */
    public boolean isDeploying() {
        Deployment latest = latestDeployment();
        return latest != null && latest.state() == OperationState.RUNNING;
    }

    /** The database under a prefix. The platform allows one: prefixes are unique per environment and type. */
    public Optional<Instance> databaseAt(String prefix) {
        return Optional.ofNullable(instanceAt(prefix));
    }

    @Nullable
    Instance instanceAt(String prefix) {
        for (int i = 0; i < instances.size(); i++) {
            Instance instance = instances.get(i);
            if (instance.isDatabase() && instance.prefix().equals(prefix)) {
                return instance;
            }
        }
        return null;
    }

    /** The instance that a reference of a plan means; empty if there is none now. */
    public Optional<Instance> find(InstanceRef ref) {
        return databaseAt(ref.prefix())
                .filter(i -> i.serviceId().equals(ref.service().id()));
    }

    /** The catalogue entry with an id. */
    public Optional<CatalogueService> service(String serviceId) {
        return catalogue.stream().filter(s -> s.id().equals(serviceId)).findFirst();
    }
}
