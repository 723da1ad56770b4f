package io.github.divio4j.client;

import io.github.divio4j.client.model.ServiceInstanceDownload;
import io.github.divio4j.client.model.UploadPart;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Moves a large file through the client, with its storage in the same JVM: {@code LargeFile KIND SIZE}. */
final class LargeFile {
    private static final byte[] CHUNK = new byte[256 * 1024];

    private LargeFile() {}

    public static void main(String[] arguments) throws IOException {
        String kind = arguments[0];
        long size = Long.parseLong(arguments[1]);
        if (kind.equals("array")) {
            System.out.println(new byte[(int) size].length);
            return;
        }
        AtomicLong received = new AtomicLong();
        try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                DivioClient divio = DivioClient.builder().token("t").build()) {
            Thread storage = new Thread(() -> serve(socket, size, received), "storage");
            storage.setDaemon(true);
            storage.start();
            String url = "http://127.0.0.1:" + socket.getLocalPort() + "/file";
            long moved;
            if (kind.equals("download")) {
                ServiceInstanceDownload part = new ServiceInstanceDownload("x", Instant.EPOCH, List.of(), url);
                moved = divio.files().download(part, OutputStream.nullOutputStream(), (bytes, total) -> {});
            } else {
                UploadPart part = new UploadPart("i", kind, url, Map.of("url", url));
                divio.files().upload(part, new Zeros(), size, (bytes, total) -> {});
                moved = received.get();
            }
            System.out.println(kind + " " + moved);
        }
    }

    private static void serve(ServerSocket socket, long size, AtomicLong received) {
        while (true) {
            try (Socket connection = socket.accept()) {
                InputStream in = new BufferedInputStream(connection.getInputStream(), CHUNK.length);
                OutputStream out = connection.getOutputStream();
                for (String head = head(in); !head.isEmpty(); head = head(in)) {
                    long length = head.contains("content-length: ")
                            ? Long.parseLong(head.replaceAll("(?s).*content-length: (\\d+).*", "$1"))
                            : 0;
                    in.skipNBytes(length);
                    // The list of the blocks is no part of the file.
                    received.addAndGet(head.contains("comp=blocklist") ? 0 : length);
                    boolean download = head.startsWith("get ");
                    out.write(("HTTP/1.1 200 OK\r\nContent-Length: " + (download ? size : 0) + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
                    for (long left = download ? size : 0; left > 0; left -= CHUNK.length) {
                        out.write(CHUNK, 0, (int) Math.min(CHUNK.length, left));
                    }
                }
            } catch (IOException e) {
                return;
            }
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.append((char) next);
        }
        return head.toString().toLowerCase(Locale.ROOT);
    }

    /** A stream without end. */
    private static final class Zeros extends InputStream {
        @Override
        public int read() {
            return 0;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            return length;
        }
    }
}
