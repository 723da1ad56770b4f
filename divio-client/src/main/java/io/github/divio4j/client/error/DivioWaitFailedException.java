package io.github.divio4j.client.error;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What was waited for has ended, and not well. */
public final class DivioWaitFailedException extends DivioWaitException {
    private static final long serialVersionUID = 1;

    private final ArrayList<String> errors;

    /**
     * Creates one; meant for tests of code that handles it, and for {@link io.github.divio4j.client.wait.Waiter}.
     *
     * @param call the poll that saw it, with the number of polls as its attempts
     * @param subject what was waited for
     * @param waited how long
     * @param lastValue what the poll saw
     * @param state its state, in a word
     * @param errors what the platform says about it; empty when it says nothing
     */
    public DivioWaitFailedException(
            ApiCall call, String subject, Duration waited, Object lastValue, String state, List<String> errors) {
        super(
                call,
                Delivery.ANSWERED,
                subject,
                waited,
                lastValue,
                "shows that the " + subject + " has ended as " + state
                        + (errors.isEmpty() ? "" : ": " + String.join("; ", errors)),
                errors.isEmpty()
                        ? "The platform gives no reason: look at it in the control panel."
                        : "Remove the cause before it is started again.",
                null);
        this.errors = new ArrayList<>(errors);
    }

    /** Returns what the platform says about it, in its own words but for passwords and signatures; empty when it says nothing. */
    public List<String> errors() {
        return List.copyOf(errors);
    }
}
