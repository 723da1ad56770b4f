package io.github.divio4j.client.model;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An organisation.
 *
 * @param id its id
 * @param name its name; empty when the API gives none
 * @param createdAt since when it exists, or null when the API does not say
 */
public record Organisation(String id, String name, @Nullable Instant createdAt) {
    /** Checks the parts. */
    public Organisation {
        Checks.id(id, "id");
        Objects.requireNonNull(name, "name");
    }
}
