package io.github.divio4j.client.internal.wire;

import org.jspecify.annotations.Nullable;

/** The body of a PATCH of an environment. */
public record WireBranch(@Nullable String branch) {}
