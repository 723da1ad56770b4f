package io.github.divio4j.client.error;

import org.jspecify.annotations.Nullable;

/**
 * A call of the Divio API that did not do what it should.
 *
 * <p>The message is complete for a person: method and path, what happened, after how many attempts, and what to do next. For a program
 * the same facts are methods. Exceptions are immutable and may be shared between threads.
 */
public abstract sealed class DivioException extends RuntimeException
        permits DivioApiException, DivioTransportException, DivioProtocolException, DivioWaitException {
    private static final long serialVersionUID = 1;

    private final ApiCall call;
    private final Delivery delivery;
    private final boolean mayHaveTakenEffect;
    private final String advice;

    DivioException(
            ApiCall call,
            Delivery delivery,
            boolean mayHaveTakenEffect,
            String what,
            String advice,
            @Nullable Throwable cause) {
        super(message(call, what, advice), cause);
        this.call = call;
        this.delivery = delivery;
        this.mayHaveTakenEffect = mayHaveTakenEffect;
        this.advice = advice;
    }

    private static String message(ApiCall call, String what, String advice) {
        String tries = call.attempts() == 1 ? "" : " (" + call.attempts() + " attempts)";
        String end = what.endsWith(".") ? " " : ". ";
        return call + " " + what + tries + end + advice;
    }

    /** Returns the HTTP method, upper case. */
    public final String method() {
        return call.method();
    }

    /** Returns the path that was called, without its query. */
    public final String path() {
        return call.path();
    }

    /** Returns how often the request was started, 1 or more. */
    public final int attempts() {
        return call.attempts();
    }

    /** Returns how far the last attempt is known to have come. */
    public final Delivery delivery() {
        return delivery;
    }

    /**
     * Tells whether the call can have changed something on the server.
     *
     * <p>It is {@code false} for a reading call, for a request that was never sent, and for one that was refused with a 4xx status other
     * than 408. In every other case it is {@code true}: look at the server before the call is made a second time.
     */
    public final boolean mayHaveTakenEffect() {
        return mayHaveTakenEffect;
    }

    /** Returns what to do next, as a sentence. */
    public final String advice() {
        return advice;
    }
}
