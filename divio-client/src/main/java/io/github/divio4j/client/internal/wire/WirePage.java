package io.github.divio4j.client.internal.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of a list. */
public record WirePage<T>(@Nullable String next, @Nullable List<T> results) {}
