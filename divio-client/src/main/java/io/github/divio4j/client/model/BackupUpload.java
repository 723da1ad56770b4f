package io.github.divio4j.client.model;

import java.util.List;

/**
 * A backup that waits for its files.
 *
 * @param id the id of the backup; poll it once every part is uploaded
 * @param parts where each file goes
 */
public record BackupUpload(String id, List<UploadPart> parts) {
    /** Checks the parts. */
    public BackupUpload {
        Checks.id(id, "id");
        parts = List.copyOf(parts);
    }
}
