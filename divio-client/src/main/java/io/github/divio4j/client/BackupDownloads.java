package io.github.divio4j.client;

import io.github.divio4j.client.error.DivioNotFoundException;
import io.github.divio4j.client.internal.DownloadsApi;
import io.github.divio4j.client.internal.Mapper;
import io.github.divio4j.client.internal.Transport;
import io.github.divio4j.client.internal.wire.WireNewDownload;
import io.github.divio4j.client.model.BackupDownload;
import io.github.divio4j.client.model.ServiceInstanceDownload;
import java.util.List;

/**
 * Downloads of backups: {@link #create}, {@link #parts}, wait for a part with {@code divio.waiters().download(partId)}, then
 * {@code divio.files().download(part, path)}. Safe for use by several threads.
 */
public final class BackupDownloads {
    private final Transport transport;

    BackupDownloads(Transport transport) {
        this.transport = transport;
    }

    /**
     * Asks for parts of a backup as files. The platform sends no e-mail about it. Proven.
     *
     * @param serviceInstanceBackupIds the parts, at least one
     */
    public BackupDownload create(String backupId, List<String> serviceInstanceBackupIds) {
        if (serviceInstanceBackupIds.isEmpty()) {
            throw new IllegalArgumentException("a download needs at least one part of the backup");
        }
        serviceInstanceBackupIds.forEach(id -> Ids.check(id, "serviceInstanceBackupId"));
        WireNewDownload body =
                new WireNewDownload(Ids.check(backupId, "backupId"), List.copyOf(serviceInstanceBackupIds), "PULL");
        return transport.one(transport.api(DownloadsApi.class).create(body), Mapper::backupDownload);
    }

    /** Lists the parts of a download, which are there at once. Proven: the filter is named {@code backup} and takes the download's id. */
    public ResourceIterable<ServiceInstanceDownload> parts(String downloadId) {
        Ids.check(downloadId, "downloadId");
        DownloadsApi api = transport.api(DownloadsApi.class);
        return new ResourceIterable<>(
                pageSize -> transport.walk(api.list(downloadId, pageSize), api::page, Mapper::serviceInstanceDownload));
    }

    /**
     * Reads a part of a download. Proven.
     *
     * @throws DivioNotFoundException when there is none with this id
     */
    public ServiceInstanceDownload getPart(String id) {
        return transport.one(
                transport.api(DownloadsApi.class).get(Ids.check(id, "id")),
                wire -> Mapper.serviceInstanceDownload(wire, id));
    }
}
