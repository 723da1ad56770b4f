package io.github.divio4j.client.internal.wire;

import org.jspecify.annotations.Nullable;

/** The body of a PATCH of a service instance. */
public record WirePrefix(@Nullable String prefix) {}
