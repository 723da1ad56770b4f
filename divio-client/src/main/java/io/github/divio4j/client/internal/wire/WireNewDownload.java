package io.github.divio4j.client.internal.wire;

import com.squareup.moshi.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of a POST of a download. */
public record WireNewDownload(
        @Nullable String backup,
        @Json(name = "service_instance_backups") @Nullable List<String> serviceInstanceBackups,
        @Nullable String trigger) {}
