package io.github.divio4j.upgrade;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of an environment when a plan was made: what the plan depends on, and no times, so that it stays the same
 * as long as nothing happens.
 *
 * @param databases the databases, by id
 * @param latestDeployment the newest deployment, running or not; null if there never was one
 * @param backups this library's backups, the oldest first
 * @param restores this library's restores, the oldest first
 */
public record Sighting(
        List<Database> databases,
        @Nullable Operation latestDeployment,
        List<Operation> backups,
        List<Operation> restores) {

    /** Copies the lists. */
    public Sighting {
        databases = List.copyOf(databases);
        backups = List.copyOf(backups);
        restores = List.copyOf(restores);
    }

    /**
     * A service instance that holds a database.
     *
     * @param id the platform's id
     * @param serviceId the catalogue entry that it is an instance of
     * @param service the name of that entry; its id if the catalogue does not hold it
     * @param prefix the prefix of its environment variables
     * @param status where it is in its life
     */
    public record Database(String id, String serviceId, String service, String prefix, InstanceStatus status) {
        /** Checks that nothing is missing. */
        public Database {
            requireNonNull(id, "id");
            requireNonNull(serviceId, "serviceId");
            requireNonNull(service, "service");
            requireNonNull(prefix, "prefix");
            requireNonNull(status, "status");
        }

        /** {@code PostgreSQL Database 13 (DEFAULT, id 4711) is attached}. */
        @Override
        public String toString() {
            return service + " (" + prefix + ", id " + id + ") is " + words(status);
        }
    }

    /**
     * A backup, a restore or a deployment.
     *
     * @param id the platform's id
     * @param state how far it got
     */
    public record Operation(String id, OperationState state) {
        /** Checks that nothing is missing. */
        public Operation {
            requireNonNull(id, "id");
            requireNonNull(state, "state");
        }

        /** {@code 4711 succeeded}. */
        @Override
        public String toString() {
            return id + " " + words(state);
        }
    }

    /** Takes from an observation what a plan depends on. */
    public static Sighting of(Observation seen) {
        Observation.Deployment latest = seen.latestDeployment();
        return new Sighting(
                seen.instances().stream()
                        .filter(Observation.Instance::isDatabase)
                        .map(i -> new Database(
                                i.id(),
                                i.serviceId(),
                                seen.service(i.serviceId())
                                        .map(CatalogueService::name)
                                        .orElse(i.serviceId()),
                                i.prefix(),
                                i.status()))
                        .toList(),
                latest == null ? null : new Operation(latest.id(), latest.state()),
                seen.backups().stream()
                        .map(b -> new Operation(b.id(), b.state()))
                        .toList(),
                seen.restores().stream()
                        .map(r -> new Operation(r.id(), r.state()))
                        .toList());
    }

    private static String words(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Everything in one line, for people. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        databases.forEach(d -> parts.add(d.toString()));
        if (databases.isEmpty()) {
            parts.add("no database");
        }
        if (latestDeployment != null) {
            parts.add("deployment " + latestDeployment);
        }
        backups.forEach(b -> parts.add("backup " + b));
        restores.forEach(r -> parts.add("restore " + r));
        return String.join(", ", parts);
    }
}
