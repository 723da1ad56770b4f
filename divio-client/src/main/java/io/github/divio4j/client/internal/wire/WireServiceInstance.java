package io.github.divio4j.client.internal.wire;

import com.squareup.moshi.Json;
import org.jspecify.annotations.Nullable;

/** A service instance. */
public record WireServiceInstance(
        @Nullable String uuid,
        @Reference @Nullable String environment,
        @Nullable String prefix,
        @Nullable String type,
        @Json(name = "service_status") @Nullable String serviceStatus,
        @Reference @Nullable String region,
        @Reference @Nullable String service) {}
