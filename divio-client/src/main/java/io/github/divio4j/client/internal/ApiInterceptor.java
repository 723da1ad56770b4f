package io.github.divio4j.client.internal;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Adds the token, right before a request is sent: nothing else can redirect it from there.
 *
 * <p>It does what {@link SendWitness} does, too: one interceptor costs less than two.
 */
final class ApiInterceptor implements Interceptor {
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
        Request request = chain.request();
        if (!origin.owns(request.url())) {
            throw new IOException("the URL is not on the origin of the API");
        }
        return SendWitness.send(
                chain,
                request.newBuilder()
                        .header("Authorization", authorization)
                        .header("User-Agent", userAgent)
                        .header("Accept", "application/json")
                        .build());
    }
}
