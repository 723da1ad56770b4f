package io.github.divio4j.client.model;

/**
 * A request to make parts of a backup available as files.
 *
 * @param id its id
 */
public record BackupDownload(String id) {
    /** Checks the parts. */
    public BackupDownload {
        Checks.id(id, "id");
    }
}
