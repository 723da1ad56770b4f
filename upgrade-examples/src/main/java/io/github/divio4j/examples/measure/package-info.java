/**
 * Measurements: {@code ./mvnw -q -Pmeasure -Dmeasure=NAME} runs one of those that {@link
 * io.github.divio4j.examples.measure.Measurements} lists. The module's README says what each shows.
 */
@NullMarked
package io.github.divio4j.examples.measure;

import org.jspecify.annotations.NullMarked;
