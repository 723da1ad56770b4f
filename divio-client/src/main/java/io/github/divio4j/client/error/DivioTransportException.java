package io.github.divio4j.client.error;

import java.io.IOException;

/**
 * No complete answer came: no connection, a lost one, a timeout, or an interrupt of the calling thread.
 *
 * <p>{@link #delivery()} is {@link Delivery#NOT_SENT} when nothing has left this machine and {@link Delivery#UNKNOWN} otherwise.
 */
public final class DivioTransportException extends DivioException {
    private static final long serialVersionUID = 1;

    private final boolean interrupted;

    /**
     * Creates one; meant for tests of code that handles it.
     *
     * @param call which call it is about
     * @param delivery {@link Delivery#NOT_SENT} or {@link Delivery#UNKNOWN}
     * @param interrupted whether the calling thread was interrupted
     * @param cause what the network reported
     */
    public DivioTransportException(ApiCall call, Delivery delivery, boolean interrupted, IOException cause) {
        super(
                call,
                checked(delivery),
                delivery == Delivery.UNKNOWN && !call.readOnly(),
                what(delivery, interrupted, cause),
                advice(call, delivery, interrupted),
                cause);
        this.interrupted = interrupted;
    }

    private static Delivery checked(Delivery delivery) {
        if (delivery == Delivery.ANSWERED) {
            throw new IllegalArgumentException("an answered call is not a transport failure");
        }
        return delivery;
    }

    private static String what(Delivery delivery, boolean interrupted, IOException cause) {
        if (interrupted) {
            return delivery == Delivery.NOT_SENT
                    ? "was interrupted before it was sent"
                    : "was interrupted before an answer came";
        }
        String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return (delivery == Delivery.NOT_SENT ? "was not sent: " : "got no complete answer: ") + reason;
    }

    private static String advice(ApiCall call, Delivery delivery, boolean interrupted) {
        if (delivery == Delivery.UNKNOWN && !call.readOnly()) {
            return "The call may have taken effect: look at the resource before it is made again.";
        }
        return interrupted
                ? "Nothing was changed."
                : "Nothing was changed: check the base URL and the network, then try again.";
    }

    /** Tells whether the calling thread was interrupted; its interrupt flag is then set. */
    public boolean interrupted() {
        return interrupted;
    }
}
