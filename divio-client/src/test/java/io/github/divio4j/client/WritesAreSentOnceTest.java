package io.github.divio4j.client;

import static io.github.divio4j.client.Fixture.json;
import static io.github.divio4j.client.Fixture.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.divio4j.client.error.Delivery;
import io.github.divio4j.client.error.DivioApiException;
import io.github.divio4j.client.error.DivioException;
import io.github.divio4j.client.error.DivioRateLimitedException;
import io.github.divio4j.client.error.DivioTransportException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A POST or a PATCH leaves the machine once, whatever the network and the server do. */
class WritesAreSentOnceTest {
    static Stream<Calls> writes() {
        return Arrays.stream(Calls.values()).filter(call -> !call.repeatable());
    }

    private static DivioException failure(Calls write, DivioClient divio) {
        return catchThrowableOfType(DivioException.class, () -> write.make(divio));
    }

    enum Fault {
        STATUS_408(status(408), DivioApiException.class, Delivery.ANSWERED, true),
        STATUS_429(status(429, "Retry-After", "0"), DivioRateLimitedException.class, Delivery.ANSWERED, false),
        STATUS_500(status(500), DivioApiException.class, Delivery.ANSWERED, true),
        STATUS_502(status(502), DivioApiException.class, Delivery.ANSWERED, true),
        STATUS_503_NOW(status(503, "Retry-After", "0"), DivioApiException.class, Delivery.ANSWERED, true),
        STATUS_504(status(504), DivioApiException.class, Delivery.ANSWERED, true),
        STATUS_302(status(302, "Location", "/elsewhere"), DivioApiException.class, Delivery.ANSWERED, true),
        STATUS_307(status(307, "Location", "/elsewhere"), DivioApiException.class, Delivery.ANSWERED, false),
        STATUS_401(status(401, "WWW-Authenticate", "Token"), DivioApiException.class, Delivery.ANSWERED, false),
        CLOSED_AFTER_REQUEST(
                ok().onResponseStart(new SocketEffect.CloseSocket()).build(),
                DivioTransportException.class,
                Delivery.UNKNOWN,
                true),
        CLOSED_BEFORE_REQUEST_WAS_READ(
                ok().onRequestStart(new SocketEffect.CloseSocket()).build(),
                DivioTransportException.class,
                Delivery.UNKNOWN,
                true),
        NO_ANSWER_IN_TIME(
                ok().onResponseStart(SocketEffect.Stall.INSTANCE).build(),
                DivioTransportException.class,
                Delivery.UNKNOWN,
                true);

        private final MockResponse answer;
        private final Class<? extends DivioException> type;
        private final Delivery delivery;
        private final boolean mayHaveTakenEffect;

        Fault(
                MockResponse answer,
                Class<? extends DivioException> type,
                Delivery delivery,
                boolean mayHaveTakenEffect) {
            this.answer = answer;
            this.type = type;
            this.delivery = delivery;
            this.mayHaveTakenEffect = mayHaveTakenEffect;
        }
    }

    static Stream<Arguments> everyWriteWithEveryFault() {
        return writes().flatMap(write -> Arrays.stream(Fault.values()).map(fault -> Arguments.of(write, fault)));
    }

    // A server that closes before it reads shows that to the client in time: it opens another connection, and nothing
    // is lost.
    static Stream<Arguments> everyWriteWithEveryFaultAfterTheRequestWasRead() {
        return everyWriteWithEveryFault()
                .filter(arguments -> arguments.get()[1] != Fault.CLOSED_BEFORE_REQUEST_WAS_READ);
    }

    private static MockResponse.Builder ok() {
        return new MockResponse.Builder().body("{\"uuid\": \"made\"}");
    }

    private static Fixture impatient() {
        return new Fixture(builder -> builder.readTimeout(Duration.ofMillis(300)));
    }

    @ParameterizedTest
    @MethodSource("everyWriteWithEveryFault")
    void isSentOnceOnANewConnection(Calls write, Fault fault) {
        try (Fixture api = impatient()) {
            api.answers(fault.answer);

            DivioException failure = failure(write, api.divio);

            assertThat(api.server.getRequestCount()).isOne();
            assertThat(failure).isInstanceOf(fault.type);
            assertThat(failure.attempts()).isOne();
            assertThat(failure.delivery()).isEqualTo(fault.delivery);
            assertThat(failure.mayHaveTakenEffect()).isEqualTo(fault.mayHaveTakenEffect);
        }
    }

    @ParameterizedTest
    @MethodSource("everyWriteWithEveryFaultAfterTheRequestWasRead")
    void isSentOnceOnAConnectionThatWasUsedBefore(Calls write, Fault fault) {
        try (Fixture api = impatient()) {
            api.answers(json("{'results': []}"), fault.answer);
            assertThat(api.divio.regions().list().toList()).isEmpty();

            DivioException failure = failure(write, api.divio);

            // A slow machine may read more than once before it writes.
            assertThat(api.lines()).filteredOn(line -> !line.startsWith("GET")).hasSize(1);
            assertThat(failure).isInstanceOf(fault.type);
            assertThat(failure.delivery()).isEqualTo(fault.delivery);
        }
    }

    @ParameterizedTest
    @MethodSource("writes")
    void isKnownNotToBeSentWhenNobodyListens(Calls write) throws IOException {
        int port;
        try (ServerSocket unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = unused.getLocalPort();
        }
        FakeTime time = new FakeTime();
        try (DivioClient divio = DivioClient.builder()
                .token(Fixture.TOKEN)
                .baseUrl("http://127.0.0.1:" + port)
                .timeSource(time)
                .build()) {
            DivioException failure = failure(write, divio);

            assertThat(failure).isInstanceOf(DivioTransportException.class);
            assertThat(failure.delivery()).isEqualTo(Delivery.NOT_SENT);
            assertThat(failure.mayHaveTakenEffect()).isFalse();
            assertThat(failure.attempts())
                    .as("what was not sent can be tried again")
                    .isEqualTo(5);
        }
    }
}
