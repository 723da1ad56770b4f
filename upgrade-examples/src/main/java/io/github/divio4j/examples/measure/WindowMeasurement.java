package io.github.divio4j.examples.measure;

import io.github.divio4j.client.DivioClient;
import io.github.divio4j.client.wait.TimeSource;
import io.github.divio4j.examples.sandbox.Databases;
import io.github.divio4j.examples.sandbox.Operation;
import io.github.divio4j.examples.sandbox.Sandbox;
import io.github.divio4j.examples.sandbox.VirtualTime;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.divio.DivioUpgrade;
import io.github.divio4j.upgrade.run.RunReport;
import io.github.divio4j.upgrade.run.Timer;
import io.github.divio4j.upgrade.run.UpgradeRunner;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * The unprotected window (from the backup's snapshot until the traffic has switched) against the sum of the platform's own
 * operations in it, and what it costs in calls; beside {@link FixedPolling} on the same operations. In virtual time; and
 * once in real time, to see that virtual time tells the truth.
 */
final class WindowMeasurement implements Measurement {
    private static final UpgradeSpec SPEC =
            UpgradeSpec.to("15").maximumBackupAge(Duration.ofDays(2)).build();
    private static final double SIGMA = 0.5;
    private static final long SEED = 7;
    private static final int REAL_UPGRADES = 6;

    /** What to expect of operations that take so long. */
    private enum Length {
        SHORT(Duration.ofSeconds(5)),
        MEDIUM(Duration.ofSeconds(45)),
        LONG(Duration.ofMinutes(10));

        private final Duration median;

        Length(Duration median) {
            this.median = median;
        }

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What upgrades cost. */
    private record Cost(double ratio, long calls) {}

    @Override
    public Numbers run(List<String> arguments, PrintStream out) throws Exception {
        int upgrades = number(arguments, 0, 200, "upgrades of each length");
        Duration latency = Duration.ofMillis(number(arguments, 1, 10, "milliseconds for each call"));
        if (arguments.size() > 2) {
            throw new WrongArgumentException("window takes two numbers: upgrades, milliseconds for each call");
        }
        out.println(upgrades + " upgrades of each length; a call takes " + latency.toMillis() + " ms on both sides.");
        out.println(
                "divio4j: all calls of the run, with looks, preparation and deletion. Polling: back up to deploy only.");
        Numbers numbers = new Numbers();
        Numbers polling = new Numbers();
        long calls = 0;
        long pollingCalls = 0;
        for (Length length : Length.values()) {
            Draws draws = Draws.logNormal(SEED, length.median, SIGMA);
            Cost ours = inVirtualTime(draws, upgrades, 1, latency);
            Cost theirs = polling(draws, upgrades, latency);
            out.printf(
                    Locale.ROOT,
                    "%-6s divio4j: ratio %.3f, %.0f calls each; polling: ratio %.3f, %.0f calls each%n",
                    length.key(),
                    ours.ratio(),
                    (double) ours.calls() / upgrades,
                    theirs.ratio(),
                    (double) theirs.calls() / upgrades);
            numbers.put("ratio_" + length.key(), ours.ratio());
            polling.put("polling_" + length.key(), theirs.ratio());
            calls += ours.calls();
            pollingCalls += theirs.calls();
        }
        Draws draws = Draws.logNormal(SEED, Length.SHORT.median, SIGMA);
        Latency real = new Latency();
        double realRatio = inRealTime(draws, real).ratio();
        Cost virtual = inVirtualTime(draws, REAL_UPGRADES, REAL_UPGRADES, real.mean());
        out.printf(
                Locale.ROOT,
                "real   %d upgrades side by side, operations as in short, a call took %.1f ms: ratio %.3f; virtual: %.3f%n",
                REAL_UPGRADES,
                real.mean().toNanos() / 1e6,
                realRatio,
                virtual.ratio());
        return numbers.put(polling)
                .put("calls", calls)
                .put("polling_calls", pollingCalls)
                .put("real_ratio", realRatio)
                .put("real_ratio_in_virtual_time", virtual.ratio());
    }

    private static int number(List<String> arguments, int index, int otherwise, String what)
            throws WrongArgumentException {
        if (arguments.size() <= index) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(arguments.get(index));
            if (number >= 1) {
                return number;
            }
        } catch (NumberFormatException e) {
            // The message is the same.
        }
        throw new WrongArgumentException(
                "the number of " + what + " must be 1 or more, not \"" + arguments.get(index) + "\"");
    }

    private static Cost polling(Draws draws, int upgrades, Duration latency) {
        Duration window = Duration.ZERO;
        Duration operations = Duration.ZERO;
        long calls = 0;
        for (String environment : Sandbox.environmentNames(upgrades)) {
            FixedPolling script = FixedPolling.run(draws, environment, latency);
            window = window.plus(script.window());
            operations = operations.plus(operationsInWindow(draws, environment));
            calls += script.calls();
        }
        return new Cost(ratio(window, operations), calls);
    }

    private static Duration operationsInWindow(Draws draws, String environment) {
        return draws.apply(Operation.BACKUP, environment)
                .plus(draws.apply(Operation.RESTORE, environment))
                .plus(draws.apply(Operation.DEPLOYMENT, environment));
    }

    private static double ratio(Duration window, Duration operations) {
        return (double) window.toNanos() / operations.toNanos();
    }

    private static Cost inVirtualTime(Draws draws, int upgrades, int sideBySide, Duration latency) throws Exception {
        VirtualTime time = new VirtualTime();
        // What a call takes in the machine's time does not count: half of the latency passes on each way.
        Interceptor ways = chain -> {
            time.pass(latency.dividedBy(2));
            Response response = chain.proceed(chain.request());
            time.pass(latency.dividedBy(2));
            return response;
        };
        return upgrade(draws, upgrades, ways, time, runner -> runner.sideBySide(Runnable::run, sideBySide));
    }

    private static Cost inRealTime(Draws draws, Latency latency) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(REAL_UPGRADES);
        try {
            return upgrade(draws, REAL_UPGRADES, latency, null, runner -> runner.sideBySide(threads, REAL_UPGRADES));
        } finally {
            threads.shutdown();
        }
    }

    /** Settings of a runner. */
    private interface Settings {
        UpgradeRunner.Builder apply(UpgradeRunner.Builder runner);
    }

    private static Cost upgrade(
            Draws draws, int upgrades, Interceptor onTheWay, @Nullable VirtualTime virtual, Settings settings)
            throws Exception {
        Sandbox.Builder platform = Sandbox.builder()
                .databases(Databases.NONE)
                .environments(Sandbox.environmentNames(upgrades))
                .durations(draws);
        OkHttpClient http = new OkHttpClient.Builder().addInterceptor(onTheWay).build();
        DivioClient.Builder client = DivioClient.builder().okHttpClient(http);
        if (virtual != null) {
            platform.virtualTime(virtual);
            // The client's limit goes by the machine's time.
            client.timeSource(timeSource(virtual)).maxCallsPerSecond(0);
        }
        try (Sandbox sandbox = platform.start();
                DivioClient divio =
                        client.baseUrl(sandbox.baseUrl()).token(sandbox.token()).build()) {
            DivioUpgrade.Builder upgrade = DivioUpgrade.builder(divio, sandbox.applicationSlug());
            if (virtual != null) {
                upgrade.clock(virtual).jitter(new Random(SEED)::nextDouble);
            }
            UpgradeRunner.Builder runner = settings.apply(upgrade.build().runner());
            if (virtual != null) {
                runner.timer(timer(virtual));
            }
            return cost(runner.build().run(SPEC), draws);
        } finally {
            http.connectionPool().evictAll();
        }
    }

    private static Cost cost(RunReport report, Draws draws) {
        Duration window = Duration.ZERO;
        Duration operations = Duration.ZERO;
        for (RunReport.EnvironmentResult result : report.environments()) {
            Duration own = report.unprotectedWindow(result.environment())
                    .orElseThrow(() -> new IllegalStateException(result.toString()));
            window = window.plus(own);
            operations = operations.plus(
                    operationsInWindow(draws, result.environment().slug()));
        }
        return new Cost(ratio(window, operations), report.calls().orElseThrow());
    }

    private static Timer timer(VirtualTime time) {
        return new Timer() {
            @Override
            public Instant now() {
                return time.instant();
            }

            @Override
            public void sleep(Duration duration) {
                time.pass(duration);
            }
        };
    }

    private static TimeSource timeSource(VirtualTime time) {
        Instant start = time.instant();
        return new TimeSource() {
            @Override
            public Instant now() {
                return time.instant();
            }

            @Override
            public Duration elapsed() {
                return Duration.between(start, time.instant());
            }

            @Override
            public void sleep(Duration duration) {
                time.pass(duration);
            }
        };
    }

    /** Measures what calls take. */
    private static final class Latency implements Interceptor {
        private final LongAdder nanos = new LongAdder();
        private final LongAdder calls = new LongAdder();

        @Override
        public Response intercept(Chain chain) throws IOException {
            long began = System.nanoTime();
            Response response = chain.proceed(chain.request());
            nanos.add(System.nanoTime() - began);
            calls.increment();
            return response;
        }

        Duration mean() {
            return Duration.ofNanos(nanos.sum() / Math.max(1, calls.sum()));
        }
    }
}
