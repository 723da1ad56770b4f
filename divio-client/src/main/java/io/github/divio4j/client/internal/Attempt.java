package io.github.divio4j.client.internal;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt of a call came to: exactly one of the first three is there.
 *
 * @param answer what the server said, good or bad
 * @param failure why there is no answer
 * @param malformed what is wrong with the body of the answer
 * @param again how long to wait before the next attempt; null when there must be none
 */
record Attempt<W>(
        Call.@Nullable Answer<W> answer,
        @Nullable IOException failure,
        @Nullable String malformed,
        @Nullable Duration again) {
    static <W> Attempt<W> answered(Call.Answer<W> answer) {
        return new Attempt<>(answer, null, null, null);
    }

    static <W> Attempt<W> failed(IOException failure) {
        return new Attempt<>(null, failure, null, null);
    }

    static <W> Attempt<W> malformed(String problem) {
        return new Attempt<>(null, null, problem, null);
    }

    Attempt<W> again(@Nullable Duration delay) {
        return delay == null ? this : new Attempt<>(answer, failure, malformed, delay);
    }

    boolean repeated() {
        return again != null;
    }

    boolean good() {
        return answer != null && answer.good();
    }
}
