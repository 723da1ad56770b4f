package io.github.divio4j.examples.sandbox;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A backup of some services of an environment. Its mutable parts belong to the world's lock. */
final class Backup {
    final String id;
    final Environment environment;
    final String trigger;
    final String notes;
    final Instant createdAt;
    final @Nullable Instant scheduledForDeletionAt;
    final List<Part> parts = new ArrayList<>();

    Backup(
            String id,
            Environment environment,
            String trigger,
            String notes,
            Instant createdAt,
            @Nullable Instant scheduledForDeletionAt) {
        this.id = id;
        this.environment = environment;
        this.trigger = trigger;
        this.notes = notes;
        this.createdAt = createdAt;
        this.scheduledForDeletionAt = scheduledForDeletionAt;
    }

    /** The dump of one service instance. */
    static final class Part {
        final String id;
        final Backup backup;
        final ServiceInstance instance;
        final Path file;
        final Instant queuedAt;

        @Nullable
        Instant startedAt;
        /** From when on writes are not in the dump. */
        @Nullable
        Instant takenAt;

        @Nullable
        Instant endedAt;

        @Nullable
        Long size;

        List<String> errors = List.of();

        Part(String id, Backup backup, ServiceInstance instance, Path file, Instant queuedAt) {
            this.id = id;
            this.backup = backup;
            this.instance = instance;
            this.file = file;
            this.queuedAt = queuedAt;
        }

        boolean succeeded() {
            return endedAt != null && errors.isEmpty();
        }

        void end(Instant now, List<String> problems) {
            endedAt = now;
            errors = problems;
        }
    }

    boolean finished() {
        return parts.stream().allMatch(part -> part.endedAt != null);
    }

    @Nullable
    Instant endedAt() {
        Instant last = null;
        for (Part part : parts) {
            Instant ended = part.endedAt;
            if (ended == null) {
                return null;
            }
            last = last == null || ended.isAfter(last) ? ended : last;
        }
        return last;
    }

    boolean expired(Instant now) {
        Instant deletion = scheduledForDeletionAt;
        return deletion != null && deletion.isBefore(now);
    }

    String state() {
        return finished() ? "COMPLETED" : "WORKING";
    }

    /** While a backup runs this is PARTIAL: only the state says that it has ended. */
    String success() {
        return Outcomes.summary(finished(), parts.stream().map(Part::succeeded).toList());
    }
}
