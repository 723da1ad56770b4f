package io.github.divio4j.examples.quickstart;

/** The command line asks for something that cannot be. The message says what is wrong and what to do. */
final class WrongUseException extends Exception {
    private static final long serialVersionUID = 1L;

    WrongUseException(String message) {
        super(message);
    }
}
