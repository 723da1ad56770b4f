package io.github.divio4j.examples.measure;

import io.github.divio4j.examples.sandbox.Operation;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;

/**
 * How long the operations of a platform take: at random, but always the same for an operation in an environment, whatever
 * the order in which they are begun.
 */
final class Draws implements BiFunction<Operation, String, Duration> {
    private final long seed;
    private final ToDoubleFunction<Random> seconds;

    private Draws(long seed, ToDoubleFunction<Random> seconds) {
        this.seed = seed;
        this.seconds = seconds;
    }

    static Draws logNormal(long seed, Duration median, double sigma) {
        return new Draws(seed, random -> median.toMillis() / 1000.0 * Math.exp(sigma * random.nextGaussian()));
    }

    static Draws uniform(long seed, Duration from, Duration to) {
        return new Draws(
                seed,
                random ->
                        (from.toMillis() + random.nextDouble() * to.minus(from).toMillis()) / 1000.0);
    }

    @Override
    public Duration apply(Operation operation, String environment) {
        Random random = new Random(seed * 1_000_003 + Objects.hash(operation.name(), environment));
        // The first number of neighbouring seeds is much the same.
        random.nextLong();
        return Duration.ofNanos((long) (seconds.applyAsDouble(random) * 1e9));
    }
}
