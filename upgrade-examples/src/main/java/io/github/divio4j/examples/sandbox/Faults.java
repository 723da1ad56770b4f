package io.github.divio4j.examples.sandbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong in a sandbox: operations that fail or hang, and requests whose connection is dropped, that are delayed
 * or answered with an error.
 *
 * <p>Each fault about requests is used up by the first {@code times} requests that match its method and whose whole path
 * matches its expression; of several that match, the oldest one counts. Safe for use by several threads.
 */
public final class Faults {
    private final List<RequestFault> requestFaults = new ArrayList<>();
    private final List<OperationFault> operationFaults = new ArrayList<>();
    private final Map<Operation, List<Runnable>> held = new EnumMap<>(Operation.class);

    Faults() {}

    /** When a connection is dropped. */
    enum Drop {
        NEVER,
        BEFORE,
        AFTER
    }

    /** What happens to one request. */
    record Effect(Drop drop, Duration delay, @Nullable ApiResponse answer) {
        static final Effect NONE = new Effect(Drop.NEVER, Duration.ZERO, null);
    }

    private static final class RequestFault {
        final String method;
        final Pattern path;
        final Effect effect;
        int left;

        RequestFault(String method, Pattern path, Effect effect, int left) {
            this.method = method;
            this.path = path;
            this.effect = effect;
            this.left = left;
        }
    }

    private record OperationFault(
            Operation operation, @Nullable String environment, String error) {}

    /** The next operation of this kind fails with this text. */
    public synchronized void failNext(Operation operation, String error) {
        operationFaults.add(new OperationFault(operation, null, Objects.requireNonNull(error)));
    }

    /** The next operation of this kind in this environment fails with this text. */
    public synchronized void failNext(Operation operation, String environmentSlug, String error) {
        operationFaults.add(
                new OperationFault(operation, Objects.requireNonNull(environmentSlug), Objects.requireNonNull(error)));
    }

    /** Operations of this kind do their work but do not end until they are released. */
    public synchronized void hold(Operation operation) {
        held.computeIfAbsent(operation, key -> new ArrayList<>());
    }

    /** Ends the operations that were held; later ones end by themselves again. */
    public void release(Operation operation) {
        List<Runnable> waiting;
        synchronized (this) {
            waiting = held.remove(operation);
        }
        if (waiting != null) {
            waiting.forEach(Runnable::run);
        }
    }

    /** Drops the connection of the next matching request without handling it. */
    public void dropBefore(String method, String pathRegex) {
        add(method, pathRegex, 1, new Effect(Drop.BEFORE, Duration.ZERO, null));
    }

    /** Handles the next matching request, then drops its connection instead of answering. */
    public void dropAfter(String method, String pathRegex) {
        add(method, pathRegex, 1, new Effect(Drop.AFTER, Duration.ZERO, null));
    }

    /** Handles the next matching requests only after a delay. */
    public void delay(String method, String pathRegex, Duration delay, int times) {
        add(method, pathRegex, times, new Effect(Drop.NEVER, delay, null));
    }

    /** Answers the next matching requests with a status, without handling them. */
    public void answer(String method, String pathRegex, int status, int times) {
        answer(method, pathRegex, status, Map.of(), times);
    }

    /** Answers the next matching requests with a status and headers, without handling them. */
    public void answer(String method, String pathRegex, int status, Map<String, String> headers, int times) {
        boolean content = status != 204 && status != 304;
        Object body = content ? Map.of("detail", "Answered with " + status + " on purpose.") : null;
        add(
                method,
                pathRegex,
                times,
                new Effect(Drop.NEVER, Duration.ZERO, new ApiResponse(status, body, null, Map.copyOf(headers))));
    }

    /** Forgets every fault that has not happened yet and releases what is held. */
    public void clear() {
        List<Operation> operations;
        synchronized (this) {
            requestFaults.clear();
            operationFaults.clear();
            operations = List.copyOf(held.keySet());
        }
        operations.forEach(this::release);
    }

    private synchronized void add(String method, String pathRegex, int times, Effect effect) {
        requestFaults.add(new RequestFault(method, Pattern.compile(pathRegex), effect, times));
    }

    synchronized Effect take(String method, String path) {
        for (Iterator<RequestFault> faults = requestFaults.iterator(); faults.hasNext(); ) {
            RequestFault fault = faults.next();
            if (fault.method.equals(method) && fault.path.matcher(path).matches()) {
                fault.left--;
                if (fault.left <= 0) {
                    faults.remove();
                }
                return fault.effect;
            }
        }
        return Effect.NONE;
    }

    synchronized Optional<String> takeFailure(Operation operation, String environmentSlug) {
        for (Iterator<OperationFault> faults = operationFaults.iterator(); faults.hasNext(); ) {
            OperationFault fault = faults.next();
            if (fault.operation() == operation
                    && (fault.environment() == null || fault.environment().equals(environmentSlug))) {
                faults.remove();
                return Optional.of(fault.error());
            }
        }
        return Optional.empty();
    }

    /** Keeps the end of an operation if its kind is held; otherwise it is for the caller to run. */
    synchronized boolean keep(Operation operation, Runnable end) {
        List<Runnable> waiting = held.get(operation);
        return waiting != null && waiting.add(end);
    }
}
