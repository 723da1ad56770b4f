package io.github.divio4j.client.internal.wire;

import com.squareup.moshi.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of a POST of an upload. */
public record WireNewUpload(
        @Nullable String environment,
        @Nullable List<String> services,
        @Json(name = "scheduled_for_deletion_at") @Nullable String scheduledForDeletionAt,
        @Nullable String notes) {}
