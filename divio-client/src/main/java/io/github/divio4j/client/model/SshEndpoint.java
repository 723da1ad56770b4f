package io.github.divio4j.client.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where the containers of an environment can be reached with SSH.
 *
 * @param host the host name
 * @param port the port, 1 to 65535
 * @param user the user name, or null when the API does not say
 */
public record SshEndpoint(String host, int port, @Nullable String user) {
    /** Checks the parts. */
    public SshEndpoint {
        Objects.requireNonNull(host, "host");
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port must be 1 to 65535: " + port);
        }
    }
}
