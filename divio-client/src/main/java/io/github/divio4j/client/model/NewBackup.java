package io.github.divio4j.client.model;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a backup shall hold, whether the platform makes it or its files are uploaded. Immutable. */
public final class NewBackup {
    private final String environmentId;
    private final List<String> serviceInstanceIds;
    private final String notes;
    private final @Nullable Instant scheduledForDeletionAt;

    private NewBackup(Builder builder) {
        this.environmentId = builder.environmentId;
        this.serviceInstanceIds = builder.serviceInstanceIds;
        this.notes = builder.notes;
        this.scheduledForDeletionAt = builder.scheduledForDeletionAt;
    }

    /**
     * Starts a backup of an environment.
     *
     * @param environmentId the environment
     * @param serviceInstanceIds the service instances that it holds the data of, at least one; each has to be provisioned
     */
    public static Builder builder(String environmentId, List<String> serviceInstanceIds) {
        return new Builder(environmentId, serviceInstanceIds);
    }

    /** Returns the environment. */
    public String environmentId() {
        return environmentId;
    }

    /** Returns the service instances that it holds the data of, at least one. */
    public List<String> serviceInstanceIds() {
        return serviceInstanceIds;
    }

    /** Returns the notes; empty when there are none. */
    public String notes() {
        return notes;
    }

    /** Returns when the platform may delete the backup; null for its usual rules. */
    public @Nullable Instant scheduledForDeletionAt() {
        return scheduledForDeletionAt;
    }

    /** Collects the parts. Not safe for use by several threads. */
    public static final class Builder {
        private final String environmentId;
        private final List<String> serviceInstanceIds;
        private String notes = "";
        private @Nullable Instant scheduledForDeletionAt;

        private Builder(String environmentId, List<String> serviceInstanceIds) {
            this.environmentId = Checks.id(environmentId, "environmentId");
            this.serviceInstanceIds = List.copyOf(serviceInstanceIds);
            this.serviceInstanceIds.forEach(id -> Checks.id(id, "serviceInstanceId"));
            if (serviceInstanceIds.isEmpty()) {
                throw new IllegalArgumentException("a backup needs at least one service instance");
            }
        }

        /** Sets the notes, free text that the platform keeps with the backup. Default: none. */
        public Builder notes(String text) {
            this.notes = Objects.requireNonNull(text, "text");
            return this;
        }

        /** Lets the platform delete the backup at this moment; null, the default, for its usual rules. */
        public Builder scheduledForDeletionAt(@Nullable Instant moment) {
            this.scheduledForDeletionAt = moment;
            return this;
        }

        /** Returns the finished value. */
        public NewBackup build() {
            return new NewBackup(this);
        }
    }
}
