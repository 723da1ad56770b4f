/**
 * Meters of a run for Micrometer: {@link io.github.divio4j.upgrade.micrometer.MicrometerListener}. Needs the optional
 * dependency on {@code micrometer-core}.
 */
@NullMarked
package io.github.divio4j.upgrade.micrometer;

import org.jspecify.annotations.NullMarked;
