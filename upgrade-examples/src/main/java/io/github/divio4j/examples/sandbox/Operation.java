package io.github.divio4j.examples.sandbox;

import java.time.Duration;

/** A long operation of the platform; it goes on after its request has been answered. */
public enum Operation {
    /** A server makes a database ready. */
    PROVISION(Duration.ofSeconds(1)),
    /** A service instance is dumped, or an uploaded dump is taken in. */
    BACKUP(Duration.ofSeconds(1)),
    /** A dump replaces what a service instance holds. */
    RESTORE(Duration.ofSeconds(1)),
    /** A dump is made ready for download. */
    DOWNLOAD(Duration.ofMillis(500)),
    /** New containers replace the running ones. */
    DEPLOYMENT(Duration.ofSeconds(2)),
    /** A repository is cloned. */
    CLONE(Duration.ofMillis(500));

    private final Duration usualDuration;

    Operation(Duration usualDuration) {
        this.usualDuration = usualDuration;
    }

    /** How long it takes at least, at speed 1. */
    public Duration usualDuration() {
        return usualDuration;
    }
}
