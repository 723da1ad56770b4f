/**
 * What can be done for an upgrade where the databases themselves can be reached, through a {@link javax.sql.DataSource} that the
 * caller brings: with PostgreSQL 9.6 to 18, as the owner of the database, without rights that only a superuser has.
 *
 * <pre>{@code
 * ComparisonResult result = DataComparison.builder().connections(4).build().compare(source, target);
 * Statistics statistics = Statistics.analyze(target);
 * }</pre>
 *
 * <p>Everything here throws one exception, {@link io.github.divio4j.upgrade.postgres.DatabaseException}, whose reason says what
 * went wrong. No driver is needed but the caller's own; no password and no address of a database appears in a message.
 */
@NullMarked
package io.github.divio4j.upgrade.postgres;

import org.jspecify.annotations.NullMarked;
