package io.github.divio4j.upgrade.postgres;

import static java.util.Objects.requireNonNull;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.Observation;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * The caller's way to the databases. Databases of a cloud can be reached only from where the application runs: through a tunnel, or
 * by running there. To be implemented by the caller, as a function, or made of {@linkplain #at(DatabaseAddresses) addresses}; must be
 * safe for use by several threads.
 *
 * <p>A pool that keeps connections open should give them an application name that begins with {@code divio4j} (on the PostgreSQL
 * driver, {@code ApplicationName}): all other sessions are taken for those of the application.
 */
@FunctionalInterface
public interface DatabaseAccess {

    /**
     * The database of an instance, as the role that owns it. Called often: it need not connect, and may return the same each time.
     *
     * @return empty if there is no way to it now; what needs it is not known then, or fails with a sentence
     */
    Optional<DataSource> to(EnvironmentRef environment, Observation.Instance instance);

    /**
     * The databases at these addresses, each of which is asked for when it is connected to. PostgreSQL's JDBC driver is to be brought
     * by the caller.
     */
    static DatabaseAccess at(DatabaseAddresses addresses) {
        return at(addresses, DatabaseAddress::dataSource);
    }

    /**
     * The databases at these addresses, through data sources of the caller's.
     *
     * @param connecting makes a data source for one connection; it is called for each, as an address may change in between
     */
    static DatabaseAccess at(DatabaseAddresses addresses, Function<DatabaseAddress, DataSource> connecting) {
        requireNonNull(addresses, "addresses");
        requireNonNull(connecting, "connecting");
        return (environment, instance) -> Optional.of(new ConnectingDataSource(
                () -> connecting.apply(addresses.address(environment, instance)).getConnection()));
    }
}
