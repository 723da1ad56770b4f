package io.github.divio4j.client.internal.wire;

import com.squareup.moshi.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A restore. */
public record WireRestore(
        @Nullable String uuid,
        @Reference @Nullable String backup,
        @Flag @Nullable Boolean finished,
        @Nullable String success,
        @Json(name = "created_at") @Nullable String createdAt,
        @Json(name = "ended_at") @Nullable String endedAt,
        @Nullable String notes,
        @Texts @Nullable List<String> errors,
        @Json(name = "service_instance_restores") @Nullable List<WireRestorePart> serviceInstanceRestores) {}
