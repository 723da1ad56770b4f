package io.github.divio4j.client;

import static io.github.divio4j.client.FaultMatrix.TOKEN;

import io.github.divio4j.client.error.DivioAuthenticationException;
import io.github.divio4j.client.error.DivioConflictException;
import io.github.divio4j.client.error.DivioException;
import io.github.divio4j.client.error.DivioNotFoundException;
import io.github.divio4j.client.error.DivioProtocolException;
import io.github.divio4j.client.error.DivioRateLimitedException;
import io.github.divio4j.client.error.DivioServerException;
import io.github.divio4j.client.error.DivioTransportException;
import io.github.divio4j.client.error.DivioUnexpectedStatusException;
import io.github.divio4j.client.error.DivioValidationException;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;

/** What goes wrong, how it is reported, and whether calls that may be repeated are. */
@SuppressWarnings("ImmutableEnumChecker") // The answers of the server are immutable.
public enum Fault {
    CONNECTION_REFUSED(ok(), DivioTransportException.class, Repeat.ALL),
    RESET_BEFORE_THE_REQUEST_WAS_READ(
            ok().onRequestStart(new SocketEffect.CloseSocket()), DivioTransportException.class, Repeat.READS),
    RESET_AFTER_THE_REQUEST_WAS_READ(
            ok().onResponseStart(new SocketEffect.CloseSocket()), DivioTransportException.class, Repeat.READS),
    HANG(ok().onResponseStart(SocketEffect.Stall.INSTANCE), DivioTransportException.class, Repeat.READS),
    SLOW_TRICKLE(
            ok().body(" ".repeat(400)).throttleBody(4, 20, TimeUnit.MILLISECONDS),
            DivioTransportException.class,
            Repeat.READS),
    BREAKS_OFF(
            ok().body("{" + " ".repeat(50_000)).onResponseBody(new SocketEffect.CloseSocket()),
            DivioTransportException.class,
            Repeat.READS),
    STATUS_400_WITH_FIELDS(
            of(400, "{\"prefix\": [\"" + TOKEN + "\"]}"), DivioValidationException.class, Repeat.NEVER),
    STATUS_400_IN_GENERAL(
            of(400, "{\"non_field_errors\": [\"" + TOKEN + "\"]}"), DivioValidationException.class, Repeat.NEVER),
    STATUS_400_IN_HTML(of(400, "<html>" + TOKEN + "</html>"), DivioValidationException.class, Repeat.NEVER),
    STATUS_401(of(401, FaultMatrix.SECRETS), DivioAuthenticationException.class, Repeat.NEVER),
    STATUS_403(of(403, FaultMatrix.SECRETS), DivioAuthenticationException.class, Repeat.NEVER),
    STATUS_404(of(404, FaultMatrix.SECRETS), DivioNotFoundException.class, Repeat.NEVER),
    STATUS_408(of(408, FaultMatrix.SECRETS), DivioUnexpectedStatusException.class, Repeat.NEVER),
    STATUS_409(of(409, FaultMatrix.SECRETS), DivioConflictException.class, Repeat.NEVER),
    STATUS_429(of(429, FaultMatrix.SECRETS), DivioRateLimitedException.class, Repeat.READS),
    STATUS_429_LATER(of(429, FaultMatrix.SECRETS).addHeader("Retry-After", "1"), DivioRateLimitedException.class, Repeat.READS),
    STATUS_500(of(500, FaultMatrix.SECRETS), DivioServerException.class, Repeat.NEVER),
    STATUS_502(of(502, FaultMatrix.SECRETS), DivioServerException.class, Repeat.READS),
    STATUS_503(of(503, FaultMatrix.SECRETS), DivioServerException.class, Repeat.READS),
    STATUS_503_NOW(of(503, FaultMatrix.SECRETS).addHeader("Retry-After", "0"), DivioServerException.class, Repeat.READS),
    STATUS_504(of(504, FaultMatrix.SECRETS), DivioServerException.class, Repeat.READS),
    REDIRECT_302(of(302, "").addHeader("Location", "/x"), DivioUnexpectedStatusException.class, Repeat.NEVER),
    REDIRECT_307(of(307, "").addHeader("Location", "/x"), DivioUnexpectedStatusException.class, Repeat.NEVER),
    TRUNCATED_JSON(of(200, "{\"uuid\": \"" + TOKEN), DivioProtocolException.class, Repeat.NEVER),
    WRONG_TYPES(
            of(
                    200,
                    "{\"uuid\": [], \"results\": \"" + TOKEN
                            + "\", \"logs\": {}, \"code\": [], \"environment_variables\": 3}"),
            DivioProtocolException.class,
            Repeat.NEVER),
    HTML(of(200, "<html>" + TOKEN + "</html>"), DivioProtocolException.class, Repeat.NEVER),
    NOTHING(of(200, ""), DivioProtocolException.class, Repeat.NEVER),
    TOO_DEEP(of(200, "{\"a\":".repeat(5_000)), DivioProtocolException.class, Repeat.NEVER),
    HUGE(of(200, "{\"x\": \"" + "y".repeat(40_000) + "\"}"), DivioProtocolException.class, Repeat.NEVER),
    FOREIGN_NEXT(
            of(200, "{\"results\": [], \"next\": \"https://evil.invalid/?token=hunter2\"}"),
            DivioProtocolException.class,
            Repeat.NEVER);

