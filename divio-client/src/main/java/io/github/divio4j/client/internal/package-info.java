/** How the client talks to the API. Not exported: everything here may change. */
@NullMarked
package io.github.divio4j.client.internal;

import org.jspecify.annotations.NullMarked;
