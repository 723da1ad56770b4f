package io.github.divio4j.client.internal.wire;

/** A body without content. */
public record WireNothing() {}
