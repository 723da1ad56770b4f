/**
 * Spans of a run for OpenTelemetry: {@link io.github.divio4j.upgrade.opentelemetry.OpenTelemetryListener}. Needs the optional
 * dependency on {@code opentelemetry-api}.
 */
@NullMarked
package io.github.divio4j.upgrade.opentelemetry;

import org.jspecify.annotations.NullMarked;
