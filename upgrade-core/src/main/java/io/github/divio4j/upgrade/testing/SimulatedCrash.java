package io.github.divio4j.upgrade.testing;

/** Thrown by a {@link SimulatedWorld} in place of the death of the process that called it: nobody should catch it. */
public final class SimulatedCrash extends Error {

    private static final long serialVersionUID = 1L;

    SimulatedCrash(String message) {
        super(message);
    }
}
