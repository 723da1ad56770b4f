package io.github.divio4j.client.internal.wire;

import com.squareup.moshi.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A deployment. */
public record WireDeployment(
        @Nullable String uuid,
        @Reference @Nullable String environment,
        @Json(name = "started_at") @Nullable String startedAt,
        @Json(name = "ended_at") @Nullable String endedAt,
        @Flag @Nullable Boolean success,
        @Nullable String status,
        @Nullable Double percent,

        @Json(name = "environment_variables") @Names @Nullable
        List<String> environmentVariables) {}
