package io.github.divio4j.client.model;

import java.time.Instant;
import java.util.Objects;

/**
 * A line that a container of an environment has written. It may hold control characters.
 *
 * @param timestamp when
 * @param service which container, such as {@code web}; empty when the API does not say
 * @param message the text
 */
public record LogLine(Instant timestamp, String service, String message) {
    /** Checks the parts. */
    public LogLine {
        Objects.requireNonNull(timestamp, "timestamp");
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(message, "message");
    }

    /** Shows everything but the text: applications log secrets. */
    @Override
    public String toString() {
        return "LogLine[timestamp=" + timestamp + ", service=" + service + ", message=***]";
    }
}
