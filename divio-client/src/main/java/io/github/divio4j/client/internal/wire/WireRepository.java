package io.github.divio4j.client.internal.wire;

import com.squareup.moshi.Json;
import org.jspecify.annotations.Nullable;

/** A repository. */
public record WireRepository(
        @Nullable String uuid,
        @Nullable String dsn,
        @Nullable String state,
        @Json(name = "auth_info") @Nullable String authInfo) {}
