package io.github.divio4j.client.internal.wire;

import org.jspecify.annotations.Nullable;

/** A region. */
public record WireRegion(@Nullable String uuid, @Nullable String name) {}
