package io.github.divio4j.upgrade.postgres;

import static java.util.Objects.requireNonNull;

/**
 * How a program logs in to a database. The text form leaves the password out.
 *
 * @param port usually 5432
 * @param password may be empty if the server asks for none
 */
public record DatabaseLogin(String host, int port, String database, String user, String password) {

    /** Checks the parts. */
    public DatabaseLogin {
        requireNonNull(host, "host");
        requireNonNull(database, "database");
        requireNonNull(user, "user");
        requireNonNull(password, "password");
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port must be from 1 to 65535, but is " + port);
        }
    }

    @Override
    public String toString() {
        return user + ":***@" + host + ":" + port + "/" + database;
    }
}
