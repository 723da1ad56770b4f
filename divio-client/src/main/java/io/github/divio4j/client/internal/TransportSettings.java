package io.github.divio4j.client.internal;

import io.github.divio4j.client.wait.TimeSource;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a transport; the builder of the client documents and checks them.
 *
 * @param jitter numbers from 0 (inclusive) to 1 (exclusive)
 */
public record TransportSettings(
        Origin origin,
        String token,
        String userAgent,
        Duration connectTimeout,
        Duration readTimeout,
        Duration writeTimeout,
        Duration callTimeout,
        Duration totalTimeout,
        int maxAttempts,
        Duration retryDelay,
        Duration maxRetryDelay,
        Duration maxRetryAfter,
        long maxResponseBytes,
        int maxPages,
        int callsPerSecond,
        boolean plainHttpAllowed,
        TimeSource time,
        DoubleSupplier jitter,
        @Nullable OkHttpClient base) {
    /** Names the origin only: the other parts are of no help in a log, and one of them is the token. */
    @Override
    public String toString() {
        return "TransportSettings[" + origin.root() + "]";
    }
}
