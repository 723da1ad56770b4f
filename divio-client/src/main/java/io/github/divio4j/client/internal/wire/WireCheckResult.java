package io.github.divio4j.client.internal.wire;

import org.jspecify.annotations.Nullable;

/** The answer to a check of a repository. */
public record WireCheckResult(@Nullable String code) {}
