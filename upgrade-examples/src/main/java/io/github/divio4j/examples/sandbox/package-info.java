/**
 * A local Divio with real PostgreSQL servers, for trying upgrades and for testing clients of the Divio API.
 *
 * <p>Start with {@link io.github.divio4j.examples.sandbox.Sandbox} to embed it in a test, or with {@link
 * io.github.divio4j.examples.sandbox.SandboxMain} to run it in a terminal:
 *
 * <pre>{@code
 * try (Sandbox sandbox = Sandbox.builder().databases(Databases.NONE).speed(10).start()) {
 *     URI api = sandbox.baseUrl().resolve("/apps/v3/");
 *     ...
 * }
 * }</pre>
 *
 * <p>It serves the control-panel API on loopback only, keeps the rules of the service lifecycle on the server's side, and
 * runs long operations asynchronously. It is not a Divio: nothing is built, no repository is cloned, nothing is billed.
 */
@NullMarked
package io.github.divio4j.examples.sandbox;

import org.jspecify.annotations.NullMarked;
