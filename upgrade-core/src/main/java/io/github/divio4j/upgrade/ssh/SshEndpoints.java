package io.github.divio4j.upgrade.ssh;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.postgres.AccessException;

/** Where environments can be reached with SSH. To be implemented by the caller; must be safe for use by several threads. */
@FunctionalInterface
public interface SshEndpoints {

    /**
     * The endpoint of an environment. Asked for before a tunnel is opened.
     *
     * @throws AccessException if there is none, or it cannot be told
     */
    SshAddress endpoint(EnvironmentRef environment) throws AccessException;
}
