package io.github.divio4j.examples.sandbox;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parts of a backup that are made ready for download. Its mutable parts belong to the world's lock. */
final class Download {
    final String id;
    final Backup backup;
    final String trigger;
    final Instant createdAt;
    final List<Item> items = new ArrayList<>();

    Download(String id, Backup backup, String trigger, Instant createdAt) {
        this.id = id;
        this.backup = backup;
        this.trigger = trigger;
        this.createdAt = createdAt;
    }

    /** One dump and, once it is ready, the secret part of its address. */
    static final class Item {
        final String id;
        final Download download;
        final Backup.Part part;

        @Nullable
        Instant endedAt;

        @Nullable
        String ticket;

        List<String> errors = List.of();

        Item(String id, Download download, Backup.Part part) {
            this.id = id;
            this.download = download;
            this.part = part;
        }
    }
}
