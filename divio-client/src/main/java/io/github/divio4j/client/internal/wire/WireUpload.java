package io.github.divio4j.client.internal.wire;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An upload. */
public record WireUpload(@Nullable String uuid, @Nullable Map<String, WireUploadTarget> results) {}
