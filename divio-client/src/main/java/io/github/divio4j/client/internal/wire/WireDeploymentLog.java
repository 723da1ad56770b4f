package io.github.divio4j.client.internal.wire;

import org.jspecify.annotations.Nullable;

/** The log of a deployment. */
public record WireDeploymentLog(@Nullable String logs) {}
