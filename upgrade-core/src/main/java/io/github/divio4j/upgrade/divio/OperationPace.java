package io.github.divio4j.upgrade.divio;

import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.StepId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How often to look at operations that run. The environments of an upgrade share one, so that they learn from each other
 * and do not ask for too much together. Safe for use by several threads.
 *
 * <p>The delay is a fortieth of the time that the operation has run: what is noticed late costs about a hundredth of what
 * it took, however long that is, and the number of looks grows with its logarithm only. Once operations of a kind have
 * been seen to end, the first look waits until shortly before the earliest of the last ends; the fewer are known, the
 * earlier. The delay is at least 100 ms and at most what the caller allows, and then made up to a tenth longer or shorter
 * at random, so that many operations are not looked at in the same moment.
 *
 * <p>All operations together cost {@value #LOOKS_PER_SECOND} looks a second at most, which leaves more than half of the
 * client's usual rate to everything else; those whose first look is still awaited do not count, and many of a kind that a
 * list shows together cost no more than that list is read. Each answer that says "too many requests" doubles all delays, up to eight times;
 * that wears off by half every 10 s.
 */
final class OperationPace {

    static final int LOOKS_PER_SECOND = 40;

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final int SHARE = 40;
    private static final int REMEMBERED = 31;
    private static final double SLOWEST = 8;
    private static final Duration HALF_LIFE = Duration.ofSeconds(10);
    /** What nobody has looked at for so long after it was due is looked at by nobody any more. */
    private static final Duration ABANDONED = Duration.ofMinutes(1);

    private final Clock clock;
    private final DoubleSupplier random;
    private final Duration longest;
    private final LongSupplier throttled;
    private final Predicate<Step.Kind> shared;

    private final Map<StepId, Running> running = new HashMap<>();
    private final Map<Step.Kind, Deque<Duration>> durations = new EnumMap<>(Step.Kind.class);
    private long throttledBefore;
    private double slowness = 1;
    private Instant slowedAt = Instant.EPOCH;

    private static final class Running {
        private final Step.Kind kind;
        private final Instant began;
        /** Whether it was begun by this process, so that its duration is known. */
        private final boolean fromTheStart;

        private @Nullable Instant looked;
        private Instant due;
        /** Before this it is looked at seldom. */
        private Instant quietUntil;

        Running(Step.Kind kind, Instant began, boolean fromTheStart) {
            this.kind = kind;
            this.began = began;
            this.fromTheStart = fromTheStart;
            this.due = began;
            this.quietUntil = began;
        }
    }

    /**
     * Creates one that has learned nothing.
     *
     * @param random numbers from 0 (inclusive) to 1 (exclusive); it is called by several threads
     * @param longest the longest delay, unless there are too many operations or requests
     * @param throttled how many requests were too many so far
     * @param shared whether one look shows all operations of a kind, where many run
     */
    OperationPace(
            Clock clock, DoubleSupplier random, Duration longest, LongSupplier throttled, Predicate<Step.Kind> shared) {
        this.shared = shared;
        this.clock = clock;
        this.random = random;
        this.longest = longest;
        this.throttled = throttled;
        this.throttledBefore = throttled.getAsLong();
    }

    /** Notes that the operation of a step is about to be asked for. */
    synchronized void begin(Step step) {
        running.put(step.id(), new Running(step.kind(), clock.instant(), true));
    }

    /** How long to wait before the next look at the operation of a step, which runs. */
    synchronized Duration lookAgain(Step step) {
        Instant now = clock.instant();
        running.entrySet()
                .removeIf(r -> !r.getKey().equals(step.id())
                        && r.getValue().due.plus(ABANDONED).isBefore(now));
        Running operation = running.computeIfAbsent(step.id(), unused -> new Running(step.kind(), now, false));
        long elapsed = Duration.between(operation.began, now).toNanos();
        long quiet = quietUntil(step.kind()) - elapsed;
        operation.quietUntil = now.plusNanos(Math.max(0, quiet));
        long wished = Math.max(elapsed / SHARE, quiet);
        long bounded = Math.min(Math.max(wished, SHORTEST.toNanos()), longest.toNanos());
        long fair = Math.max(bounded, fair(step.kind(), now));
        Duration delay = Duration.ofNanos((long) (fair * slowness(now) * (0.9 + random.getAsDouble() / 5)));
        operation.looked = now;
        operation.due = now.plus(delay);
        return delay;
    }

    /** The delay that leaves enough looks to the others, in nanoseconds. */
    private long fair(Step.Kind kind, Instant now) {
        Map<Step.Kind, Long> lookedAt = running.values().stream()
                .filter(r -> !r.quietUntil.isAfter(now))
                .collect(Collectors.groupingBy(r -> r.kind, Collectors.counting()));
        Set<Step.Kind> lists = EnumSet.noneOf(Step.Kind.class);
        lookedAt.forEach((k, count) -> {
            if (count >= DivioObserver.MANY && shared.test(k)) {
                lists.add(k);
            }
        });
        if (lists.contains(kind)) {
            return 0;
        }
        lookedAt.keySet().removeAll(lists);
        long alone = lookedAt.values().stream().mapToLong(Long::longValue).sum();
        return 1_000_000_000L * alone / (LOOKS_PER_SECOND - lists.size() * RunningOperations.READS_PER_SECOND);
    }

    /** When an operation of a kind need not be looked at yet, in nanoseconds after it began. */
    private long quietUntil(Step.Kind kind) {
        Deque<Duration> known = durations.get(kind);
        return known == null ? 0 : Collections.min(known).toNanos() * known.size() / (known.size() + 3);
    }

    private double slowness(Instant now) {
        long count = throttled.getAsLong();
        double left = 1 + (slowness - 1) * Math.pow(0.5, seconds(slowedAt, now) / seconds(HALF_LIFE));
        if (count > throttledBefore) {
            slowness = Math.min(SLOWEST, 2 * left);
            slowedAt = now;
            throttledBefore = count;
            return slowness;
        }
        return left;
    }

    private static double seconds(Instant from, Instant to) {
        return seconds(Duration.between(from, to));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    /** Notes that the operation of a step has ended; how long it took is learned if it ended well. */
    synchronized void end(Step step, boolean well) {
        Running operation = running.remove(step.id());
        if (operation != null && operation.fromTheStart && operation.looked != null && well) {
            Deque<Duration> known = durations.computeIfAbsent(step.kind(), unused -> new ArrayDeque<>());
            // It ended somewhere between the last two looks.
            Duration sum = Duration.between(operation.began, operation.looked)
                    .plus(Duration.between(operation.began, clock.instant()));
            known.addLast(sum.dividedBy(2));
            if (known.size() > REMEMBERED) {
                known.removeFirst();
            }
        }
    }
}
