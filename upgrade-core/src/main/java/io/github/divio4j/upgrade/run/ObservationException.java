package io.github.divio4j.upgrade.run;

import io.github.divio4j.upgrade.EnvironmentRef;

/** An environment could not be looked at. Nothing was changed by the attempt. */
public final class ObservationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Says which environment could not be looked at, and why.
     *
     * @param cause what went wrong
     */
    public ObservationException(EnvironmentRef environment, Throwable cause) {
        super("could not look at " + environment + ": " + cause.getMessage(), cause);
    }
}
