package io.github.divio4j.client;

import io.github.divio4j.client.internal.Mapper;
import io.github.divio4j.client.internal.RegionsApi;
import io.github.divio4j.client.internal.Transport;
import io.github.divio4j.client.model.Region;

/** Regions. Safe for use by several threads. */
public final class Regions {
    private final Transport transport;

    Regions(Transport transport) {
        this.transport = transport;
    }

    /** Lists the regions. Proven. */
    public ResourceIterable<Region> list() {
        RegionsApi api = transport.api(RegionsApi.class);
        return new ResourceIterable<>(pageSize -> transport.walk(api.list(pageSize), api::page, Mapper::region));
    }
}
