package io.github.divio4j.upgrade;

import io.github.divio4j.upgrade.Observation.Instance;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What catalogue entries are, each read once for all environments of a plan. */
final class ServiceVersions {

    private final Map<CatalogueService, Reading> readings = new HashMap<>();

    /**
     * What name and identifier of a catalogue entry tell.
     *
     * @param version null if it is no PostgreSQL or its version cannot be read
     */
    private record Reading(boolean postgres, @Nullable PostgresVersion version) {}

    boolean isPostgres(CatalogueService service) {
        return reading(service).postgres();
    }

    @Nullable
    PostgresVersion of(CatalogueService service) {
        return reading(service).version();
    }

    /** The version of an instance; null if it is no PostgreSQL or nothing tells. */
    @Nullable
    PostgresVersion of(Observation seen, Instance instance) {
        CatalogueService service = service(seen, instance.serviceId());
        return service == null ? null : of(service);
    }

    static @Nullable CatalogueService service(Observation seen, String serviceId) {
        List<CatalogueService> catalogue = seen.catalogue();
        for (int i = 0; i < catalogue.size(); i++) {
            if (catalogue.get(i).id().equals(serviceId)) {
                return catalogue.get(i);
            }
        }
        return null;
    }

    private Reading reading(CatalogueService service) {
        Reading known = readings.get(service);
        if (known == null) {
            known = new Reading(service.isPostgres(), service.postgresVersion().orElse(null));
            readings.put(service, known);
        }
        return known;
    }
}
