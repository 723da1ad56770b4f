package io.github.divio4j.examples.sandbox;

/** Thrown when a server could not do its part. The message is what the platform reports. */
public final class HostingException extends Exception {
    private static final long serialVersionUID = 1L;

    HostingException(String message) {
        super(message);
    }

    HostingException(String message, Throwable cause) {
        super(message, cause);
    }
}
