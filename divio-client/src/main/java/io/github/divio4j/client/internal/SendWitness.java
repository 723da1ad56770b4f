package io.github.divio4j.client.internal;

import java.io.IOException;
import kotlin.jvm.functions.Function0;
import okhttp3.Call;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/** Notes on a call that it got a connection, after which bytes may have left. A network interceptor, the last one. */
final class SendWitness implements Interceptor {
    /** Where the answer's Retry-After is found. */
    static final String RETRY_AFTER = "Divio4j-Retry-After";

    @Override
    public Response intercept(Chain chain) throws IOException {
        return send(chain, chain.request());
    }

    /** Tells whether something of the call may have been sent. */
    static boolean sent(Call call) {
        return call.tag(Mark.class) != null;
    }

    static Response send(Interceptor.Chain chain, Request request) throws IOException {
        chain.call().tag(Mark.class, Mark.SENT);
        Response response = chain.proceed(request);
        String retryAfter = response.header("Retry-After");
        if (retryAfter == null) {
            return response;
        }
        // OkHttp sends a request again when a 503 says "Retry-After: 0", whatever its settings: keep the header from
        // it.
        return response.newBuilder()
                .removeHeader("Retry-After")
                .header(RETRY_AFTER, retryAfter)
                .build();
    }

    /** The mark, and what OkHttp asks for it. */
    private enum Mark implements Function0<Mark> {
        SENT;

        @Override
        public Mark invoke() {
            return this;
        }
    }
}
