package io.github.divio4j.examples.sandbox;

/** An environment that the sandbox was started with. */
public record SandboxEnvironment(String id, String slug) {}
