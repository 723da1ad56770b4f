package io.github.divio4j.client;

import io.github.divio4j.client.error.DivioException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.jspecify.annotations.Nullable;

/**
 * Every call of the client meets every fault, on a real server. One case at a time; what it comes to is judged by the tests of divio-client
 * and counted by a measurement of upgrade-examples.
 */
public final class FaultMatrix implements AutoCloseable {
    static final String TOKEN = "s3cr3t-t0ken-0123456789";
    static final String SECRETS = "{\"detail\": \"" + TOKEN + " postgres://u:hunter2@h/d https://x/y?sig=hunter2\"}";
    static final int ATTEMPTS = 3;
    private static final AtomicInteger CLIENTS = new AtomicInteger();

    private final UnaryOperator<DivioClient.Builder> settings;
    private final MockWebServer server = new MockWebServer();
    // Bound, but nobody listens: the port is refused, and nobody else gets it.
    private final Socket nobody = new Socket();
    // By client: a slow server may read a request when its caller has long given up.
    private final Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();
    private volatile MockResponse answer = new MockResponse.Builder().build();

    /**
     * Starts a server.
     *
     * @param settings what the clients have besides the settings of the matrix
     */
    public FaultMatrix(UnaryOperator<DivioClient.Builder> settings) throws IOException {
        this.settings = settings;
        nobody.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
        server.setDispatcher(new Dispatcher() {
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
        server.start();
    }

    private AtomicInteger requests(String agent) {
        return requests.computeIfAbsent(agent, unused -> new AtomicInteger());
    }

    /** One call and one fault. */
    public record Case(Fault fault, Calls call) {
        @Override
        public String toString() {
            return fault + " for " + call;
        }
    }

    /** Returns all cases, those with the same fault together. */
    public static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (Fault fault : Fault.values()) {
            for (Calls call : Calls.values()) {
                cases.add(new Case(fault, call));
            }
        }
        return cases;
    }

    /** Makes the call, with a client of its own: a connection that another call left behind would hide what is sent. */
    public Outcome meet(Case what) {
        Fault fault = what.fault();
        answer = fault.answer;
        String agent = "client-" + CLIENTS.incrementAndGet();
        try (DivioClient divio = client(fault, agent)) {
            return outcome(what, divio, agent);
        }
    }

    private DivioClient client(Fault fault, String agent) {
        int port = fault == Fault.CONNECTION_REFUSED ? nobody.getLocalPort() : server.getPort();
        Duration patience = Duration.ofMillis(fault.slow() ? 80 : 20_000);
        return settings.apply(DivioClient.builder()
                        .userAgent(agent)
                        .token(TOKEN)
                        .baseUrl("http://127.0.0.1:" + port)
                        .maxAttempts(ATTEMPTS)
                        .maxCallsPerSecond(0)
                        .readTimeout(patience)
                        .callTimeout(patience)
                        .maxResponseBytes(32_000))
                .build();
    }

    private Outcome outcome(Case what, DivioClient divio, String agent) {
        Throwable failure = null;
        try {
            what.call().make(divio);
        } catch (Throwable e) {
            failure = e;
        }
        return new Outcome(what, failure, requests(agent).get(), divio.toString());
    }

    /** Tells whether a text shows the token or a secret that the server gave. */
    public static boolean showsSecret(String text) {
        return text.contains(TOKEN) || text.contains("hunter2");
    }

    @Override
    public void close() throws IOException {
        server.close();
        nobody.close();
    }

    /**
     * What a call came to.
     *
     * @param failure what it threw, or null
     * @param requests how many requests reached the server
     * @param client how the client describes itself
     */
    public record Outcome(Case what, @Nullable Throwable failure, int requests, String client) {
        /** Tells whether more requests arrived than the retry table allows: for a POST or PATCH more than one. */
        public boolean duplicated() {
            return requests > what.fault().attempts(what.call(), ATTEMPTS);
        }

        /** Tells whether what was thrown, with all its causes, or the client shows a secret. */
        public boolean leaks() {
            StringWriter text = new StringWriter();
            if (failure != null) {
                failure.printStackTrace(new PrintWriter(text));
            }
            return showsSecret(text + client);
        }

        /** Tells whether something else than a {@link DivioException} was thrown. */
        public boolean untyped() {
            return failure != null && !(failure instanceof DivioException);
        }
    }
}
