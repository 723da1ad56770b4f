package io.github.divio4j.examples.measure;

import io.github.divio4j.examples.sandbox.Operation;
import java.time.Duration;

/**
 * One migration as a script does it that polls as the official command line tool does: backup and restore 2 s before each
 * look; the deployment after 1 s once, then every 3 s. Its calls follow each other without a pause, and it looks at nothing
 * but the operation that it waits for. In virtual time.
 */
final class FixedPolling {
    private static final Duration OPERATION = Duration.ofSeconds(2);
    private static final Duration DEPLOYMENT_FIRST = Duration.ofSeconds(1);
    private static final Duration DEPLOYMENT = Duration.ofSeconds(3);
    private static final int CHANGES_OF_THE_CUTOVER = 3;

    private final Duration latency;
    private Duration now = Duration.ZERO;
    private int calls;
    private Duration window = Duration.ZERO;

    private FixedPolling(Duration latency) {
        this.latency = latency;
    }

    static FixedPolling run(Draws draws, String environment, Duration latency) {
        FixedPolling script = new FixedPolling(latency);
        Duration snapshot = script.operation(draws.apply(Operation.BACKUP, environment), OPERATION, OPERATION);
        script.operation(draws.apply(Operation.RESTORE, environment), OPERATION, OPERATION);
        for (int change = 0; change < CHANGES_OF_THE_CUTOVER; change++) {
            script.call();
        }
        Duration deployment = draws.apply(Operation.DEPLOYMENT, environment);
        Duration begun = script.operation(deployment, DEPLOYMENT_FIRST, DEPLOYMENT);
        script.window = begun.plus(deployment).minus(snapshot);
        return script;
    }

    /** From the backup's snapshot to the end of the deployment. */
    Duration window() {
        return window;
    }

    int calls() {
        return calls;
    }

    /** Returns when it began at the platform, and when it was seen to have ended. */
    private Duration operation(Duration length, Duration first, Duration then) {
        Duration begun = call();
        Duration delay = first;
        Duration seen;
        do {
            now = now.plus(delay);
            delay = then;
            seen = call();
        } while (seen.compareTo(begun.plus(length)) < 0);
        return begun;
    }

    /** Makes a call, and returns when it was at the platform: half of its time is the way there. */
    private Duration call() {
        Duration arrived = now.plus(latency.dividedBy(2));
        now = now.plus(latency);
        calls++;
        return arrived;
    }
}
