package io.github.divio4j.client;

import io.github.divio4j.client.internal.Mapper;
import io.github.divio4j.client.internal.Transport;
import io.github.divio4j.client.internal.UploadsApi;
import io.github.divio4j.client.internal.wire.WireNewUpload;
import io.github.divio4j.client.model.BackupUpload;
import io.github.divio4j.client.model.NewBackup;
import java.time.Instant;

/** Backups that are made from files of your own. Safe for use by several threads. */
public final class Uploads {
    private final Transport transport;

    Uploads(Transport transport) {
        this.transport = transport;
    }

    /**
     * Starts a backup whose files are sent afterwards, each with {@code divio.files().upload(part, file)}, which also calls the part's
     * finish URL; then wait with {@code divio.waiters().backup(upload.id())}. Proven.
     *
     * @param backup the service instances are those whose files will be sent
     */
    public BackupUpload create(NewBackup backup) {
        Instant deletion = backup.scheduledForDeletionAt();
        WireNewUpload body = new WireNewUpload(
                backup.environmentId(),
                backup.serviceInstanceIds(),
                deletion == null ? null : deletion.toString(),
                backup.notes());
        return transport.one(transport.api(UploadsApi.class).create(body), Mapper::backupUpload);
    }
}
