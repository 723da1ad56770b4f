package io.github.divio4j.client.internal.wire;

import org.jspecify.annotations.Nullable;

/** An answer of which only the id is known. */
public record WireId(@Nullable String uuid) {}
