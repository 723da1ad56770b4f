package io.github.divio4j.client.internal.wire;

import com.squareup.moshi.Json;
import org.jspecify.annotations.Nullable;

/** The body of a POST that copies an environment. */
public record WireEnvironmentCopy(
        @Json(name = "new_slug") @Nullable String newSlug) {}
