/**
 * Waiting for what the platform does in its own time: start at {@link io.github.divio4j.client.wait.Waiter}, which {@code
 * divio.waiters()} hands out. {@link io.github.divio4j.client.wait.TimeSource} is where all of the client gets its time from.
 */
@NullMarked
package io.github.divio4j.client.wait;

import org.jspecify.annotations.NullMarked;
