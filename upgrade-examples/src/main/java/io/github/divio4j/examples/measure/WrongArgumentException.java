package io.github.divio4j.examples.measure;

/** The command line asks for something that cannot be. The message says what is wrong and what to do. */
final class WrongArgumentException extends Exception {
    private static final long serialVersionUID = 1L;

    WrongArgumentException(String message) {
        super(message);
    }
}
