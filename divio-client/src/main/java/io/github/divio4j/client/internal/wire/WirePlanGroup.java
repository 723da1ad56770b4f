package io.github.divio4j.client.internal.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A plan group. */
public record WirePlanGroup(
        @Nullable String uuid,
        @Nullable String name,
        @References @Nullable List<String> regions) {}
