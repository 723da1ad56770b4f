package io.github.divio4j.client.internal.wire;

import com.squareup.moshi.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a part of an upload goes. */
public record WireUploadTarget(
        @Nullable String handler,
        @Json(name = "finish_url") @Nullable String finishUrl,
        @Json(name = "upload_parameters") @Nullable Map<String, Object> parameters) {}
