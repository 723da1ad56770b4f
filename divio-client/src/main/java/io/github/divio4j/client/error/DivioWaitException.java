package io.github.divio4j.client.error;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Waiting for something did not end well.
 *
 * <p>The operation that was waited for is another matter: except after {@link DivioWaitFailedException} it may go on, and end well.
 * {@link #attempts()} is the number of polls; {@link #mayHaveTakenEffect()} is {@code false}, because waiting only reads.
 */
public abstract sealed class DivioWaitException extends DivioException
        permits DivioWaitFailedException, DivioWaitInterruptedException, DivioWaitTimeoutException {
    private static final long serialVersionUID = 1;

    private final String subject;
    private final Duration waited;
    private final transient @Nullable Object lastValue;

    DivioWaitException(
            ApiCall call,
            Delivery delivery,
            String subject,
            Duration waited,
            @Nullable Object lastValue,
            String what,
            String advice,
            @Nullable Throwable cause) {
        super(call, delivery, false, what, advice, cause);
        this.subject = subject;
        this.waited = waited;
        this.lastValue = lastValue;
    }

    /** Returns what was waited for, as in {@code backup b1}. */
    public final String subject() {
        return subject;
    }

    /** Returns how long was waited. */
    public final Duration waited() {
        return waited;
    }

    /** Returns what the last successful poll saw; empty when none succeeded, or after deserialization. */
    public final Optional<Object> lastValue() {
        return Optional.ofNullable(lastValue);
    }

    /**
     * Returns what the last successful poll saw.
     *
     * @param type what was waited for, such as {@code Backup.class}
     * @return empty when no poll succeeded, when it saw something of another type, or after deserialization
     */
    public final <T> Optional<T> lastValue(Class<T> type) {
        return type.isInstance(lastValue) ? Optional.of(type.cast(lastValue)) : Optional.empty();
    }
}
