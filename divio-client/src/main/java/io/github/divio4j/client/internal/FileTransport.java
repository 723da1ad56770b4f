package io.github.divio4j.client.internal;

import io.github.divio4j.client.error.ApiCall;
import io.github.divio4j.client.error.Delivery;
import io.github.divio4j.client.error.DivioProtocolException;
import io.github.divio4j.client.error.DivioTransportException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/** Moves files to and from the URLs that the API hands out. The token is never sent; each request is made once. */
public final class FileTransport {
    /** What one request to an Azure storage holds at most. */
    public static final long AZURE_BLOCK = 64L * 1024 * 1024;

    private static final int CHUNK = 64 * 1024;
    private static final Pattern STORAGE_ERROR = Pattern.compile("<Code>(\\w{1,80})</Code>");

    private final OkHttpClient http;
    private final Transport transport;
    private final boolean plainHttpAllowed;

    FileTransport(OkHttpClient http, Transport transport, boolean plainHttpAllowed) {
        this.http = http;
        this.transport = transport;
        this.plainHttpAllowed = plainHttpAllowed;
    }

    /** Receives bytes; what it throws is the caller's own trouble. */
    @FunctionalInterface
    public interface Progress {
        /** Is told how many bytes there are so far, of how many; -1 when nobody knows. */
        void at(long bytes, long total);
    }

    /** Copies what is at a URL, and returns how many bytes it was. */
    public long get(String link, OutputStream target, Progress progress) throws IOException {
        Request request = new Request.Builder()
                .url(url(link))
                // A compressed answer would be unpacked on the way, and have no length to check.
                .header("Accept-Encoding", "identity")
                .build();
        ApiCall call = call(request);
        try (Response response = execute(request, call)) {
            refuseErrors(call, response);
            long total = response.body().contentLength();
            boolean chunked = "chunked".equalsIgnoreCase(response.header("Transfer-Encoding"));
            if (total < 0 && !chunked && response.protocol() != Protocol.HTTP_2) {
                throw new DivioProtocolException(
                        call, "it does not say how long it is, so that nobody could see whether it is complete");
            }
            return copy(call, response.body().byteStream(), target, total, progress);
        }
    }

    private static long copy(ApiCall call, InputStream source, OutputStream target, long total, Progress progress)
            throws IOException {
        byte[] chunk = new byte[CHUNK];
        long bytes = 0;
        while (true) {
            int read;
            try {
                read = source.read(chunk);
            } catch (IOException e) {
                throw lost(call, e);
            }
            if (read < 0) {
                break;
            }
            target.write(chunk, 0, read);
            bytes += read;
            progress.at(bytes, total);
        }
        if (total >= 0 && bytes != total) {
            throw lost(call, new EOFException("got " + bytes + " of " + total + " bytes"));
        }
        return bytes;
    }

    /** Sends a stream with one PUT. */
    public void put(String link, InputStream source, long length, Progress progress) throws IOException {
        send(new Request.Builder().url(url(link)), new Body(source, length, bytes -> progress.at(bytes, length)));
    }

    /** Sends a stream to an Azure storage: with one request when it is small, otherwise in blocks that become visible together. */
    public void putBlob(String link, InputStream source, long length, long blockSize, Progress progress)
            throws IOException {
        HttpUrl url = url(link);
        if (length <= blockSize) {
            send(
                    new Request.Builder().url(url).header("x-ms-blob-type", "BlockBlob"),
                    new Body(source, length, bytes -> progress.at(bytes, length)));
            return;
        }
        List<String> ids = new ArrayList<>();
        for (long sent = 0; sent < length; sent += blockSize) {
            long before = sent;
            String id = Base64.getEncoder()
                    .encodeToString(
                            String.format(Locale.ROOT, "%09d", ids.size()).getBytes(StandardCharsets.US_ASCII));
            ids.add(id);
            HttpUrl block = url.newBuilder()
                    .addQueryParameter("comp", "block")
                    .addQueryParameter("blockid", id)
                    .build();
            send(
                    new Request.Builder().url(block),
                    new Body(source, Math.min(blockSize, length - sent), bytes -> progress.at(before + bytes, length)));
        }
        StringBuilder list = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
        ids.forEach(id -> list.append("<Latest>").append(id).append("</Latest>"));
        byte[] xml = list.append("</BlockList>").toString().getBytes(StandardCharsets.UTF_8);
        send(
                new Request.Builder()
                        .url(url.newBuilder()
                                .addQueryParameter("comp", "blocklist")
                                .build()),
                new Body(InputStream.nullInputStream(), 0, bytes -> {}) {
                    @Override
                    public long contentLength() {
                        return xml.length;
                    }

                    @Override
                    public void writeTo(BufferedSink sink) throws IOException {
                        sink.write(xml);
                    }
                });
    }

