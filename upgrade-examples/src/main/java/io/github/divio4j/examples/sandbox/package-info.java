/** The sandbox. */
@NullMarked
package io.github.divio4j.examples.sandbox;

import org.jspecify.annotations.NullMarked;
