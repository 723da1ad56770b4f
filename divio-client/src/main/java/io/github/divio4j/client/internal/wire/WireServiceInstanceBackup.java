package io.github.divio4j.client.internal.wire;

import com.squareup.moshi.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of a backup. */
public record WireServiceInstanceBackup(
        @Nullable String uuid,
        @Reference @Nullable String backup,

        @Json(name = "service_instance") @Reference @Nullable
        String serviceInstance,

        @Json(name = "queued_at") @Nullable String queuedAt,
        @Json(name = "started_at") @Nullable String startedAt,
        @Json(name = "taken_at") @Nullable String takenAt,
        @Json(name = "ended_at") @Nullable String endedAt,
        @Nullable Long size,
        @Texts @Nullable List<String> errors,
        @Json(name = "service_type") @Nullable String serviceType) {}
