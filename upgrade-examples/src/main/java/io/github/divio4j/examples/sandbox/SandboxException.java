package io.github.divio4j.examples.sandbox;

/** Thrown when a sandbox cannot be had as asked for. The message is one sentence that says why and what to do. */
public final class SandboxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SandboxException(String message) {
        super(message);
    }

    SandboxException(String message, Throwable cause) {
        super(message, cause);
    }
}
