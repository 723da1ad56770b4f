package io.github.divio4j.examples.sandbox;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An application of the platform.
 *
 * @param repository the id of its own repository; null if the platform hosts the code
 * @param releaseCommands as they were sent
 */
record Application(
        String id,
        String slug,
        String name,
        String organisationId,
        String planGroupId,
        Region region,
        String branch,
        @Nullable String repository,
        @Nullable String appTemplate,
        @Nullable Object releaseCommands,
        Instant createdAt) {}
