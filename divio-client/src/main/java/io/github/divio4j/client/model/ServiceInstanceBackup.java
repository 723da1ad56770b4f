package io.github.divio4j.client.model;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The part of a backup that holds one service instance.
 *
 * @param id its id
 * @param backupId the backup it is part of, or null when the API does not say
 * @param serviceInstanceId the service instance it was made of, or null when the API does not say
 * @param queuedAt when it was asked for, or null
 * @param startedAt when it started, or null
 * @param takenAt which moment the data are from, or null
 * @param endedAt when it ended; null before
 * @param size its size in bytes, or null when the API does not say
 * @param errors what went wrong, in the platform's words; empty when nothing did
 * @param serviceType what kind of service it was made of
 */
public record ServiceInstanceBackup(
        String id,
        @Nullable String backupId,
        @Nullable String serviceInstanceId,
        @Nullable Instant queuedAt,
        @Nullable Instant startedAt,
        @Nullable Instant takenAt,
        @Nullable Instant endedAt,
        @Nullable Long size,
        List<String> errors,
        ServiceType serviceType) {
    /** Checks the parts. */
    public ServiceInstanceBackup {
        Checks.id(id, "id");
        if (size != null && size < 0) {
            throw new IllegalArgumentException("size must not be negative: " + size);
        }
        errors = List.copyOf(errors);
        Objects.requireNonNull(serviceType, "serviceType");
    }

    /** Tells whether it has ended, good or bad. */
    public boolean finished() {
        return endedAt != null;
    }

    /** Tells whether it has ended without errors. */
    public boolean succeeded() {
        return finished() && errors.isEmpty();
    }
}
