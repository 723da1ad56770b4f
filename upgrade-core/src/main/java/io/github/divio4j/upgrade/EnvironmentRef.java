package io.github.divio4j.upgrade;

import static java.util.Objects.requireNonNull;

/**
 * An environment of an application.
 *
 * @param application the application's slug
 * @param id the platform's id of the environment
 * @param slug the environment's slug: {@code test}, {@code live}
 */
public record EnvironmentRef(String application, String id, String slug) {

    /** Checks that nothing is missing. */
    public EnvironmentRef {
        requireNonNull(application, "application");
        requireNonNull(id, "id");
        requireNonNull(slug, "slug");
    }

    @Override
    public String toString() {
        return application + "/" + slug;
    }
}
