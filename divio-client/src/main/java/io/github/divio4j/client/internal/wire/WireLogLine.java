package io.github.divio4j.client.internal.wire;

import org.jspecify.annotations.Nullable;

/** A line of a log. */
public record WireLogLine(
        @Nullable String timestamp,
        @Nullable String service,
        @Nullable String message) {}
