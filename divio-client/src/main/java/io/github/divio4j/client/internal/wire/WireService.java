package io.github.divio4j.client.internal.wire;

import org.jspecify.annotations.Nullable;

/** A catalogue entry. */
public record WireService(
        @Nullable String uuid,
        @Nullable String name,
        @Nullable String type,
        @Nullable String identifier,
        @Nullable String description) {}
