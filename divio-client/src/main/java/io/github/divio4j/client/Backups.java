package io.github.divio4j.client;

import io.github.divio4j.client.error.DivioNotFoundException;
import io.github.divio4j.client.internal.BackupsApi;
import io.github.divio4j.client.internal.Mapper;
import io.github.divio4j.client.internal.Transport;
import io.github.divio4j.client.internal.wire.WireNewBackup;
import io.github.divio4j.client.model.Backup;
import io.github.divio4j.client.model.NewBackup;
import java.time.Instant;

/** Backups. Safe for use by several threads. */
public final class Backups {
    private final Transport transport;

    Backups(Transport transport) {
        this.transport = transport;
    }

    /** Lists the backups of all environments that the account of the token can see, in the order of the platform. Proven. */
    public ResourceIterable<Backup> list() {
        BackupsApi api = transport.api(BackupsApi.class);
        return new ResourceIterable<>(
                pageSize -> transport.walk(api.list(null, pageSize), api::page, wire -> Mapper.backup(wire, null)));
    }

    /**
     * Lists the backups of an environment.
     *
     * <p>Proven: the list of all backups, whose rows name their environment. Assumed: that the platform can filter it; if it does not, the
     * client does, and the iteration takes more calls.
     */
    @Assumed(
            evidence = "The parameter environment: the lists of deployments and of service instances have it.",
            fallback = "None is needed: the client leaves out what is of another environment.")
    public ResourceIterable<Backup> list(String environmentId) {
        Ids.check(environmentId, "environmentId");
        BackupsApi api = transport.api(BackupsApi.class);
        return new ResourceIterable<>(pageSize -> transport.walk(api.list(environmentId, pageSize), api::page, wire -> {
            Backup backup = Mapper.backup(wire, null);
            return environmentId.equals(backup.environmentId()) ? backup : null;
        }));
    }

    /**
     * Reads a backup. Proven.
     *
     * @throws DivioNotFoundException when there is none with this id
     */
    public Backup get(String id) {
        return transport.one(
                transport.api(BackupsApi.class).get(Ids.check(id, "id")), wire -> Mapper.backup(wire, null));
    }

    /**
     * Starts a backup. Proven, of the answer only the id: read the backup to see how far it is.
     *
     * @return the backup; what the platform does not answer is unknown
     */
    public Backup create(NewBackup backup) {
        Instant deletion = backup.scheduledForDeletionAt();
        WireNewBackup body = new WireNewBackup(
                backup.environmentId(),
                backup.serviceInstanceIds(),
                "MANUAL",
                deletion == null ? null : deletion.toString(),
                backup.notes());
        return transport.one(
                transport.api(BackupsApi.class).create(body), wire -> Mapper.backup(wire, backup.environmentId()));
    }
}
