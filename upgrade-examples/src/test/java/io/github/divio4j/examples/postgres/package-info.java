/** What divio4j does with databases themselves, on real servers, as the owner of a database and not as superuser. */
@NullMarked
package io.github.divio4j.examples.postgres;

import org.jspecify.annotations.NullMarked;
