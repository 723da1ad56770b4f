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
 *
 * <p>Start with {@link io.github.divio4j.upgrade.postgres.PostgresDatabases}, which does these things as steps of an upgrade. Each can
 * also be used alone: {@link io.github.divio4j.upgrade.postgres.Preflight} looks for what would not survive the upgrade before it
 * begins, {@link io.github.divio4j.upgrade.postgres.LeftSettings} moves what a dump leaves behind,
 * {@link io.github.divio4j.upgrade.postgres.WriteFence} keeps an application from writing,
 * {@link io.github.divio4j.upgrade.postgres.LossMeter} counts what was written all the same, or without a fence,
 * {@link io.github.divio4j.upgrade.postgres.DataComparison} compares a database with what was restored from its dump, and
 * {@link io.github.divio4j.upgrade.postgres.Statistics} collects what the planner of queries needs.
 *
 * <p>The way to the databases is a {@link io.github.divio4j.upgrade.postgres.DatabaseAccess}: a function of the caller's, or made of
 * addresses ({@link io.github.divio4j.upgrade.postgres.DatabaseAddress}). Of databases that only the application can reach, the package
 * {@code upgrade.ssh} makes addresses that lead through a tunnel.
 */
@NullMarked
package io.github.divio4j.upgrade.postgres;

import org.jspecify.annotations.NullMarked;
