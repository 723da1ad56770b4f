package io.github.divio4j.client;

import io.github.divio4j.client.error.DivioNotFoundException;
import io.github.divio4j.client.internal.Mapper;
import io.github.divio4j.client.internal.PlanGroupsApi;
import io.github.divio4j.client.internal.Transport;
import io.github.divio4j.client.model.PlanGroup;

/** Groups of plans. Safe for use by several threads. */
public final class PlanGroups {
    private final Transport transport;

    PlanGroups(Transport transport) {
        this.transport = transport;
    }

    /** Lists the groups that an organisation can choose from. Proven. */
    public ResourceIterable<PlanGroup> list(String organisationId) {
        Ids.check(organisationId, "organisationId");
        PlanGroupsApi api = transport.api(PlanGroupsApi.class);
        return new ResourceIterable<>(
                pageSize -> transport.walk(api.list(organisationId, pageSize), api::page, Mapper::planGroup));
    }

    /**
     * Reads a group. Proven.
     *
     * @throws DivioNotFoundException when there is none with this id
     */
    public PlanGroup get(String id) {
        return transport.one(transport.api(PlanGroupsApi.class).get(Ids.check(id, "id")), Mapper::planGroup);
    }
}
