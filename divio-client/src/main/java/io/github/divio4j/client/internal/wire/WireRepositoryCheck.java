package io.github.divio4j.client.internal.wire;

import org.jspecify.annotations.Nullable;

/** The body of a POST that checks a repository. */
public record WireRepositoryCheck(
        @Nullable String branch, @Nullable String migrate) {}
