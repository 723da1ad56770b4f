package io.github.divio4j.examples.sandbox;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** The HTTP side of the sandbox: connections, routing, authentication, faults. What the requests mean is the routes' job. */
final class ApiServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ApiServer.class.getName());
    private static final String LOOPBACK = "127.0.0.1";

    /** How many clients may be about to connect at once; who comes on top of them tries again after a second. */
    private static final int BACKLOG = 1_000;

    private static final ApiResponse THROTTLED = ApiResponse.of(
                    429, Map.of("detail", "Request was throttled. Expected available in 1 second."))
            .withHeader("Retry-After", "1");

    static {
        // Without it each answer on a kept-alive connection waits for the client's delayed acknowledgement (40 ms).
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
    }

    private final HttpServer server;
    private final ExecutorService threads;
    private final RouteTable routes;
    private final String token;
    private final World world;
    private final Faults faults;
    private final RequestLog log;
    private final RequestLimit limit;
    private final Path uploads;

    private ApiServer(
            HttpServer server,
            RouteTable routes,
            String token,
            World world,
            Faults faults,
            RequestLog log,
            RequestLimit limit,
            Path uploads) {
        this.server = server;
        this.routes = routes;
        this.token = token;
        this.world = world;
        this.faults = faults;
        this.log = log;
        this.limit = limit;
        this.uploads = uploads;
        this.threads = Executors.newCachedThreadPool(DaemonThreads.named("sandbox-http"));
    }

    /** Takes the port. Requests that come before {@link #start} wait. */
    static HttpServer bind(int port) {
        try {
            return HttpServer.create(
                    new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), BACKLOG);
        } catch (BindException e) {
            throw new SandboxException(
                    "Port " + port
                            + " is in use: choose another one (0 takes any that is free) or stop what listens there.",
                    e);
        } catch (IOException e) {
            throw new SandboxException("Cannot listen on port " + port + ": " + e.getMessage(), e);
        }
    }

    static URI baseUrl(HttpServer bound) {
        return URI.create("http://" + LOOPBACK + ":" + bound.getAddress().getPort());
    }

    static ApiServer start(
            HttpServer bound,
            RouteTable routes,
            String token,
            World world,
            Faults faults,
            RequestLog log,
            RequestLimit limit,
            Path uploads) {
        ApiServer server = new ApiServer(bound, routes, token, world, faults, log, limit, uploads);
        bound.createContext("/", server::handle);
        bound.setExecutor(server.threads);
        // The server's own thread inherits whether it is a daemon from the thread that starts it.
        Thread starter = DaemonThreads.named("sandbox-http-start").newThread(bound::start);
        starter.start();
        try {
            starter.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return server;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        URI uri = exchange.getRequestURI();
        String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        Path upload = null;
        try {
            List<RouteTable.Match> matches = routes.find(uri.getPath());
            byte[] body = new byte[0];
            if (method.equals("PUT") && !matches.isEmpty()) {
                upload = Files.createTempFile(uploads, "upload", ".part");
                try (InputStream in = exchange.getRequestBody();
                        OutputStream out = Files.newOutputStream(upload)) {
                    in.transferTo(out);
                }
            } else {
                body = exchange.getRequestBody().readAllBytes();
            }

            Faults.Effect effect = faults.take(method, uri.getPath());
            if (!effect.delay().isZero()) {
                Thread.sleep(effect.delay().toMillis());
            }
            if (effect.drop() == Faults.Drop.BEFORE) {
                log.add(new HandledRequest(method, uri.getPath(), query, 0));
                return;
            }
            ApiResponse response = limit.lets() ? effect.answer() : THROTTLED;
            if (response == null) {
                response = answer(exchange, matches, method, uri.getPath(), query, body, upload);
            }
            log.add(new HandledRequest(method, uri.getPath(), query, response.status()));
            if (effect.drop() != Faults.Drop.AFTER) {
                send(exchange, method, response);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (upload != null) {
                Files.deleteIfExists(upload);
            }
            // Before the headers of an answer are sent, this drops the connection.
            exchange.close();
        }
    }

    private ApiResponse answer(
            HttpExchange exchange,
            List<RouteTable.Match> matches,
            String method,
            String path,
            String query,
            byte[] body,
            @Nullable Path upload) {
        try {
            if (matches.isEmpty()) {
                throw ApiException.notFound();
            }
            RouteTable.Match match = RouteTable.withMethod(matches, method).orElse(null);
            if (match == null || !match.route().open()) {
                authenticate(exchange);
            }
            if (method.equals("OPTIONS")) {
                return ApiResponse.ok(Metadata.of(
                                matches.stream().map(RouteTable.Match::route).toList()))
                        .withHeader("Allow", RouteTable.allowed(matches));
            }
            if (match == null) {
                return ApiResponse.of(405, Map.of("detail", "Method \"" + method + "\" not allowed."))
                        .withHeader("Allow", RouteTable.allowed(matches));
            }
            ApiRequest request = new ApiRequest(
                    method,
                    path,
                    match.variables(),
                    pairs(query),
                    upload == null ? fields(exchange, method, body) : Map.of(),
                    upload);
            return world.inside(() -> match.route().handler().handle(request));
        } catch (ApiException refusal) {
            ApiResponse response = ApiResponse.of(refusal.status(), refusal.body());
            return refusal.status() == 401 ? response.withHeader("WWW-Authenticate", "Token") : response;
        } catch (RuntimeException defect) {
            LOG.log(Level.ERROR, "Could not answer " + method + " " + path, defect);
            return ApiResponse.of(500, Map.of("detail", "A server error occurred: " + defect));
        }
    }

    private void authenticate(HttpExchange exchange) {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        if (header == null || !header.startsWith("Token")) {
            throw ApiException.detail(401, "Authentication credentials were not provided.");
        }
        if (!header.equals("Token " + token)) {
            throw ApiException.detail(401, "Invalid token.");
        }
    }

    private static Map<String, @Nullable Object> fields(HttpExchange exchange, String method, byte[] body) {
        // Clients send "{}" or anything else along with a GET; the platform does not look at it.
        if (body.length == 0 || method.equals("GET") || method.equals("HEAD")) {
            return Map.of();
        }
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (type == null || type.startsWith("application/json")) {
            return jsonFields(body);
        }
        if (type.startsWith("application/x-www-form-urlencoded")) {
            Map<String, @Nullable Object> form = new LinkedHashMap<>();
            pairs(new String(body, StandardCharsets.UTF_8))
                    .forEach((name, values) -> form.put(name, values.get(values.size() - 1)));
            return form;
        }
        throw ApiException.detail(415, "Unsupported media type \"" + type + "\" in request.");
    }

    private static Map<String, @Nullable Object> jsonFields(byte[] body) {
        try {
            Object value = Json.parse(body);
            if (value instanceof Map<?, ?> map) {
                Map<String, @Nullable Object> fields = new LinkedHashMap<>();
                map.forEach((key, item) -> fields.put(String.valueOf(key), item));
                return fields;
            }
            throw ApiException.refused("Invalid data. Expected a dictionary, but got "
                    + (value == null ? "NoneType" : value instanceof List ? "list" : "str") + ".");
        } catch (Json.MalformedException e) {
            throw ApiException.detail(400, "JSON parse error - " + e.getMessage());
        }
    }

    /** Names without a value and empty parts ({@code ?region=x&}) are what some clients send. */
    private static Map<String, List<String>> pairs(String text) {
        Map<String, List<String>> pairs = new LinkedHashMap<>();
        for (String pair : text.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                try {
                    pairs.computeIfAbsent(URLDecoder.decode(name, StandardCharsets.UTF_8), key -> new ArrayList<>())
                            .add(URLDecoder.decode(value, StandardCharsets.UTF_8));
                } catch (IllegalArgumentException e) {
                    throw ApiException.detail(400, "Malformed query or form.");
                }
            }
        }
        return pairs;
    }

    private static void send(HttpExchange exchange, String method, ApiResponse response) throws IOException {
        response.headers().forEach(exchange.getResponseHeaders()::set);
        Path file = response.file();
        if (file != null) {
            long size = Files.size(file);
            if (method.equals("HEAD")) {
                exchange.getResponseHeaders().set("Content-Length", Long.toString(size));
                exchange.sendResponseHeaders(response.status(), -1);
                return;
            }
            exchange.sendResponseHeaders(response.status(), size == 0 ? -1 : size);
            if (size > 0) {
                try (OutputStream out = exchange.getResponseBody()) {
                    Files.copy(file, out);
                }
            }
            return;
        }
        if (response.body() == null) {
            exchange.sendResponseHeaders(response.status(), -1);
            return;
        }
        byte[] bytes = Json.write(response.body());
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(response.status(), method.equals("HEAD") ? -1 : bytes.length);
        if (!method.equals("HEAD")) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(bytes);
            }
        }
    }
}
