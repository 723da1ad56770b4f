package io.github.divio4j.upgrade.postgres;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.Observation;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * The caller's way to the databases. Databases of a cloud can be reached only from where the application runs: through a tunnel, or
 * by running there. To be implemented by the caller; must be safe for use by several threads.
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
}
