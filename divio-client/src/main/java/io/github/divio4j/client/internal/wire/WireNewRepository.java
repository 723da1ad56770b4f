package io.github.divio4j.client.internal.wire;

import com.squareup.moshi.Json;
import org.jspecify.annotations.Nullable;

/** The body of a POST of a repository. */
public record WireNewRepository(
        @Nullable String organisation,
        @Nullable String url,
        @Json(name = "key_type") @Nullable String keyType,
        @Nullable String username,
        @Nullable String password) {}
