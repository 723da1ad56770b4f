package io.github.divio4j.client.internal.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of a restore. */
public record WireRestorePart(@Texts @Nullable List<String> errors) {}
