/** The quickstart. */
@NullMarked
package io.github.divio4j.examples.quickstart;

import org.jspecify.annotations.NullMarked;
