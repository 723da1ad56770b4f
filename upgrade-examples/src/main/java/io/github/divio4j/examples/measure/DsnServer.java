package io.github.divio4j.examples.measure;

import com.sun.net.httpserver.HttpServer;
import io.github.divio4j.examples.sandbox.Sandbox;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Tells other processes of this machine, if they know the token, the data source names of a sandbox's databases. */
final class DsnServer implements AutoCloseable {
    private final HttpServer server;

    DsnServer(Sandbox sandbox) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String instance = exchange.getRequestURI().getPath().substring(1);
            boolean known = sandbox.token().equals(exchange.getRequestHeaders().getFirst("Authorization"));
            Optional<String> dsn = known ? sandbox.dsn(instance) : Optional.empty();
            byte[] body = dsn.orElse("").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(dsn.isPresent() ? 200 : 404, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    String address() {
        return "http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort() + "/";
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
