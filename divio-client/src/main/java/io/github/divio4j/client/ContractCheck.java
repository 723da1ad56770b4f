package io.github.divio4j.client;

import java.util.List;
import java.util.Objects;

/**
 * What the platform says about one call of this client.
 *
 * @param method the HTTP method
 * @param path the path, with {@code {id}} in the place of ids
 * @param status the verdict
 * @param remarks what is different, or why nothing is known; empty for a confirmed call
 */
public record ContractCheck(String method, String path, Status status, List<String> remarks) {
    /** The verdict. */
    public enum Status {
        /** The platform describes the call as the client makes it. */
        CONFIRMED,
        /** The platform describes the call, and does not take all of what the client sends, or requires what it does not send. */
        DIFFERENT,
        /** The platform does not have the call. */
        MISSING,
        /** The platform does not say. */
        UNKNOWN
    }

    /** Checks the parts. */
    public ContractCheck {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(status, "status");
        remarks = List.copyOf(remarks);
    }

    /** Returns one line, as in {@code MISSING GET /apps/v3/regions/ (no such path)}. */
    @Override
    public String toString() {
        return status + " " + method + " " + path + (remarks.isEmpty() ? "" : " (" + String.join("; ", remarks) + ")");
    }
}