    private void send(Request.Builder builder, Body body) throws IOException {
        exchange(builder.put(body).build(), body);
    }

    /** Sends an empty POST. */
    public void post(String link) throws IOException {
        Body nothing = new Body(InputStream.nullInputStream(), 0, bytes -> {});
        exchange(new Request.Builder().url(url(link)).post(nothing).build(), nothing);
    }

    private void exchange(Request request, Body body) throws IOException {
        ApiCall call = call(request);
        try (Response response = execute(request, call)) {
            refuseErrors(call, response);
        } catch (DivioTransportException e) {
            if (body.trouble != null) {
                throw body.trouble;
            }
            throw e;
        }
    }

    private Response execute(Request request, ApiCall call) {
        transport.checkOpen();
        Call attempt = http.newCall(request);
        try {
            return attempt.execute();
        } catch (IOException e) {
            throw SendWitness.sent(attempt) ? lost(call, e) : failed(call, Delivery.NOT_SENT, e);
        }
    }

    private void refuseErrors(ApiCall call, Response response) {
        if (!response.isSuccessful()) {
            // A storage explains a bad signature by repeating it: of its words only the name of the error is kept.
            String text;
            try {
                text = response.peekBody(ErrorBody.MAX_BYTES).string();
            } catch (IOException e) {
                text = "";
            }
            Matcher code = STORAGE_ERROR.matcher(text);
            throw transport.refused(call, response.code(), code.find() ? code.group(1) : null, response.headers());
        }
    }

    private static DivioTransportException lost(ApiCall call, IOException e) {
        return failed(call, Delivery.UNKNOWN, e);
    }

    private static DivioTransportException failed(ApiCall call, Delivery delivery, IOException e) {
        return new DivioTransportException(
                call, delivery, Thread.currentThread().isInterrupted(), e);
    }

    private static ApiCall call(Request request) {
        HttpUrl url = request.url();
        String port = url.port() == HttpUrl.defaultPort(url.scheme()) ? "" : ":" + url.port();
        return new ApiCall(request.method(), url.scheme() + "://" + url.host() + port + url.encodedPath(), 1);
    }

    private HttpUrl url(String link) {
        HttpUrl url = HttpUrl.parse(link);
        // Not quoted: whoever has the URL has the file.
        if (url == null) {
            throw new IllegalArgumentException("the platform's URL of the file is none");
        }
        if (!url.isHttps() && !plainHttpAllowed && !Origin.loopback(url.host())) {
            throw new IllegalArgumentException("the file would travel unencrypted to " + url.host());
        }
        return url.newBuilder().username("").password("").fragment(null).build();
    }

    /** A part of a stream, which can be sent only once. */
    private static class Body extends RequestBody {
        private final InputStream source;
        private final long length;
        private final LongConsumer progress;
        private @Nullable IOException trouble;

        Body(InputStream source, long length, LongConsumer progress) {
            this.source = source;
            this.length = length;
            this.progress = progress;
        }

        @Override
        public @Nullable MediaType contentType() {
            // A presigned URL may be signed for a request without one, as the official tool sends it.
            return null;
        }

        @Override
        public long contentLength() {
            return length;
        }

        @Override
        public boolean isOneShot() {
            return true;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            byte[] chunk = new byte[CHUNK];
            long bytes = 0;
            while (bytes < length) {
                int read;
                try {
                    read = source.read(chunk, 0, (int) Math.min(chunk.length, length - bytes));
                    if (read < 0) {
                        throw new EOFException("the file ends after " + bytes + " of " + length + " bytes");
                    }
                } catch (UncheckedIOException e) {
                    trouble = e.getCause();
                    throw e.getCause();
                } catch (IOException e) {
                    trouble = e;
                    throw e;
                }
                sink.write(chunk, 0, read);
                bytes += read;
                progress.accept(bytes);
            }
        }
    }
}
