package io.github.divio4j.client;

import static io.github.divio4j.client.Fixture.TOKEN;
import static io.github.divio4j.client.Fixture.status;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every call meets every fault: it ends with the one type that the fault has, was sent as often as the retry table says, and shows no
 * secret.
 */
class FaultMatrixTest {
    private static final int ATTEMPTS = 3;
    private static final String SECRETS =
            "{\"detail\": \"" + TOKEN + " postgres://u:hunter2@h/d https://x/y?sig=hunter2\"}";
    private static final AtomicInteger CLIENTS = new AtomicInteger();
    private static final AtomicInteger CASES = new AtomicInteger();
    private static final MockWebServer SERVER = new MockWebServer();
    // By client: a slow server may read a request when its caller has long given up.
    private static final ConcurrentHashMap<String, AtomicInteger> REQUESTS = new ConcurrentHashMap<>();
    private static volatile MockResponse answer = new MockResponse.Builder().build();

    enum Repeat {
        NEVER,
        READS
    }

    /** What goes wrong, how it is reported, and whether calls that may be repeated are. */
    enum Fault {
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
        STATUS_401(of(401, SECRETS), DivioAuthenticationException.class, Repeat.NEVER),
        STATUS_403(of(403, SECRETS), DivioAuthenticationException.class, Repeat.NEVER),
        STATUS_404(of(404, SECRETS), DivioNotFoundException.class, Repeat.NEVER),
        STATUS_408(of(408, SECRETS), DivioUnexpectedStatusException.class, Repeat.NEVER),
        STATUS_409(of(409, SECRETS), DivioConflictException.class, Repeat.NEVER),
        STATUS_429(of(429, SECRETS), DivioRateLimitedException.class, Repeat.READS),
        STATUS_429_LATER(of(429, SECRETS).addHeader("Retry-After", "3"), DivioRateLimitedException.class, Repeat.READS),
        STATUS_500(of(500, SECRETS), DivioServerException.class, Repeat.NEVER),
        STATUS_502(of(502, SECRETS), DivioServerException.class, Repeat.READS),
        STATUS_503(of(503, SECRETS), DivioServerException.class, Repeat.READS),
        STATUS_503_NOW(of(503, SECRETS).addHeader("Retry-After", "0"), DivioServerException.class, Repeat.READS),
        STATUS_504(of(504, SECRETS), DivioServerException.class, Repeat.READS),
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

        private final MockResponse answer;
        private final Class<? extends DivioException> type;
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
            return status(code, body).newBuilder();
        }

        /** Tells whether the call works in spite of it. */
        boolean harmless(Calls call) {
            boolean content = ordinal() >= TRUNCATED_JSON.ordinal() && this != HUGE;
            return (content && call.anyAnswer())
                    || (this == FOREIGN_NEXT && call.name().startsWith("LOG_OF_ENV"));
        }

        boolean slow() {
            return this == HANG || this == SLOW_TRICKLE;
        }

        /** Tells whether the client may be done before the server has read the request. */
        boolean mayBeUnread() {
            return slow() || this == RESET_BEFORE_THE_REQUEST_WAS_READ;
        }

        boolean fits(Calls call) {
            return this != FOREIGN_NEXT || call.list();
        }

