package io.github.divio4j.client.internal.wire;

import com.squareup.moshi.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of a POST of a restore. */
public record WireNewRestore(
        @Nullable String backup,
        @Json(name = "service_instance_restores") @Nullable List<WireNewRestorePart> serviceInstanceRestores,
        @Nullable String notes) {}
