package io.github.divio4j.examples.measure;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A server on loopback that answers GET requests with bytes made beforehand, so that it costs next to nothing: what is measured
 * is the client.
 */
final class CannedServer implements AutoCloseable {
    private static final byte[] NOT_FOUND = answer("404 Not Found", "{\"detail\": \"Not found.\"}");

    private final ServerSocket socket;
    private final Map<String, byte[]> answers = new ConcurrentHashMap<>();

    CannedServer() throws IOException {
        this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start("canned-server", this::accept);
    }

    String url() {
        return "http://127.0.0.1:" + socket.getLocalPort();
    }

    /**
     * Sets what a request is answered with.
     *
     * @param target the path, and the query if there is one
     */
    void put(String target, String json) {
        answers.put(target, answer("200 OK", json));
    }

    private static byte[] answer(String status, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        // What Django REST framework and a proxy in front of it add by default.
        byte[] head = String.join(
                        "\r\n",
                        "HTTP/1.1 " + status,
                        "Server: nginx",
                        "Date: Sun, 01 Mar 2026 12:00:00 GMT",
                        "Content-Type: application/json",
                        "Content-Length: " + body.length,
                        "Connection: keep-alive",
                        "Allow: GET, HEAD, OPTIONS",
                        "Vary: Accept, Cookie",
                        "X-Frame-Options: DENY",
                        "X-Content-Type-Options: nosniff",
                        "Referrer-Policy: same-origin",
                        "Cross-Origin-Opener-Policy: same-origin",
                        "Strict-Transport-Security: max-age=31536000",
                        "",
                        "")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[head.length + body.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                start("canned-connection", () -> serve(connection));
            } catch (IOException e) {
                // Closed, or a connection that came to nothing.
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(connection.getInputStream());
            OutputStream out = connection.getOutputStream();
            for (String request = line(in); !request.isEmpty(); request = line(in)) {
                while (!line(in).isEmpty()) {
                    // The headers do not matter.
                }
                String target = request.substring(request.indexOf(' ') + 1, request.lastIndexOf(' '));
                // One write: two of them would wait for each other in the network stack.
                out.write(answers.getOrDefault(target, NOT_FOUND));
            }
        } catch (IOException e) {
            // The client went away.
        }
    }

    /** Reads a line; empty at the end. */
    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder(64);
        for (int c = in.read(); c != -1 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
