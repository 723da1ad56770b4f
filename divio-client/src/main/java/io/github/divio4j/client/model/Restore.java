package io.github.divio4j.client.model;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A restore of a backup.
 *
 * @param id its id
 * @param backupId the backup it restores, or null when the API does not say
 * @param finished whether it has ended, good or bad
 * @param success how it ended; null or without meaning before the end
 * @param createdAt when it was asked for, or null when the API does not say
 * @param endedAt when it ended, or null
 * @param notes its notes, with {@code ***} for what looks like a password; null when there are none
 * @param targetServiceInstanceIds the service instances that it restores into; empty when the API does not say
 * @param errors what went wrong, in the platform's words; empty when nothing did or the API does not say
 */
public record Restore(
        String id,
        @Nullable String backupId,
        boolean finished,
        @Nullable OperationResult success,
        @Nullable Instant createdAt,
        @Nullable Instant endedAt,
        @Nullable String notes,
        List<String> targetServiceInstanceIds,
        List<String> errors) {
    /** Checks the parts. */
    public Restore {
        Checks.id(id, "id");
        targetServiceInstanceIds = List.copyOf(targetServiceInstanceIds);
        errors = List.copyOf(errors);
    }

    /** Tells whether it has ended well: finished and {@code SUCCESS}. Proven: the official command line tool decides so. */
    public boolean succeeded() {
        return finished && OperationResult.SUCCESS.equals(success);
    }
}
