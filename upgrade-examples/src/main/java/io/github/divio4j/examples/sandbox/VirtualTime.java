package io.github.divio4j.examples.sandbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * A time that passes only when it is told to, so that hours of operations take seconds. Safe for use by several threads; it
 * should be told by one.
 */
public final class VirtualTime extends Clock {
    private final PriorityQueue<Due> dues =
            new PriorityQueue<>(Comparator.comparing(Due::at).thenComparing(Due::number));
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private long number;

    private record Due(Instant at, long number, Runnable task) {}

    /** Lets time pass, and ends the operations whose time has come, in their order. */
    public void pass(Duration duration) {
        Instant until = instant().plus(duration);
        for (Due due = next(until); due != null; due = next(until)) {
            due.task().run();
        }
    }

    private synchronized @Nullable Due next(Instant until) {
        Due due = dues.peek();
        if (due == null || due.at().isAfter(until)) {
            now = until;
            return null;
        }
        now = due.at();
        return dues.poll();
    }

    synchronized void after(Duration duration, Runnable task) {
        dues.add(new Due(now.plus(duration), number++, task));
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
    }
}
