/**
 * What can go wrong with a call, as types: start at {@link io.github.divio4j.client.error.DivioException}.
 *
 * <p>All of them are unchecked, and all of them say who was called, what came back, how often it was tried, whether the call can have
 * changed anything, and what to do next. None of them holds the token, a database password or a signature.
 */
@NullMarked
package io.github.divio4j.client.error;

import org.jspecify.annotations.NullMarked;
