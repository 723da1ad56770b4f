package io.github.divio4j.upgrade.postgres;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Somebody's connection to a database, as the server tells it. What is run there is left out: it may hold secrets.
 *
 * @param pid the process on the server that serves it
 * @param role who logged in
 * @param application the name that the client gave itself, or an empty text
 * @param address where the client is; null if it is on the server's machine, or the server does not tell this role
 * @param since when it began, by the server's clock; null if the server does not tell this role
 * @param state {@code active}, {@code idle}, {@code idle in transaction} and so on; null if the server does not tell this
 *     role, which it does for sessions of roles that it is no member of
 * @param writing whether it has a transaction with an id: one that has written, also if only into temporary tables
 */
public record Session(
        int pid,
        String role,
        String application,
        @Nullable String address,
        @Nullable Instant since,
        @Nullable String state,
        boolean writing) {

    @Override
    public String toString() {
        return "process " + pid + " of role " + role + (application.isEmpty() ? "" : " (" + application + ")")
                + (address == null ? "" : " from " + address);
    }
}
