package io.github.divio4j.client.error;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The server answered, and the answer is not the one that was asked for. */
public abstract sealed class DivioApiException extends DivioException
        permits DivioAuthenticationException,
                DivioConflictException,
                DivioNotFoundException,
                DivioRateLimitedException,
                DivioServerException,
                DivioUnexpectedStatusException,
                DivioValidationException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final ErrorDetails errors;
    private final @Nullable String requestId;

    DivioApiException(
            ApiCall call,
            int status,
            ErrorDetails errors,
            @Nullable String requestId,
            boolean mayHaveTakenEffect,
            String advice) {
        this(call, status, errors, requestId, mayHaveTakenEffect, answered(status, errors), advice);
    }

    DivioApiException(
            ApiCall call,
            int status,
            ErrorDetails errors,
            @Nullable String requestId,
            boolean mayHaveTakenEffect,
            String what,
            String advice) {
        super(call, Delivery.ANSWERED, mayHaveTakenEffect && !call.readOnly(), what, advice, null);
        this.status = status;
        this.errors = errors;
        this.requestId = requestId;
    }

    private static String answered(int status, ErrorDetails errors) {
        String summary = errors.summary();
        return "answered " + status + (summary.isEmpty() ? "" : ": " + summary);
    }

    /** Returns the HTTP status. */
    public final int status() {
        return status;
    }

    /** Returns what the body says. */
    public final ErrorDetails errors() {
        return errors;
    }

    /** Returns the {@code X-Request-Id} of the answer, for a question to Divio's support. */
    public final Optional<String> requestId() {
        return Optional.ofNullable(requestId);
    }
}
