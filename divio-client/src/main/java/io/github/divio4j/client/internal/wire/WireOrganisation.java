package io.github.divio4j.client.internal.wire;

import com.squareup.moshi.Json;
import org.jspecify.annotations.Nullable;

/** An organisation. */
public record WireOrganisation(
        @Nullable String uuid,
        @Nullable String name,
        @Json(name = "created_at") @Nullable String createdAt) {}