        /** Tells whether nothing reads so much of the body that it shows. */
        boolean unnoticed(Calls call) {
            return call.anyAnswer()
                    && call != Calls.ADD_INSTANCE
                    && (this == HUGE || this == SLOW_TRICKLE || this == BREAKS_OFF);
        }
    }

    @BeforeAll
    static void start() throws IOException {
        SERVER.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse peek() {
                return answer;
            }

            @Override
            public MockResponse dispatch(RecordedRequest request) {
                String agent = request.getHeaders().get("User-Agent");
                // Without one, it stands for a connection that is closed before anything is read from it.
                if (agent != null) {
                    requests(agent).incrementAndGet();
                }
                return answer;
            }
        });
        SERVER.start();
    }

    @AfterAll
    static void stop() {
        SERVER.close();
        System.out.println("fault matrix: " + CASES.get() + " cases");
    }

    private static String agent() {
        return "client-" + CLIENTS.get();
    }

    private static AtomicInteger requests(String agent) {
        return REQUESTS.computeIfAbsent(agent, unused -> new AtomicInteger());
    }

    private static DivioClient client(int port, long timeoutMillis) {
        CLIENTS.incrementAndGet();
        return DivioClient.builder()
                .userAgent(agent())
                .token(TOKEN)
                .baseUrl("http://127.0.0.1:" + port)
                .timeSource(new FakeTime())
                .maxAttempts(ATTEMPTS)
                .maxCallsPerSecond(0)
                .readTimeout(Duration.ofMillis(timeoutMillis))
                .callTimeout(Duration.ofMillis(timeoutMillis))
                .maxResponseBytes(32_000)
                .build();
    }

    private static @Nullable Throwable outcome(Calls call, DivioClient divio) {
        CASES.incrementAndGet();
        try {
            call.make(divio);
            return null;
        } catch (Throwable e) {
            return e;
        }
    }

    private static void checkSecrets(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        assertThat(text.toString()).doesNotContain(TOKEN).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void everyCallReportsIt(Fault fault) {
        for (Calls call : Calls.values()) {
            if (!fault.fits(call)) {
                continue;
            }
            // A client of its own: a connection that another call left behind would hide what is sent.
            try (DivioClient divio = client(SERVER.getPort(), fault.slow() ? 80 : 20_000)) {
                answer = fault.answer;
                requests(agent()).set(0);
                Throwable failure = outcome(call, divio);
                String what = fault + " for " + call;
                if (failure == null) {
                    assertThat(fault.harmless(call) || fault.unnoticed(call))
                            .as(what)
                            .isTrue();
                    continue;
                }
                assertThat(failure).as(what).isInstanceOf(DivioException.class);
                checkSecrets(failure);
                if (fault.unnoticed(call)) {
                    continue;
                }
                assertThat(failure).as(what).isInstanceOf(fault.type);
                int expected = fault.repeat == Repeat.READS && call.repeatable() ? ATTEMPTS : 1;
                assertThat(((DivioException) failure).attempts()).as(what).isEqualTo(expected);
                if (fault.mayBeUnread()) {
                    assertThat(requests(agent()).get()).as(what).isLessThanOrEqualTo(expected);
                } else {
                    assertThat(requests(agent()).get()).as(what).isEqualTo(expected);
                }
                assertThat(((DivioException) failure).mayHaveTakenEffect() && call.method.equals("GET"))
                        .as(what)
                        .isFalse();
                assertThat(failure.getMessage().toLowerCase(Locale.ROOT))
                        .as(what)
                        .contains(call.method.toLowerCase(Locale.ROOT));
            }
        }
    }

    @Test
    void everyCallReportsThatNobodyListens() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        try (DivioClient divio = client(port, 20_000)) {
            for (Calls call : Calls.values()) {
                Throwable failure = outcome(call, divio);
                assertThat(failure).isInstanceOfSatisfying(DivioTransportException.class, e -> {
                    assertThat(e.attempts()).as(call.name()).isEqualTo(ATTEMPTS);
                    assertThat(e.mayHaveTakenEffect()).as(call.name()).isFalse();
                });
                checkSecrets(failure);
            }
        }
    }

    @Test
    void everyCallWorksWithoutAFault() {
        try (DivioClient divio = client(SERVER.getPort(), 20_000)) {
            for (Calls call : Calls.values()) {
                answer = Fixture.json(call.answer);
                requests(agent()).set(0);
                assertThat(call.make(divio)).as(call.name()).isNotNull();
                assertThat(requests(agent()).get()).as(call.name()).isOne();
            }
        }
    }
}
