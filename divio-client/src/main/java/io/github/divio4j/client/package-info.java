/** The face of the client. */
@NullMarked
package io.github.divio4j.client;

import org.jspecify.annotations.NullMarked;
