package io.github.divio4j.client.internal.wire;

import com.squareup.moshi.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of a POST of an application. */
public record WireNewApplication(
        @Nullable String name,
        @Nullable String slug,
        @Nullable String organisation,
        @Json(name = "plan_group") @Nullable String planGroup,
        @Nullable String region,
        @Json(name = "app_template") @Nullable String appTemplate,
        @Json(name = "release_commands") @Nullable List<WireReleaseCommand> releaseCommands,
        @Nullable String repository,
        @Nullable String branch) {}
