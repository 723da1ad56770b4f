package io.github.divio4j.client.wait;

import io.github.divio4j.client.error.ApiCall;
import io.github.divio4j.client.error.DivioException;
import io.github.divio4j.client.error.DivioRateLimitedException;
import io.github.divio4j.client.error.DivioServerException;
import io.github.divio4j.client.error.DivioTransportException;
import io.github.divio4j.client.error.DivioWaitException;
import io.github.divio4j.client.error.DivioWaitFailedException;
import io.github.divio4j.client.error.DivioWaitInterruptedException;
import io.github.divio4j.client.error.DivioWaitTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits for something by looking at it until it has ended: {@code divio.waiters().backup(id).within(Duration.ofMinutes(30))}.
 *
 * <p>Immutable and safe for use by several threads, each of which then waits on its own. {@link Pace} says how often it looks. A poll that
 * fails for a reason that may pass (no answer, 5xx, 429) is told to the listener and followed by another one; any other failure ends the
 * wait with its own exception. To cancel, interrupt the waiting thread: a delay ends at once, a poll that is under way with its answer or
 * with the timeouts of the client.
 *
 * @param <T> what is waited for
 */
public final class Waiter<T> {
    private final String kind;
    private final String subject;
    private final String path;
    private final Supplier<T> look;
    private final Function<? super T, Verdict> judge;
    private final Function<? super T, List<String>> errors;
    private final Pace pace;
    private final WaitListener<? super T> listener;

    private Waiter(
            String kind,
            String subject,
            String path,
            Supplier<T> look,
            Function<? super T, Verdict> judge,
            Function<? super T, List<String>> errors,
            Pace pace,
            WaitListener<? super T> listener) {
        this.kind = Objects.requireNonNull(kind, "kind");
        this.subject = Objects.requireNonNull(subject, "subject");
        this.path = Objects.requireNonNull(path, "path");
        this.look = Objects.requireNonNull(look, "look");
        this.judge = Objects.requireNonNull(judge, "judge");
        this.errors = Objects.requireNonNull(errors, "errors");
        this.pace = Objects.requireNonNull(pace, "pace");
        this.listener = Objects.requireNonNull(listener, "listener");
    }

    /**
     * Returns a waiter for something of your own.
     *
     * @param kind what learns from each other, such as {@code backup}
     * @param subject what is waited for, as in {@code backup b1}, for people
     * @param path the path that is read, for exceptions
     * @param look reads it once
     * @param judge says what it means
     * @param errors asked once when it has failed: what the platform says about it
     * @param pace how often to look
     */
    public static <T> Waiter<T> of(
            String kind,
            String subject,
            String path,
            Supplier<T> look,
            Function<? super T, Verdict> judge,
            Function<? super T, List<String>> errors,
            Pace pace) {
        return new Waiter<>(kind, subject, path, look, judge, errors, pace, poll -> {});
    }

    /** Returns the same waiter with this listener, in place of the one it had. */
    public Waiter<T> onPoll(WaitListener<? super T> listener) {
        return new Waiter<>(kind, subject, path, look, judge, errors, pace, listener);
    }

    /**
     * Waits until it has ended well.
     *
     * <p>The last poll is made when the deadline is reached, and can take as long as any call of the client.
     *
     * @param deadline how long to wait at most; with {@link Duration#ZERO} it looks once
     * @return what the last poll saw
     * @throws DivioWaitFailedException when it has ended otherwise
     * @throws DivioWaitTimeoutException when it has not ended in time
     * @throws DivioWaitInterruptedException when the thread is interrupted
     * @throws DivioException when it cannot be read, for a reason that will not pass
     */
    public T within(Duration deadline) {
        if (deadline.isNegative()) {
            throw new IllegalArgumentException("a deadline cannot be negative: " + deadline);
        }
        return new Run(deadline).run();
    }

    /** Says what is waited for. */
    @Override
    public String toString() {
        return "Waiter[" + subject + "]";
    }

    private static boolean mayPass(DivioException failure) {
        return failure instanceof DivioTransportException
                || failure instanceof DivioServerException
                || failure instanceof DivioRateLimitedException;
    }

    /** One wait. */
    private final class Run {
        private final TimeSource time = pace.time();
        private final Duration begin = time.elapsed();
        private final Duration deadline;
        private int polls;
        private @Nullable T lastValue;
        private @Nullable Verdict lastVerdict;

        Run(Duration deadline) {
            this.deadline = deadline;
        }

        T run() {
            Duration unfinished = null;
            while (true) {
                T value = null;
                Verdict verdict = null;
                DivioException failure = null;
                polls++;
                try {
                    value = look.get();
                    verdict = judge.apply(value);
                    lastValue = value;
                    lastVerdict = verdict;
                } catch (DivioException e) {
                    if (e instanceof DivioTransportException lost && lost.interrupted()) {
                        throw interrupted(e);
                    }
                    if (!mayPass(e)) {
                        throw e;
                    }
                    failure = e;
                }
                Duration elapsed = elapsed();
                boolean ended = verdict != null && verdict.outcome() != Verdict.Outcome.WAITING;
                Duration left = deadline.minus(elapsed);
                Duration delay = ended || left.isNegative() || left.isZero() ? null : delay(elapsed, left, failure);
                listener.polled(new Poll<>(subject, polls, elapsed, value, verdict, failure, delay));
                if (ended && value != null && verdict != null) {
                    if (verdict.outcome() == Verdict.Outcome.FAILED) {
                        throw failed(value, verdict, elapsed);
                    }
                    if (unfinished != null) {
                        // It ended somewhere between the last two looks.
                        pace.learn(kind, unfinished.plus(elapsed).dividedBy(2));
                    }
                    return value;
                }
                unfinished = verdict == null ? unfinished : elapsed;
                if (delay == null) {
                    throw new DivioWaitTimeoutException(call(), subject, elapsed, lastValue, state(), failure);
                }
                try {
                    time.sleep(delay);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw interrupted(null);
                }
            }
        }

        private Duration delay(Duration elapsed, Duration left, @Nullable DivioException failure) {
            Duration own = pace.delay(kind, elapsed);
            Duration asked = failure instanceof DivioRateLimitedException limited
                    ? limited.retryAfter().orElse(own)
                    : own;
            Duration wished = asked.compareTo(own) > 0 ? asked : own;
            return wished.compareTo(left) < 0 ? wished : left;
        }

        private DivioWaitException failed(T value, Verdict verdict, Duration elapsed) {
            List<String> reasons = List.of();
            DivioException noReasons = null;
            try {
                reasons = errors.apply(value);
            } catch (DivioException e) {
                // That it has failed matters more than why: the one must not hide the other.
                noReasons = e;
            }
            DivioWaitFailedException failed =
                    new DivioWaitFailedException(call(), subject, elapsed, value, verdict.state(), reasons);
            if (noReasons != null) {
                failed.addSuppressed(noReasons);
            }
            return failed;
        }

        private DivioWaitException interrupted(@Nullable DivioException cause) {
            return new DivioWaitInterruptedException(call(), subject, elapsed(), lastValue, cause);
        }

        private String state() {
            return lastVerdict == null ? "" : lastVerdict.state();
        }

        private Duration elapsed() {
            return time.elapsed().minus(begin);
        }

        private ApiCall call() {
            return new ApiCall("GET", path, polls);
        }
    }
}
