package io.github.divio4j.client.model;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A backup of one or more service instances of an environment.
 *
 * @param id its id
 * @param environmentId the environment it was made of, or null when the API does not say
 * @param state how far it is
 * @param success how it ended; null or without meaning before the end
 * @param createdAt when it was asked for, or null when the API does not say
 * @param startedAt when it started, or null
 * @param endedAt when it ended, or null
 * @param notes its notes, with {@code ***} for what looks like a password; null when there are none
 * @param serviceInstanceBackupIds its parts, one per service instance; empty until they exist
 */
public record Backup(
        String id,
        @Nullable String environmentId,
        BackupState state,
        @Nullable OperationResult success,
        @Nullable Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable String notes,
        List<String> serviceInstanceBackupIds) {
    /** Checks the parts. */
    public Backup {
        Checks.id(id, "id");
        Objects.requireNonNull(state, "state");
        serviceInstanceBackupIds = List.copyOf(serviceInstanceBackupIds);
    }

    /** Tells whether it has ended, good or bad. Proven: the official command line tool decides so. */
    public boolean finished() {
        return state.equals(BackupState.COMPLETED);
    }

    /**
     * Tells whether it has ended well: finished, {@code SUCCESS}, and not without parts. Proven: the official command line tool decides
     * so.
     */
    public boolean succeeded() {
        return finished() && OperationResult.SUCCESS.equals(success) && !serviceInstanceBackupIds.isEmpty();
    }
}
