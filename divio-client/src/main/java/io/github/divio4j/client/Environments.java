package io.github.divio4j.client;

import io.github.divio4j.client.error.DivioNotFoundException;
import io.github.divio4j.client.internal.EnvironmentsApi;
import io.github.divio4j.client.internal.Mapper;
import io.github.divio4j.client.internal.Transport;
import io.github.divio4j.client.internal.wire.WireBranch;
import io.github.divio4j.client.internal.wire.WireEnvironmentCopy;
import io.github.divio4j.client.model.Environment;
import io.github.divio4j.client.model.LogPage;
import java.time.Instant;
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

    /**
     * Makes a new environment of the same application that is like this one.
     *
     * @return the new environment; what the platform does not answer is unknown
     */
    @Assumed(
            evidence =
                    "POST /apps/v3/environments/{id}/copy/ with new_slug: a script that Divio has published does it.")
    public Environment copy(String id, String newSlug) {
        return transport.one(
                transport
                        .api(EnvironmentsApi.class)
                        .copy(Ids.check(id, "id"), new WireEnvironmentCopy(Ids.check(newSlug, "newSlug"))),
                wire -> Mapper.environmentCopy(wire, newSlug));
    }

    /** Changes the Git branch that an environment is deployed from, with its next deployment. */
    @Assumed(evidence = "PATCH /apps/v3/environments/{id}/ with branch: a script that Divio has published does it.")
    public void updateBranch(String id, String branch) {
        transport.run(transport
                .api(EnvironmentsApi.class)
                .update(Ids.check(id, "id"), new WireBranch(Ids.check(branch, "branch"))));
    }

    /**
     * Reads the log of an environment that was deployed before. A log has no end: {@link #logAfter} reads on. Proven.
     *
     * @return the part that the platform chooses to begin with
     */
    public LogPage log(String id) {
        return transport.one(transport.api(EnvironmentsApi.class).log(Ids.check(id, "id"), null), Mapper::logPage);
    }

    /** Reads the log of an environment from a moment on. */
    @Assumed(evidence = "The parameter from_ts: a script that Divio has published sends it.", fallback = "log(id)")
    public LogPage log(String id, Instant from) {
        return transport.one(
                transport.api(EnvironmentsApi.class).log(Ids.check(id, "id"), from.toString()), Mapper::logPage);
    }

    /**
     * Reads the part of a log that follows. Without lines, nothing was written since: wait a second, and ask for what follows the page that
     * this returned. Proven.
     *
     * @throws IllegalArgumentException when the page does not say where the log goes on, or not on the API's own origin
     */
    public LogPage logAfter(LogPage page) {
        return transport.one(transport.api(EnvironmentsApi.class).logPage(transport.own(page.next())), Mapper::logPage);
    }
}
