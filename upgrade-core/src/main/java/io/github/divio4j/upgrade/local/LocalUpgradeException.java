package io.github.divio4j.upgrade.local;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/**
 * Something local stands in the way: a file that cannot be read or understood, a program that is missing or failed. The
 * message is for people: which file and line or which command, what is true now, and what to do.
 */
public final class LocalUpgradeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LocalUpgradeException(String message) {
        this(message, null);
    }

    LocalUpgradeException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Why a file could not be used, in words: the exceptions of java.nio.file often say nothing but its name. */
    static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "it does not exist";
        }
        if (e instanceof AccessDeniedException) {
            return "access is denied";
        }
        return String.valueOf(e.getMessage());
    }
}
