package io.github.divio4j.examples.sandbox;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A restore of parts of a backup. Its mutable parts belong to the world's lock. */
final class Restore {
    final String id;
    final Backup backup;
    final String notes;
    final Instant createdAt;
    final List<Item> items = new ArrayList<>();

    Restore(String id, Backup backup, String notes, Instant createdAt) {
        this.id = id;
        this.backup = backup;
        this.notes = notes;
        this.createdAt = createdAt;
    }

    /** One dump and the instance whose data it replaces. */
    static final class Item {
        final String id;
        final Backup.Part part;
        final ServiceInstance target;

        @Nullable
        Instant endedAt;

        List<String> errors = List.of();

        Item(String id, Backup.Part part, ServiceInstance target) {
            this.id = id;
            this.part = part;
            this.target = target;
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
        return items.stream().allMatch(item -> item.endedAt != null);
    }

    @Nullable
    Instant endedAt() {
        Instant last = null;
        for (Item item : items) {
            Instant ended = item.endedAt;
            if (ended == null) {
                return null;
            }
            last = last == null || ended.isAfter(last) ? ended : last;
        }
        return last;
    }

    @Nullable
    String success() {
        return finished()
                ? Outcomes.summary(true, items.stream().map(Item::succeeded).toList())
                : null;
    }
}
