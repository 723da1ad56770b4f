package io.github.divio4j.client.internal;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSink;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/** Adds the token, keeps OkHttp from sending a body twice, bounds what comes back, and finds out whether anything was sent. */
final class ApiInterceptor implements Interceptor {
    /** The first part of an error body that is kept. */
    static final long ERROR_BYTES = 64 * 1024;

    static final String RETRY_AFTER = "Divio4j-Retry-After";

    private final Origin origin;
    private final String authorization;
    private final String userAgent;
    private final long maxResponseBytes;

    ApiInterceptor(TransportSettings settings) {
        this.origin = settings.origin();
        this.authorization = "Token " + settings.token();
        this.userAgent = settings.userAgent();
        this.maxResponseBytes = settings.maxResponseBytes();
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Request original = chain.request();
        if (!origin.owns(original.url())) {
            throw new NotSentException(new IOException("the URL is not on the origin of the API"));
        }
        SendMark mark = new SendMark();
        Request.Builder builder = original.newBuilder()
                .header("Authorization", authorization)
                .header("User-Agent", userAgent)
                .header("Accept", "application/json")
                .tag(SendMark.class, mark);
        RequestBody body = original.body();
        if (body != null) {
            builder.method(original.method(), new OneShotBody(body));
        }
        Response response;
        try {
            response = chain.proceed(builder.build());
        } catch (IOException e) {
            throw mark.sent ? e : new NotSentException(e);
        }
        ResponseBody answer = response.body();
        return response.newBuilder()
                .body(response.isSuccessful() ? bounded(answer, maxResponseBytes) : firstPart(answer))
                .build();
    }

    private static ResponseBody bounded(ResponseBody body, long limit) {
        return ResponseBody.create(
                Okio.buffer(new BoundedSource(body.source(), limit)), body.contentType(), body.contentLength());
    }

    private static ResponseBody firstPart(ResponseBody body) {
        Buffer part = new Buffer();
        try (body) {
            BufferedSource source = body.source();
            while (part.size() < ERROR_BYTES && source.read(part, ERROR_BYTES - part.size()) != -1) {
                // The status is what counts; its explanation may stay incomplete.
            }
        } catch (IOException e) {
            // An explanation that broke off is still one.
        }
        return ResponseBody.create(part, body.contentType(), part.size());
    }

    /** Notes that a connection was there, after which bytes may have left. */
    static final class SendMark {
        private volatile boolean sent;

        boolean sent() {
            return sent;
        }
    }

    /** Runs when there is a connection and nothing has been written to it yet. */
    static final class SendWitness implements Interceptor {
        @Override
        public Response intercept(Chain chain) throws IOException {
            SendMark mark = chain.request().tag(SendMark.class);
            if (mark != null) {
                mark.sent = true;
            }
            Response response = chain.proceed(chain.request());
            String retryAfter = response.header("Retry-After");
            if (retryAfter == null) {
                return response;
            }
            // OkHttp sends a request again when a 503 says "Retry-After: 0", whatever its settings: keep the header
            // from it.
            return response.newBuilder()
                    .removeHeader("Retry-After")
                    .header(RETRY_AFTER, retryAfter)
                    .build();
        }
    }

    /** A body that OkHttp must not send a second time on its own. */
    private static final class OneShotBody extends RequestBody {
        private final RequestBody body;

        OneShotBody(RequestBody body) {
            this.body = body;
        }

        @Override
        public @Nullable MediaType contentType() {
            return body.contentType();
        }

        @Override
        public long contentLength() throws IOException {
            return body.contentLength();
        }

        @Override
        public boolean isOneShot() {
            return true;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            body.writeTo(sink);
        }
    }

    /** Fails when there is more than the limit. */
    private static final class BoundedSource extends ForwardingSource {
        private final long limit;
        private long left;

        BoundedSource(BufferedSource delegate, long limit) {
            super(delegate);
            this.limit = limit;
            this.left = limit;
        }

        @Override
        public long read(Buffer sink, long byteCount) throws IOException {
            long read = super.read(sink, Math.min(byteCount, left + 1));
            if (read > left) {
                throw new AnswerTooLargeException(limit);
            }
            left -= Math.max(read, 0);
            return read;
        }
    }
}
