package io.github.divio4j.client.internal.wire;

import com.squareup.moshi.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of a download. */
public record WireServiceInstanceDownload(
        @Nullable String uuid,
        @Json(name = "ended_at") @Nullable String endedAt,
        @Texts @Nullable List<String> errors,
        @Json(name = "download_url") @Nullable String downloadUrl) {}
