package io.github.divio4j.examples.sandbox;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A deployment of an environment. Its mutable parts belong to the world's lock. */
final class Deployment {
    final String id;
    final Environment environment;
    final String buildMode;
    final Instant startedAt;
    final StringBuilder log = new StringBuilder();
    /** What the containers that it starts are given. */
    Map<String, String> variables = Map.of();

    @Nullable
    Instant endedAt;

    @Nullable
    Boolean success;

    Deployment(String id, Environment environment, String buildMode, Instant startedAt) {
        this.id = id;
        this.environment = environment;
        this.buildMode = buildMode;
        this.startedAt = startedAt;
    }

    String status() {
        return success == null ? "running" : success ? "success" : "failure";
    }

    void log(String line) {
        log.append(line).append('\n');
    }

    void end(Instant now, boolean successful) {
        endedAt = now;
        success = successful;
        environment.lastFinished = this;
        if (environment.running == this) {
            environment.running = null;
        }
    }
}
