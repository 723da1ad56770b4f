package io.github.divio4j.upgrade.store;

import org.jspecify.annotations.Nullable;

/**
 * A file could not be read or written, or is not what it should be. The message is for people: which file, what is wrong
 * with it and where, and what to do.
 */
public final class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
