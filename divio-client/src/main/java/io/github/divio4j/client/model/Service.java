package io.github.divio4j.client.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a region's catalogue, such as "PostgreSQL Database 15".
 *
 * <p>The API has no field for the engine or its version: they are part of the name.
 *
 * @param id its id
 * @param name its name for people; empty when the API gives none
 * @param type what kind of thing it is
 * @param identifier its technical name, or null when the API gives none
 * @param description its description, or null when the API gives none
 */
public record Service(
        String id,
        String name,
        ServiceType type,
        @Nullable String identifier,
        @Nullable String description) {
    /** Checks the parts. */
    public Service {
        Checks.id(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
    }
}
