package io.github.divio4j.upgrade.store;

/** A text is not what it should be. The message says in what, and where in it, and goes into a {@link StoreException}. */
final class Malformed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Malformed(String message) {
        super(message);
    }
}
