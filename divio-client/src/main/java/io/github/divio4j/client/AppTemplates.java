package io.github.divio4j.client;

import io.github.divio4j.client.error.DivioNotFoundException;
import io.github.divio4j.client.internal.AppTemplatesApi;
import io.github.divio4j.client.internal.Mapper;
import io.github.divio4j.client.internal.Transport;
import io.github.divio4j.client.model.AppTemplate;

/** Templates of applications. Safe for use by several threads. */
public final class AppTemplates {
    private final Transport transport;

    AppTemplates(Transport transport) {
        this.transport = transport;
    }

    /** Lists the templates. Proven. */
    public ResourceIterable<AppTemplate> list() {
        AppTemplatesApi api = transport.api(AppTemplatesApi.class);
        return new ResourceIterable<>(pageSize -> transport.walk(api.list(pageSize), api::page, Mapper::appTemplate));
    }

    /**
     * Reads a template. Proven.
     *
     * @throws DivioNotFoundException when there is none with this id
     */
    public AppTemplate get(String id) {
        return transport.one(transport.api(AppTemplatesApi.class).get(Ids.check(id, "id")), Mapper::appTemplate);
    }
}
