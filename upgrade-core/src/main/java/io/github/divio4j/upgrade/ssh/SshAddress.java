package io.github.divio4j.upgrade.ssh;

import static java.util.Objects.requireNonNull;

/**
 * An SSH endpoint.
 *
 * @param host a name or an IP address, that of version 6 without brackets
 * @param port 1 to 65535
 * @param user who logs in
 */
public record SshAddress(String host, int port, String user) {

    /** Checks the parts. */
    public SshAddress {
        part("host", host);
        part("user", user);
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("the port of an SSH endpoint must be 1 to 65535, not " + port);
        }
    }

    private static void part(String what, String value) {
        requireNonNull(value, what);
        if (value.isEmpty() || value.chars().anyMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c))) {
            throw new IllegalArgumentException(
                    "the " + what + " of an SSH endpoint must not be empty nor hold white space");
        }
    }

    /** The form of known_hosts. */
    String place() {
        return port == 22 ? host : "[" + host + "]:" + port;
    }

    /** Returns {@code user@host:port}. */
    @Override
    public String toString() {
        return user + "@" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
