/** Time, and waiting for something to become true: start at {@link io.github.divio4j.client.wait.TimeSource}. */
@NullMarked
package io.github.divio4j.client.wait;

import org.jspecify.annotations.NullMarked;
