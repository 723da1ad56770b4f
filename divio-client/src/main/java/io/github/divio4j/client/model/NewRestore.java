package io.github.divio4j.client.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What shall be restored, and where. Immutable. */
public final class NewRestore {
    private final String backupId;
    private final List<Part> parts;
    private final String notes;

    private NewRestore(Builder builder) {
        this.backupId = builder.backupId;
        this.parts = List.copyOf(builder.parts);
        this.notes = builder.notes;
    }

    /** Starts a restore of a finished backup. */
    public static Builder builder(String backupId) {
        return new Builder(backupId);
    }

    /** Returns the backup. */
    public String backupId() {
        return backupId;
    }

    /** Returns what to restore, at least one part. */
    public List<Part> parts() {
        return parts;
    }

    /** Returns the notes; empty when there are none. */
    public String notes() {
        return notes;
    }

    /**
     * One service instance backup to restore.
     *
     * @param serviceInstanceBackupId the data
     * @param targetServiceInstanceId the service instance whose data are replaced; null for the one the backup was made of
     */
    public record Part(
            String serviceInstanceBackupId, @Nullable String targetServiceInstanceId) {
        /** Checks the parts. */
        public Part {
            Checks.id(serviceInstanceBackupId, "serviceInstanceBackupId");
            if (targetServiceInstanceId != null) {
                Checks.id(targetServiceInstanceId, "targetServiceInstanceId");
            }
        }
    }

    /** Collects the parts. Not safe for use by several threads. */
    public static final class Builder {
        private final String backupId;
        private final List<Part> parts = new ArrayList<>();
        private String notes = "";

        private Builder(String backupId) {
            this.backupId = Checks.id(backupId, "backupId");
        }

        /**
         * Adds a restore into another service instance than the backup was made of.
         *
         * <p>Assumed: the manual proves that the control panel can do this; no source shows the name of the API's field.
         */
        public Builder into(String targetServiceInstanceId, String serviceInstanceBackupId) {
            parts.add(new Part(
                    serviceInstanceBackupId,
                    Objects.requireNonNull(targetServiceInstanceId, "targetServiceInstanceId")));
            return this;
        }

        /** Adds a restore into the service instance that the backup was made of, whose data it replaces. Proven. */
        public Builder inPlace(String serviceInstanceBackupId) {
            parts.add(new Part(serviceInstanceBackupId, null));
            return this;
        }

        /** Sets the notes, free text that the platform keeps with the restore. Default: none. */
        public Builder notes(String text) {
            this.notes = Objects.requireNonNull(text, "text");
            return this;
        }

        /** Returns the finished value; fails when it has no part. */
        public NewRestore build() {
            if (parts.isEmpty()) {
                throw new IllegalStateException("a restore needs at least one part: into(...) or inPlace(...)");
            }
            return new NewRestore(this);
        }
    }
}
