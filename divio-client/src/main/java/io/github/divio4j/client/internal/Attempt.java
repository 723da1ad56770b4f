package io.github.divio4j.client.internal;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import retrofit2.Response;

/**
 * What one attempt of a call came to: exactly one of the first three is there.
 *
 * @param response the answer, good or bad
 * @param failure why there is no answer
 * @param malformed what is wrong with the body of the answer
 * @param again how long to wait before the next attempt; null when there must be none
 */
record Attempt(
        @Nullable Response<?> response,
        @Nullable IOException failure,
        @Nullable String malformed,
        @Nullable Duration again) {
    static Attempt answered(Response<?> response) {
        return new Attempt(response, null, null, null);
    }

    static Attempt failed(IOException failure) {
        return new Attempt(null, failure, null, null);
    }

    static Attempt malformed(String problem) {
        return new Attempt(null, null, problem, null);
    }

    Attempt again(@Nullable Duration delay) {
        return new Attempt(response, failure, malformed, delay);
    }

    boolean repeated() {
        return again != null;
    }

    boolean good() {
        return response != null && response.isSuccessful();
    }
}
