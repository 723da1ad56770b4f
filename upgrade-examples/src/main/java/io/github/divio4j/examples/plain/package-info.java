/**
 * Executors without an engine: {@link io.github.divio4j.examples.plain.CurlPlan} prints the calls and makes none,
 * {@link io.github.divio4j.examples.plain.OneByOne} is a loop over the steps, and {@link io.github.divio4j.examples.plain.ThreadPool}
 * does what is ready side by side. To be copied and changed.
 */
@NullMarked
package io.github.divio4j.examples.plain;

import org.jspecify.annotations.NullMarked;
