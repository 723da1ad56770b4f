package io.github.divio4j.client;

import io.github.divio4j.client.error.DivioNotFoundException;
import io.github.divio4j.client.internal.Mapper;
import io.github.divio4j.client.internal.ServiceInstanceBackupsApi;
import io.github.divio4j.client.internal.Transport;
import io.github.divio4j.client.model.ServiceInstanceBackup;

/** The parts of backups, one per service instance. Safe for use by several threads. */
public final class ServiceInstanceBackups {
    private final Transport transport;

    ServiceInstanceBackups(Transport transport) {
        this.transport = transport;
    }

    /**
     * Lists the parts of a backup.
     *
     * <p>Proven: the list of all parts, whose rows name their backup. Assumed: that the platform can filter it; if it does not, the client
     * does, and the iteration takes more calls. {@link io.github.divio4j.client.model.Backup#serviceInstanceBackupIds()} is the proven
     * way.
     */
    @Assumed(
            evidence =
                    "The parameter backup: its rows name their backup, and the list of the parts of downloads has it.",
            fallback = "Backup.serviceInstanceBackupIds() and get(id). Proven.")
    public ResourceIterable<ServiceInstanceBackup> list(String backupId) {
        Ids.check(backupId, "backupId");
        ServiceInstanceBackupsApi api = transport.api(ServiceInstanceBackupsApi.class);
        return new ResourceIterable<>(pageSize -> transport.walk(api.list(backupId, pageSize), api::page, wire -> {
            ServiceInstanceBackup part = Mapper.serviceInstanceBackup(wire);
            return backupId.equals(part.backupId()) ? part : null;
        }));
    }

    /**
     * Reads a part of a backup. Proven.
     *
     * @throws DivioNotFoundException when there is none with this id
     */
    public ServiceInstanceBackup get(String id) {
        return transport.one(
                transport.api(ServiceInstanceBackupsApi.class).get(Ids.check(id, "id")), Mapper::serviceInstanceBackup);
    }
}
