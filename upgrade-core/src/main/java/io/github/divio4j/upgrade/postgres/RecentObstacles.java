package io.github.divio4j.upgrade.postgres;

import io.github.divio4j.upgrade.DatabaseFacts;
import io.github.divio4j.upgrade.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What preflights found in the way, for as long as it takes to tell it. Nothing keeps it longer, and no other process learns of it: what
 * somebody has repaired is looked at again. Safe for use by several threads.
 */
final class RecentObstacles {

    /** Counted from the first look that shows it: the preflight itself may take longer. */
    static final Duration KEPT_FOR = Duration.ofMinutes(1);

    private record Found(
            DatabaseFacts.Preflight preflight, @Nullable Instant shownAt) {
        Found shown(Instant at) {
            return shownAt == null ? new Found(preflight, at) : this;
        }

        boolean isOver(Instant now) {
            return shownAt != null && shownAt.plus(KEPT_FOR).isBefore(now);
        }
    }

    /** By the id of the source. */
    private final Map<String, Found> found = new ConcurrentHashMap<>();

    void found(Observation.Instance source, DatabaseFacts.Preflight preflight) {
        found.put(source.id(), new Found(preflight, null));
    }

    /** What is known of an environment's instances, by their ids. */
    Map<String, DatabaseFacts.Preflight> of(Observation seen) {
        Map<String, DatabaseFacts.Preflight> recent = new HashMap<>();
        for (Observation.Instance instance : seen.instances()) {
            Found known = found.computeIfPresent(
                    instance.id(), (id, f) -> f.isOver(seen.observedAt()) ? null : f.shown(seen.observedAt()));
            if (known != null) {
                recent.put(instance.id(), known.preflight());
            }
        }
        return recent;
    }
}
