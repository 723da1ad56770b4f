package io.github.divio4j.client.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An environment of an application, such as {@code test} or {@code live}.
 *
 * @param id its id
 * @param slug its short name, unique within the application
 * @param branch the Git branch it is deployed from, or null when the API does not say
 * @param applicationId the application it belongs to, or null when the API does not say
 * @param lastFinishedDeploymentId its latest finished deployment; null when it was never deployed
 * @param sshEndpoint where its containers can be reached; null in lists and when there is none
 */
public record Environment(
        String id,
        String slug,
        @Nullable String branch,
        @Nullable String applicationId,
        @Nullable String lastFinishedDeploymentId,
        @Nullable SshEndpoint sshEndpoint) {
    /** Checks the parts. */
    public Environment {
        Checks.id(id, "id");
        Objects.requireNonNull(slug, "slug");
    }
}