    private static final Set<Fault> BAD_CONTENT =
            EnumSet.of(TRUNCATED_JSON, WRONG_TYPES, HTML, NOTHING, TOO_DEEP, FOREIGN_NEXT);
    private static final Set<Calls> READABLE_WITHOUT_CONTENT = EnumSet.of(
            Calls.LOG_OF_ENVIRONMENT,
            Calls.LOG_OF_ENVIRONMENT_AFTER,
            Calls.LOG_OF_DEPLOYMENT,
            Calls.GET_DOWNLOAD_PART,
            Calls.CHECK_REPOSITORY);

    private enum Repeat {
        NEVER,
        READS,
        ALL
    }

    final MockResponse answer;
    final Class<? extends DivioException> type;
    private final Repeat repeat;

    Fault(MockResponse.Builder answer, Class<? extends DivioException> type, Repeat repeat) {
        this.answer = answer.build();
        this.type = type;
        this.repeat = repeat;
    }

    private static MockResponse.Builder ok() {
        return new MockResponse.Builder().body("{\"uuid\": \"x\"}");
    }

    private static MockResponse.Builder of(int code, String body) {
        return new MockResponse.Builder()
                .code(code)
                .addHeader("Content-Type", "application/json")
                .body(body);
    }

    /** Tells whether the call works in spite of it. */
    boolean harmless(Calls call) {
        boolean sparse = this == FOREIGN_NEXT && READABLE_WITHOUT_CONTENT.contains(call);
        return sparse || (BAD_CONTENT.contains(this) && call.anyAnswer());
    }

    /** Returns how often the client attempts the call, at most. */
    int attempts(Calls call, int most) {
        boolean again = repeat == Repeat.ALL || (repeat == Repeat.READS && call.repeatable());
        return again ? most : 1;
    }

    boolean slow() {
        return this == HANG || this == SLOW_TRICKLE;
    }

    /** Tells whether the client may be done before the server has read the request. */
    boolean mayBeUnread() {
        return slow() || this == RESET_BEFORE_THE_REQUEST_WAS_READ;
    }

    /** Tells whether nothing reads so much of the body that it shows. */
    boolean unnoticed(Calls call) {
        return call.anyAnswer()
                && call != Calls.ADD_INSTANCE
                && (this == HUGE || this == SLOW_TRICKLE || this == BREAKS_OFF);
    }
}
