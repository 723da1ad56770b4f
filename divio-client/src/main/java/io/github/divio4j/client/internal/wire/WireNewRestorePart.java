package io.github.divio4j.client.internal.wire;

import com.squareup.moshi.Json;
import org.jspecify.annotations.Nullable;

/** A part of the body of a POST of a restore. */
public record WireNewRestorePart(
        @Json(name = "service_instance_backup") @Nullable String serviceInstanceBackup,
        @Json(name = "service_instance") @Nullable String serviceInstance) {}
