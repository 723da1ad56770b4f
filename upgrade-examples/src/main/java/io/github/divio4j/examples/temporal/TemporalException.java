package io.github.divio4j.examples.temporal;

import org.jspecify.annotations.Nullable;

/** What was asked for cannot be; nothing was changed. The message says why and what to do. */
public final class TemporalException extends Exception {

    private static final long serialVersionUID = 1;

    TemporalException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
