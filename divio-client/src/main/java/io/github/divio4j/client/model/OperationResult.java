package io.github.divio4j.client.model;

import java.util.List;

/**
 * How a backup or a restore ended. It means nothing before the end.
 *
 * <p>Proven: the official command line tool treats everything but {@code SUCCESS} as a failure.
 */
public final class OperationResult extends OpenValue {
    /** All of it worked. */
    public static final OperationResult SUCCESS = new OperationResult("SUCCESS");

    /** Some of it failed; counts as a failure. */
    public static final OperationResult PARTIAL = new OperationResult("PARTIAL");

    /** It failed. */
    public static final OperationResult FAILURE = new OperationResult("FAILURE");

    private static final List<OperationResult> KNOWN = List.of(SUCCESS, PARTIAL, FAILURE);

    private OperationResult(String text) {
        super(text);
    }

    /** Returns the value with this text, known or not. */
    public static OperationResult of(String text) {
        for (OperationResult known : KNOWN) {
            if (sameName(known, text)) {
                return known;
            }
        }
        return new OperationResult(text);
    }

    /** Tells whether it is one of the constants of this class. */
    public boolean known() {
        return KNOWN.contains(this);
    }
}
