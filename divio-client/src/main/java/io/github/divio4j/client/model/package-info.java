/**
 * What the API knows, as immutable values that were checked when they were read.
 *
 * <p>Ids are opaque strings: Divio has shown two forms of them. Only the id of a resource is certain to be there; what an answer leaves
 * out is null, an empty list or an unknown value, as each component says. States are open values ({@link
 * io.github.divio4j.client.model.OpenValue}): one that this version does not know is kept as it came.
 */
@NullMarked
package io.github.divio4j.client.model;

import org.jspecify.annotations.NullMarked;
