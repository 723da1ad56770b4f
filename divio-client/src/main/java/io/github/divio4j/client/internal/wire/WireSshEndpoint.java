package io.github.divio4j.client.internal.wire;

import org.jspecify.annotations.Nullable;

/** An SSH endpoint. */
public record WireSshEndpoint(
        @Nullable String host,
        @Nullable Integer port,
        @Nullable String user) {}
