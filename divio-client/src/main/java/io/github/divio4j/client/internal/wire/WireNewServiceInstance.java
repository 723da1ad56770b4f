package io.github.divio4j.client.internal.wire;

import org.jspecify.annotations.Nullable;

/** The body of a POST of a service instance. */
public record WireNewServiceInstance(
        @Nullable String environment,
        @Nullable String region,
        @Nullable String service,
        @Nullable String prefix) {}
