package io.github.divio4j.examples.sandbox;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An environment. Its mutable parts belong to the world's lock. */
final class Environment {
    private static final int MOST_LOG_LINES = 2000;

    final String id;
    final Application application;
    final String slug;
    final Instant createdAt;
    final OrderBook orderBook;
    final Map<String, UserVariable> variables = new LinkedHashMap<>();
    String branch;

    @Nullable
    Deployment running;

    @Nullable
    Deployment lastFinished;

    private final List<LogLine> log = new ArrayList<>();
    private long nextLine;

    Environment(
            String id, Application application, String slug, String branch, Instant createdAt, OrderBook orderBook) {
        this.id = id;
        this.application = application;
        this.slug = slug;
        this.branch = branch;
        this.createdAt = createdAt;
        this.orderBook = orderBook;
    }

    /** A line that a container wrote. */
    record LogLine(long number, Instant timestamp, String service, String message) {}

    /** A variable that a user has set, as opposed to those the platform makes. */
    record UserVariable(String id, String name, String value, boolean sensitive) {}

    void log(Instant now, String service, String message) {
        log.add(new LogLine(nextLine++, now, service, message));
        if (log.size() > MOST_LOG_LINES) {
            log.remove(0);
        }
    }

    List<LogLine> log() {
        return List.copyOf(log);
    }

    long endOfLog() {
        return nextLine;
    }
}
