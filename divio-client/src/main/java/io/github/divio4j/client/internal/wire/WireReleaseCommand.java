package io.github.divio4j.client.internal.wire;

import org.jspecify.annotations.Nullable;

/** A release command. */
public record WireReleaseCommand(
        @Nullable String label, @Nullable String command) {}
