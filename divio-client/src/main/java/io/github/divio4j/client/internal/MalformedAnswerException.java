package io.github.divio4j.client.internal;

/** An answer that cannot be understood; becomes a DivioProtocolException where the call is known. */
final class MalformedAnswerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MalformedAnswerException(String problem) {
        super(problem);
    }
}
