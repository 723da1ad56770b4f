package io.github.divio4j.client.model;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a backup that is made available as a file.
 *
 * @param id its id
 * @param endedAt when it ended, good or bad; null before
 * @param errors what went wrong, in the platform's words; empty when nothing did
 * @param downloadUrl where the file is, with a signature that lets everybody read it; null before the end, and for an empty database
 */
public record ServiceInstanceDownload(
        String id,
        @Nullable Instant endedAt,
        List<String> errors,
        @Nullable String downloadUrl) {
    /** Checks the parts. */
    public ServiceInstanceDownload {
        Checks.id(id, "id");
        errors = List.copyOf(errors);
    }

    /** Tells whether it has ended, good or bad. Proven: the official command line tool decides so. */
    public boolean finished() {
        return endedAt != null;
    }

    /** Tells whether it has ended well. Proven: the official command line tool decides so. */
    public boolean succeeded() {
        return finished() && errors.isEmpty();
    }

    /** Tells whether it has ended well and there is nothing to download: the database is empty. Proven. */
    public boolean empty() {
        return succeeded() && downloadUrl == null;
    }

    /** Shows that there is a URL, and not which: whoever has it can read the file. */
    @Override
    public String toString() {
        return "ServiceInstanceDownload[id=" + id + ", endedAt=" + endedAt + ", errors=" + errors + ", downloadUrl="
                + (downloadUrl == null ? "null" : "***") + "]";
    }
}
