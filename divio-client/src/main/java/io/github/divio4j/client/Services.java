package io.github.divio4j.client;

import io.github.divio4j.client.error.DivioNotFoundException;
import io.github.divio4j.client.internal.Mapper;
import io.github.divio4j.client.internal.ServicesApi;
import io.github.divio4j.client.internal.Transport;
import io.github.divio4j.client.model.Service;
import org.jspecify.annotations.Nullable;

/** The catalogue of services. Safe for use by several threads. */
public final class Services {
    private final Transport transport;

    Services(Transport transport) {
        this.transport = transport;
    }

    /** Lists the catalogue of a region. Proven. */
    public ResourceIterable<Service> list(String regionId) {
        return entries(Ids.check(regionId, "regionId"), null);
    }

    /** Lists what the catalogue of a region offers to an application. Proven: the filter is named {@code website}. */
    public ResourceIterable<Service> list(String regionId, String applicationId) {
        return entries(Ids.check(regionId, "regionId"), Ids.check(applicationId, "applicationId"));
    }

    private ResourceIterable<Service> entries(String regionId, @Nullable String applicationId) {
        ServicesApi api = transport.api(ServicesApi.class);
        return new ResourceIterable<>(
                pageSize -> transport.walk(api.list(regionId, applicationId, pageSize), api::page, Mapper::service));
    }

    /**
     * Reads an entry of the catalogue.
     *
     * @throws DivioNotFoundException when there is none with this id, or the platform does not have the call
     */
    @Assumed(
            evidence = "GET /apps/v3/services/{id}/: every other resource with a list has it.",
            fallback = "list(regionId) and compare the ids.")
    public Service get(String id) {
        return transport.one(transport.api(ServicesApi.class).get(Ids.check(id, "id")), Mapper::service);
    }
}
