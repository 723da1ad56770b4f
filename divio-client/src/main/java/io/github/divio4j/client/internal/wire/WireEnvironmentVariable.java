package io.github.divio4j.client.internal.wire;

import com.squareup.moshi.Json;
import org.jspecify.annotations.Nullable;

/** An environment variable. */
public record WireEnvironmentVariable(
        @Reference @Nullable String environment,
        @Nullable String name,
        @Nullable String value,
        @Json(name = "is_sensitive") @Flag @Nullable Boolean sensitive) {}
