package io.github.divio4j.client.internal.wire;

import com.squareup.moshi.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of a restore. */
public record WireRestorePart(
        @Json(name = "service_instance") @Nullable String serviceInstance,
        @Texts @Nullable List<String> errors) {}
