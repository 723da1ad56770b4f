package io.github.divio4j.client.error;

/** How far a request is known to have come. */
public enum Delivery {
    /** No byte of the request left this machine: nothing can have changed. */
    NOT_SENT,
    /** The request, or part of it, was sent, and no complete answer came back: whether it took effect is unknown. */
    UNKNOWN,
    /** The server answered. */
    ANSWERED
}
