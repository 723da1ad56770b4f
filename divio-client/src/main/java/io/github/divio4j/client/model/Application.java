package io.github.divio4j.client.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An application.
 *
 * @param id its id
 * @param slug its short name, unique on the platform
 * @param name its name for people; the slug when the API gives none
 * @param organisationId the organisation it belongs to, or null when the API does not say
 * @param repositoryId its external Git repository; null when Divio hosts the repository
 */
public record Application(
        String id,
        String slug,
        String name,
        @Nullable String organisationId,
        @Nullable String repositoryId) {
    /** Checks the parts. */
    public Application {
        Checks.id(id, "id");
        Checks.id(slug, "slug");
        Objects.requireNonNull(name, "name");
    }
}
