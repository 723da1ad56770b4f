package io.github.divio4j.examples.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The requests that a sandbox has handled, oldest first. Safe for use by several threads. */
public final class RequestLog {
    private final List<HandledRequest> requests = new ArrayList<>();

    RequestLog() {}

    synchronized void add(HandledRequest request) {
        requests.add(request);
    }

    /** Returns all of them. */
    public synchronized List<HandledRequest> all() {
        return List.copyOf(requests);
    }

    /** Returns those with the given method whose whole path matches. */
    public List<HandledRequest> matching(String method, String pathRegex) {
        Pattern pattern = Pattern.compile(pathRegex);
        return all().stream()
                .filter(request -> request.method().equals(method)
                        && pattern.matcher(request.path()).matches())
                .toList();
    }

    /** Returns those that changed something. */
    public List<HandledRequest> changes() {
        return all().stream().filter(HandledRequest::changedSomething).toList();
    }

    /** Returns how many there are. */
    public synchronized int size() {
        return requests.size();
    }

    /** Forgets all of them. */
    public synchronized void clear() {
        requests.clear();
    }
}
