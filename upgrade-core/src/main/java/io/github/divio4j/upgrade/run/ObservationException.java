package io.github.divio4j.upgrade.run;

import io.github.divio4j.upgrade.EnvironmentRef;

/** An environment, or the list of them, could not be looked at. Nothing was changed by the attempt. */
public final class ObservationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Says which environment could not be looked at, and why.
     *
     * @param cause what went wrong
     */
    public ObservationException(EnvironmentRef environment, Throwable cause) {
        this(environment.toString(), cause);
    }

    /**
     * Says what could not be looked at, and why.
     *
     * @param what such as {@code the application order-book}
     * @param cause what went wrong
     */
    public ObservationException(String what, Throwable cause) {
        super("could not look at " + what + ": " + cause.getMessage(), cause);
    }
}
