package io.github.divio4j.upgrade.postgres;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.Observation;

/** Where databases are, and with what to log in. To be implemented by the caller; must be safe for use by several threads. */
@FunctionalInterface
public interface DatabaseAddresses {

    /**
     * The address of the database of an instance, as the role that owns it. Asked for before each connection.
     *
     * @param instance as it was seen last; its prefix may have been another one before, its id not
     * @throws AccessException if it cannot be told
     */
    DatabaseAddress address(EnvironmentRef environment, Observation.Instance instance) throws AccessException;
}
