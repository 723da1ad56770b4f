package io.github.divio4j.client.internal.wire;

import com.squareup.moshi.Json;
import org.jspecify.annotations.Nullable;

/** The account of the token. */
public record WireAccount(
        @Nullable String uuid,
        @Nullable String email,
        @Json(name = "first_name") @Nullable String firstName,
        @Json(name = "last_name") @Nullable String lastName) {}
