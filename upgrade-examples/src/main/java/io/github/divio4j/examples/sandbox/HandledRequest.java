package io.github.divio4j.examples.sandbox;

/**
 * A request that reached the sandbox.
 *
 * @param path as it was sent, without the query
 * @param query as it was sent; empty if there was none
 * @param status what the sandbox answered, or would have answered if the connection had not been dropped; 0 if it was
 *     dropped before the request was handled
 */
public record HandledRequest(String method, String path, String query, int status) {

    /** Whether it did something: it was not a mere question and was not refused. */
    public boolean changedSomething() {
        boolean question = method.equals("GET") || method.equals("HEAD") || method.equals("OPTIONS");
        return !question && status >= 200 && status < 400;
    }

    @Override
    public String toString() {
        return method + " " + path + (query.isEmpty() ? "" : "?" + query) + " -> " + status;
    }
}
