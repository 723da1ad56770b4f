package io.github.divio4j.client.model;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A template of an application.
 *
 * @param id its id
 * @param name its name; empty when the API gives none
 * @param url what names it when an application is made, or null when the API does not say
 * @param releaseCommands its release commands; empty in lists
 * @param services the services it asks for; empty in lists
 */
public record AppTemplate(
        String id,
        String name,
        @Nullable String url,
        List<ReleaseCommand> releaseCommands,
        List<TemplateService> services) {
    /** Checks the parts. */
    public AppTemplate {
        Checks.id(id, "id");
        Objects.requireNonNull(name, "name");
        releaseCommands = List.copyOf(releaseCommands);
        services = List.copyOf(services);
    }
}
