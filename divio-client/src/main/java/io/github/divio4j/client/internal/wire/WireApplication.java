package io.github.divio4j.client.internal.wire;

import org.jspecify.annotations.Nullable;

/** An application. */
public record WireApplication(
        @Nullable String uuid,
        @Nullable String slug,
        @Nullable String name,
        @Reference @Nullable String organisation,
        @Reference @Nullable String repository) {}
