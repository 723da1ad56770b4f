package io.github.divio4j.client;

import io.github.divio4j.client.error.DivioNotFoundException;
import io.github.divio4j.client.internal.ApplicationsApi;
import io.github.divio4j.client.internal.Mapper;
import io.github.divio4j.client.internal.Transport;
import io.github.divio4j.client.internal.wire.WireNewApplication;
import io.github.divio4j.client.internal.wire.WireReleaseCommand;
import io.github.divio4j.client.model.Application;
import io.github.divio4j.client.model.NewApplication;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Applications. Safe for use by several threads. */
public final class Applications {
    private static final String PATH = "/apps/v3/applications/";

    private final Transport transport;

    Applications(Transport transport) {
        this.transport = transport;
    }

    /** Lists the applications that the account of the token can see. Proven. */
    public ResourceIterable<Application> list() {
        return list(null);
    }

    private ResourceIterable<Application> list(@Nullable String slug) {
        ApplicationsApi api = transport.api(ApplicationsApi.class);
        return new ResourceIterable<>(
                pageSize -> transport.walk(api.list(slug, pageSize), api::page, Mapper::application));
    }

    /**
     * Reads an application. Proven.
     *
     * @throws DivioNotFoundException when there is none with this id
     */
    public Application get(String id) {
        return transport.one(transport.api(ApplicationsApi.class).get(Ids.check(id, "id")), Mapper::application);
    }

    /**
     * Looks for an application by its slug. Proven.
     *
     * @throws io.github.divio4j.client.error.DivioProtocolException when there are several
     */
    public Optional<Application> findBySlug(String slug) {
        Ids.check(slug, "slug");
        // The filter is not trusted: a server that ignores it would answer with somebody else's application.
        List<Application> found = list(slug).stream()
                .filter(application -> application.slug().equals(slug))
                .limit(2)
                .toList();
        if (found.size() > 1) {
            throw transport.ambiguous(PATH, "application with the slug \"" + slug + "\"");
        }
        return found.stream().findFirst();
    }

    /**
     * Reads an application by its slug. Proven.
     *
     * @throws DivioNotFoundException when there is none
     */
    public Application getBySlug(String slug) {
        return findBySlug(slug)
                .orElseThrow(() -> transport.notFound(PATH, "application with the slug \"" + slug + "\""));
    }

    /**
     * Makes an application. Whether the platform makes its environments with it, no source says: list them. Proven, of the answer only the
     * id.
     *
     * <p>What it needs, in the order in which it can be found: an organisation, one of its plan groups, one of that group's regions; then, as
     * you like, a template, and a repository that was {@linkplain Repositories#createWithKey made known} and {@linkplain Waiters#repository
     * read}.
     *
     * @return the application; what the platform does not answer is as it was asked for
     * @throws io.github.divio4j.client.error.DivioValidationException when the platform refuses a part, for example a slug that is taken;
     *     it says which
     */
    public Application create(NewApplication application) {
        List<WireReleaseCommand> commands = application.releaseCommands().stream()
                .map(command -> new WireReleaseCommand(command.label(), command.command()))
                .toList();
        WireNewApplication body = new WireNewApplication(
                application.name(),
                application.slug(),
                application.organisationId(),
                application.planGroupId(),
                application.regionId(),
                application.appTemplateUrl(),
                commands.isEmpty() ? null : commands,
                application.repositoryId(),
                application.branch());
        return transport.one(
                transport.api(ApplicationsApi.class).create(body), wire -> Mapper.newApplication(wire, application));
    }
}
