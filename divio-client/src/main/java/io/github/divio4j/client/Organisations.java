package io.github.divio4j.client;

import io.github.divio4j.client.error.DivioNotFoundException;
import io.github.divio4j.client.internal.Mapper;
import io.github.divio4j.client.internal.OrganisationsApi;
import io.github.divio4j.client.internal.Transport;
import io.github.divio4j.client.model.Organisation;

/** Organisations. Safe for use by several threads. */
public final class Organisations {
    private final Transport transport;

    Organisations(Transport transport) {
        this.transport = transport;
    }

    /** Lists the organisations that the account of the token can see. Proven. */
    public ResourceIterable<Organisation> list() {
        OrganisationsApi api = transport.api(OrganisationsApi.class);
        return new ResourceIterable<>(pageSize -> transport.walk(api.list(pageSize), api::page, Mapper::organisation));
    }

    /**
     * Reads an organisation. Proven.
     *
     * @throws DivioNotFoundException when there is none with this id
     */
    public Organisation get(String id) {
        return transport.one(transport.api(OrganisationsApi.class).get(Ids.check(id, "id")), Mapper::organisation);
    }
}
