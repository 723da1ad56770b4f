package io.github.divio4j.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;

/** A server that answers what it is told, and a client that calls it in time that passes only when it sleeps. */
final class Fixture implements AutoCloseable {
    static final String TOKEN = "s3cr3t-t0ken-0123456789";

    final MockWebServer server = new MockWebServer();
    final FakeTime time = new FakeTime();
    final DivioClient divio;
    private final LinkedBlockingDeque<MockResponse> answers = new LinkedBlockingDeque<>();
    private final List<RecordedRequest> requests = new CopyOnWriteArrayList<>();

    Fixture() {
        this(builder -> builder);
    }

    Fixture(UnaryOperator<DivioClient.Builder> settings) {
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse peek() {
                MockResponse answer = answers.peek();
                return answer == null ? super.peek() : answer;
            }

            @Override
            public MockResponse dispatch(RecordedRequest request) {
                requests.add(request);
                MockResponse answer = answers.poll();
                // A request more than was expected is answered well, so that it shows as a wrong count and not as a
                // hang.
                return answer == null ? json("{\"uuid\": \"unexpected\", \"slug\": \"unexpected\"}") : answer;
            }
        });
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        divio = settings.apply(DivioClient.builder()
                        .token(TOKEN)
                        .baseUrl("http://127.0.0.1:" + server.getPort())
                        .timeSource(time)
                        .jitter(() -> 1 - 1e-9))
                .build();
    }

    static MockResponse json(String body) {
        return new MockResponse.Builder()
                .addHeader("Content-Type", "application/json")
                .body(body.replace('\'', '"'))
                .build();
    }

    static MockResponse status(int code) {
        return status(code, "{\"detail\": \"says the server\"}");
    }

    static MockResponse status(int code, String body) {
        return new MockResponse.Builder()
                .code(code)
                .addHeader("Content-Type", "application/json")
                .body(body)
                .build();
    }

    static MockResponse status(int code, String header, String value) {
        return status(code).newBuilder().addHeader(header, value).build();
    }

    Fixture answers(MockResponse... more) {
        Stream.of(more).forEach(answers::add);
        return this;
    }

    Fixture answers(String... bodies) {
        Stream.of(bodies).map(Fixture::json).forEach(answers::add);
        return this;
    }

    List<RecordedRequest> requests() {
        return requests;
    }

    RecordedRequest onlyRequest() {
        if (requests.size() != 1) {
            throw new AssertionError("expected one request, got " + lines());
        }
        return requests.get(0);
    }

    /** What arrived, as in {@code GET /apps/v3/regions/}. */
    List<String> lines() {
        return requests.stream()
                .map(request -> request.getMethod() + " " + request.getTarget())
                .toList();
    }

    @Override
    public void close() {
        divio.close();
        server.close();
    }
}
