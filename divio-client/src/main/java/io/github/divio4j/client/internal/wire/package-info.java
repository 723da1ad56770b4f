/**
 * The JSON of the API as it comes: every part may be missing, nothing is checked, unknown parts are skipped.
 *
 * <p>Public, because the package above makes them from JSON.
 */
@NullMarked
package io.github.divio4j.client.internal.wire;

import org.jspecify.annotations.NullMarked;
