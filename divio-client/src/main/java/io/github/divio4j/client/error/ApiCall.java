package io.github.divio4j.client.error;

import java.io.Serializable;
import java.util.Objects;

/**
 * Which call an exception is about.
 *
 * @param method the HTTP method, upper case
 * @param path the path on the API host, without the query; for a call to another host, scheme, host and path
 * @param attempts how often the request was started, 1 or more
 */
public record ApiCall(String method, String path, int attempts) implements Serializable {
    private static final long serialVersionUID = 1;

    /** Checks the parts. */
    public ApiCall {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(path, "path");
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts must be 1 or more: " + attempts);
        }
    }

    /** Tells whether HTTP defines the method as one that changes nothing. */
    boolean readOnly() {
        return method.equals("GET") || method.equals("HEAD") || method.equals("OPTIONS");
    }

    /** Returns method and path, as in {@code GET /apps/v3/regions/}. */
    @Override
    public String toString() {
        return method + " " + path;
    }
}
