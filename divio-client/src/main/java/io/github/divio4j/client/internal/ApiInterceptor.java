package io.github.divio4j.client.internal;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/** Adds the token, keeps OkHttp from sending a body twice, and finds out whether anything was sent. */
final class ApiInterceptor implements Interceptor {
    static final String RETRY_AFTER = "Divio4j-Retry-After";

    private final Origin origin;
    private final String authorization;
    private final String userAgent;

    ApiInterceptor(TransportSettings settings) {
        this.origin = settings.origin();
        this.authorization = "Token " + settings.token();
        this.userAgent = settings.userAgent();
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
        try {
            return chain.proceed(builder.build());
        } catch (IOException e) {
            throw mark.sent ? e : new NotSentException(e);
        }
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
}
