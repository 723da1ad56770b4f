/**
 * For testing what drives an upgrade: {@link io.github.divio4j.upgrade.testing.SimulatedWorld} is a platform in memory
 * that obeys the same rules as the real one, in virtual time, and that can be told to fail, to lose an answer or to
 * crash its caller. It is an observer, a step executor and a timer at once.
 *
 * <p>{@link io.github.divio4j.upgrade.testing.StepExecutorContract} tries out what a step executor promises, on a platform that you bring.
 *
 * <p>There is no data in it but numbered rows, and no HTTP: for those, run the sandbox of the examples.
 */
@NullMarked
package io.github.divio4j.upgrade.testing;

import org.jspecify.annotations.NullMarked;
