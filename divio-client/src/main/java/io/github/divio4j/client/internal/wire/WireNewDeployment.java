package io.github.divio4j.client.internal.wire;

import com.squareup.moshi.Json;
import org.jspecify.annotations.Nullable;

/** The body of a POST of a deployment. */
public record WireNewDeployment(
        @Nullable String environment,
        @Json(name = "build_mode") @Nullable String buildMode) {}
