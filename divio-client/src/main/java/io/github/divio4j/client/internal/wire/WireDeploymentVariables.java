package io.github.divio4j.client.internal.wire;

import com.squareup.moshi.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The variables of a deployment. */
public record WireDeploymentVariables(
        @Reference @Nullable String environment,
        @Json(name = "environment_variables") @Nullable Map<String, String> environmentVariables) {}
