package io.github.divio4j.client.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A service in an environment.
 *
 * @param id its id
 * @param environmentId the environment it is in; null when it was read by its id and the API does not say
 * @param prefix what the names of its environment variables start with, as the API gives it; empty when it gives none
 * @param type what kind of thing it is
 * @param status where it is in its life
 * @param regionId the region it runs in, or null when the API does not say
 * @param serviceId the catalogue entry it was made from, or null when the API does not say
 */
public record ServiceInstance(
        String id,
        @Nullable String environmentId,
        String prefix,
        ServiceType type,
        ServiceInstanceStatus status,
        @Nullable String regionId,
        @Nullable String serviceId) {
    /** Checks the parts. */
    public ServiceInstance {
        Checks.id(id, "id");
        Objects.requireNonNull(prefix, "prefix");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(status, "status");
    }
}
