package io.github.divio4j.client.model;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A deployment of an environment.
 *
 * @param id its id
 * @param environmentId the environment, or null when the API does not say
 * @param startedAt when it started, or null when the API does not say
 * @param endedAt when it ended; null before
 * @param success whether it worked; null before the end
 * @param status what it says about itself, for people
 * @param percent how far it is, 0 to 100, or null when the API does not say
 * @param environmentVariableNames the names of the variables it ran with, sorted; empty in lists. Values: {@code
 *     divio.deployments().environmentVariables(id)}
 */
public record Deployment(
        String id,
        @Nullable String environmentId,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable Boolean success,
        DeploymentStatus status,
        @Nullable Integer percent,
        List<String> environmentVariableNames) {
    /** Checks the parts. */
    public Deployment {
        Checks.id(id, "id");
        Objects.requireNonNull(status, "status");
        if (percent != null && (percent < 0 || percent > 100)) {
            throw new IllegalArgumentException("percent must be 0 to 100: " + percent);
        }
        environmentVariableNames = List.copyOf(environmentVariableNames);
    }

    /** Tells whether it has ended, good or bad. Proven: the official command line tool decides so. */
    public boolean finished() {
        return endedAt != null;
    }

    /** Tells whether it has ended well. Proven: the official command line tool decides so. */
    public boolean succeeded() {
        return finished() && Boolean.TRUE.equals(success);
    }
}
