/** Planning. */
@NullMarked
package io.github.divio4j.upgrade;

import org.jspecify.annotations.NullMarked;
