package io.github.divio4j.client.internal;

import java.io.IOException;

/** The body of an answer is larger than the client accepts. */
final class AnswerTooLargeException extends IOException {
    private static final long serialVersionUID = 1;

    AnswerTooLargeException(long limit) {
        super("it is larger than " + limit + " bytes");
    }
}
