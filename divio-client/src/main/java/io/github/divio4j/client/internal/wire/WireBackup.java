package io.github.divio4j.client.internal.wire;

import com.squareup.moshi.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A backup. */
public record WireBackup(
        @Nullable String uuid,
        @Reference @Nullable String environment,
        @Nullable String state,
        @Nullable String success,
        @Json(name = "created_at") @Nullable String createdAt,
        @Json(name = "started_at") @Nullable String startedAt,
        @Json(name = "ended_at") @Nullable String endedAt,
        @Nullable String notes,

        @Json(name = "service_instance_backups") @References @Nullable
        List<String> serviceInstanceBackups) {}
