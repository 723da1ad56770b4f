package io.github.divio4j.examples.temporal;

/** What was asked for cannot be; nothing was changed. The message says why and what to do. */
public final class TemporalException extends Exception {

    private static final long serialVersionUID = 1;

    TemporalException(String message, Throwable cause) {
        super(message, cause);
    }

    TemporalException(String message) {
        super(message);
    }
}
