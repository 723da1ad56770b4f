package io.github.divio4j.upgrade.local;

/** Is told what happens, one call at a time, from whatever thread it happens in. It must not throw. */
public interface LocalListener {

    /** A step begins. */
    default void started(LocalStep step) {}

    /** A program has written a line, to its output or its errors. */
    default void output(String line) {}

    /** A step has ended well. */
    default void ended(LocalStep step) {}
}
