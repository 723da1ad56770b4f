package io.github.divio4j.client.internal.wire;

import org.jspecify.annotations.Nullable;

/** A service of an application template; the name of its first field has changed over time. */
public record WireTemplateService(
        @Nullable String id,
        @Nullable String identifier,
        @Nullable String prefix) {}
