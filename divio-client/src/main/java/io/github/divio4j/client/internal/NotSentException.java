package io.github.divio4j.client.internal;

import java.io.IOException;

/** There was no connection, so that no byte of the request can have left this machine. */
final class NotSentException extends IOException {
    private static final long serialVersionUID = 1;

    private final IOException reason;

    NotSentException(IOException reason) {
        super(reason.getMessage(), reason);
        this.reason = reason;
    }

    IOException reason() {
        return reason;
    }
}
