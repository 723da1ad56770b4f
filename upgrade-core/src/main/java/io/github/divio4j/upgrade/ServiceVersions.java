package io.github.divio4j.upgrade;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the entries of one region's catalogue are, read once for all environments that have it. */
final class ServiceVersions {

    private final List<CatalogueService> catalogue;
    private final Map<String, Reading> byId = new HashMap<>();
    private final Map<PostgresVersion, List<CatalogueService>> byVersion = new HashMap<>();

    /**
     * What name and identifier of a catalogue entry tell.
     *
     * @param version null if it is no PostgreSQL or its version cannot be read
     */
    private record Reading(
            CatalogueService service,
            boolean postgres,
            @Nullable PostgresVersion version) {}

    ServiceVersions(List<CatalogueService> catalogue) {
        this.catalogue = catalogue;
        for (CatalogueService service : catalogue) {
            PostgresVersion version = service.postgresVersion().orElse(null);
            byId.putIfAbsent(service.id(), new Reading(service, service.isPostgres(), version));
            if (version != null) {
                byVersion.computeIfAbsent(version, v -> new ArrayList<>()).add(service);
            }
        }
    }

    /** Those of the catalogues of one plan. */
    static final class Known {
        private final Map<List<CatalogueService>, ServiceVersions> all = new HashMap<>();
        private @Nullable ServiceVersions latest;

        ServiceVersions of(List<CatalogueService> catalogue) {
            ServiceVersions versions = latest;
            if (versions == null || !versions.catalogue.equals(catalogue)) {
                versions = all.computeIfAbsent(catalogue, ServiceVersions::new);
                latest = versions;
            }
            return versions;
        }
    }

    /** The entry with an id; null if the catalogue does not list it. */
    @Nullable
    CatalogueService service(String id) {
        Reading reading = byId.get(id);
        return reading == null ? null : reading.service();
    }

    /** The entries that are PostgreSQL of a version. */
    List<CatalogueService> offering(PostgresVersion version) {
        return byVersion.getOrDefault(version, List.of());
    }

    boolean isPostgres(CatalogueService service) {
        Reading reading = byId.get(service.id());
        return reading != null && reading.postgres();
    }

    /** The version of an instance of a service; null if it is no PostgreSQL or nothing tells. */
    @Nullable
    PostgresVersion of(String serviceId) {
        Reading reading = byId.get(serviceId);
        return reading == null ? null : reading.version();
    }
}
