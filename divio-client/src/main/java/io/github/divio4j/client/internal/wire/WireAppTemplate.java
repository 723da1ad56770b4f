package io.github.divio4j.client.internal.wire;

import com.squareup.moshi.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An application template. */
public record WireAppTemplate(
        @Nullable String uuid,
        @Nullable String name,
        @Nullable String url,
        @Json(name = "release_commands") @Nullable List<WireReleaseCommand> releaseCommands,
        @Nullable List<WireTemplateService> services) {}
