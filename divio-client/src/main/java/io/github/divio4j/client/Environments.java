package io.github.divio4j.client;

import io.github.divio4j.client.error.DivioNotFoundException;
import io.github.divio4j.client.internal.EnvironmentsApi;
import io.github.divio4j.client.internal.Mapper;
import io.github.divio4j.client.internal.Transport;
import io.github.divio4j.client.model.Environment;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Environments of applications. Safe for use by several threads. */
public final class Environments {
    private static final String PATH = "/apps/v3/environments/";

    private final Transport transport;

    Environments(Transport transport) {
        this.transport = transport;
    }

    /** Lists the environments of an application. Proven. */
    public ResourceIterable<Environment> list(String applicationId) {
        return list(Ids.check(applicationId, "applicationId"), null);
    }

    private ResourceIterable<Environment> list(String applicationId, @Nullable String slug) {
        EnvironmentsApi api = transport.api(EnvironmentsApi.class);
        return new ResourceIterable<>(pageSize ->
                transport.walk(api.list(applicationId, slug, pageSize), api::page, wire -> {
                    Environment environment = Mapper.environment(wire, applicationId);
                    return applicationId.equals(environment.applicationId()) ? environment : null;
                }));
    }

    /**
     * Reads an environment. Proven.
     *
     * @throws DivioNotFoundException when there is none with this id
     */
    public Environment get(String id) {
        return transport.one(
                transport.api(EnvironmentsApi.class).get(Ids.check(id, "id")), wire -> Mapper.environment(wire, null));
    }

    /**
     * Looks for an environment of an application by its slug, such as {@code live}. Proven.
     *
     * @throws io.github.divio4j.client.error.DivioProtocolException when there are several
     */
    public Optional<Environment> findBySlug(String applicationId, String slug) {
        Ids.check(applicationId, "applicationId");
        Ids.check(slug, "slug");
        List<Environment> found = list(applicationId, slug).stream()
                .filter(environment -> environment.slug().equals(slug))
                .limit(2)
                .toList();
        if (found.size() > 1) {
            throw transport.ambiguous(PATH, "environment with the slug \"" + slug + "\" in one application");
        }
        return found.stream().findFirst();
    }

    /**
     * Reads an environment of an application by its slug. Proven.
     *
     * @throws DivioNotFoundException when there is none
     */
    public Environment getBySlug(String applicationId, String slug) {
        return findBySlug(applicationId, slug)
                .orElseThrow(() -> transport.notFound(
                        PATH, "environment with the slug \"" + slug + "\" in the application " + applicationId));
    }
}
