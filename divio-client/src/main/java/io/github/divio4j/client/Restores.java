package io.github.divio4j.client;

import io.github.divio4j.client.error.DivioNotFoundException;
import io.github.divio4j.client.internal.Mapper;
import io.github.divio4j.client.internal.RestoresApi;
import io.github.divio4j.client.internal.Transport;
import io.github.divio4j.client.internal.wire.WireNewRestore;
import io.github.divio4j.client.internal.wire.WireNewRestorePart;
import io.github.divio4j.client.model.NewRestore;
import io.github.divio4j.client.model.Restore;

/** Restores of backups. Safe for use by several threads. */
public final class Restores {
    private final Transport transport;

    Restores(Transport transport) {
        this.transport = transport;
    }

    /** Lists the restores that the account of the token can see. */
    @Assumed(evidence = "GET /apps/v3/backup-restores/: every other resource with a detail has a list.")
    public ResourceIterable<Restore> list() {
        RestoresApi api = transport.api(RestoresApi.class);
        return new ResourceIterable<>(
                pageSize -> transport.walk(api.list(pageSize), api::page, wire -> Mapper.restore(wire, null)));
    }

    /**
     * Reads a restore. Proven.
     *
     * @throws DivioNotFoundException when there is none with this id
     */
    public Restore get(String id) {
        return transport.one(
                transport.api(RestoresApi.class).get(Ids.check(id, "id")), wire -> Mapper.restore(wire, null));
    }

    /**
     * Starts a restore, which replaces the data of its targets. Proven for a restore in place, of the answer only the id. Assumed: the
     * field {@code service_instance} that names another target.
     *
     * <p><b>Before a target is used on a platform for the first time, look at {@link Contract#verify()}</b>: a platform that does not know
     * the field may ignore it, and restore over the instance that the backup was made of.
     *
     * @return the restore; what the platform does not answer is unknown
     */
    @Assumed(
            evidence =
                    "The field service_instance of a part: the control panel restores into other instances, and the API takes a list of"
                            + " objects where a list of ids would do for a restore in place.",
            fallback = "Upload the file as a backup of the target, and restore that in place. Proven.")
    public Restore create(NewRestore restore) {
        WireNewRestore body = new WireNewRestore(
                restore.backupId(),
                restore.parts().stream()
                        .map(part ->
                                new WireNewRestorePart(part.serviceInstanceBackupId(), part.targetServiceInstanceId()))
                        .toList(),
                restore.notes());
        return transport.one(
                transport.api(RestoresApi.class).create(body), wire -> Mapper.restore(wire, restore.backupId()));
    }
}
