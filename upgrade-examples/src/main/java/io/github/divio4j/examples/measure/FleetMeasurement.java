package io.github.divio4j.examples.measure;

import io.github.divio4j.client.DivioClient;
import io.github.divio4j.examples.sandbox.Databases;
import io.github.divio4j.examples.sandbox.Operation;
import io.github.divio4j.examples.sandbox.Sandbox;
import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.divio.DivioUpgrade;
import io.github.divio4j.upgrade.run.RunReport;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * How long it takes to upgrade many environments of a platform that refuses too many requests, over HTTP in real time,
 * against what the platform's own operations take under the same rules: so many environments side by side, all of them
 * prepared before the first one migrates, one wave after the other.
 */
final class FleetMeasurement implements Measurement {
    private static final int ENVIRONMENTS = 100;
    private static final int SIDE_BY_SIDE = 32;
    private static final int REQUESTS_PER_SECOND = 100;
    private static final long SEED = 7;
    private static final UpgradeSpec SPEC = UpgradeSpec.to("15").build();

    private static final Map<Step.Kind, Operation> OPERATIONS = Map.of(
            Step.Kind.PROVISION, Operation.PROVISION,
            Step.Kind.BACK_UP, Operation.BACKUP,
            Step.Kind.RESTORE, Operation.RESTORE,
            Step.Kind.DEPLOY, Operation.DEPLOYMENT);

    private final Draws draws = Draws.uniform(SEED, Duration.ofSeconds(2), Duration.ofSeconds(8));

    @Override
    public Numbers run(List<String> arguments, PrintStream out) throws Exception {
        if (!arguments.isEmpty()) {
            throw new WrongArgumentException("fleet takes no arguments");
        }
        List<String> environments = Sandbox.environmentNames(ENVIRONMENTS);
        Duration ideal = ideal(environments);
        ExecutorService threads = Executors.newFixedThreadPool(SIDE_BY_SIDE);
        try (Sandbox sandbox = Sandbox.builder()
                        .databases(Databases.NONE)
                        .environments(environments)
                        .durations(draws)
                        .requestsPerSecond(REQUESTS_PER_SECOND)
                        .start();
                DivioClient divio = DivioClient.builder()
                        .baseUrl(sandbox.baseUrl())
                        .token(sandbox.token())
                        .build()) {
            long began = System.nanoTime();
            RunReport report = DivioUpgrade.builder(divio, sandbox.applicationSlug())
                    .build()
                    .runner()
                    .sideBySide(threads, SIDE_BY_SIDE)
                    .build()
                    .run(SPEC);
            Duration makespan = Duration.ofNanos(System.nanoTime() - began);
            List<RunReport.EnvironmentResult> failures = report.environments().stream()
                    .filter(e -> e.result() != RunReport.Result.UPGRADED)
                    .toList();
            failures.forEach(out::println);
            tellCalls(sandbox, out);
            tellSteps(report, environments, out);
            return new Numbers()
                    .put("environments", ENVIRONMENTS)
                    .put("ideal_ms", ideal.toMillis())
                    .put("makespan_ms", makespan.toMillis())
                    .put("ratio", (double) makespan.toNanos() / ideal.toNanos())
                    .put("calls_per_env", (double) report.calls().orElseThrow() / ENVIRONMENTS)
                    .put("throttled", divio.callsThrottled())
                    .put("failures", failures.size());
        } finally {
            threads.shutdown();
        }
    }

    private static void tellCalls(Sandbox sandbox, PrintStream out) {
        Map<String, Integer> counts = new TreeMap<>();
        sandbox.requests()
                .all()
                .forEach(r ->
                        counts.merge(r.method() + " " + r.path().replaceAll("/[a-z0-9]{20,}", "/*"), 1, Integer::sum));
        counts.forEach((call, count) ->
                out.printf(Locale.ROOT, "%6.2f per environment: %s%n", (double) count / ENVIRONMENTS, call));
    }

    private void tellSteps(RunReport report, List<String> environments, PrintStream out) {
        Map<Step.Kind, Duration> took = new EnumMap<>(Step.Kind.class);
        report.steps()
                .forEach(
                        s -> took.merge(s.step().kind(), Duration.between(s.startedAt(), s.endedAt()), Duration::plus));
        took.forEach((kind, sum) -> {
            Operation operation = OPERATIONS.get(kind);
            String platforms = operation == null
                    ? ""
                    : String.format(Locale.ROOT, ", the platform's part %.2f s", each(drawn(operation, environments)));
            out.printf(Locale.ROOT, "%6.2f s per environment: %s%s%n", each(sum), kind, platforms);
        });
    }

    private Duration drawn(Operation operation, List<String> environments) {
        return environments.stream().map(e -> draws.apply(operation, e)).reduce(Duration.ZERO, Duration::plus);
    }

    private static double each(Duration sum) {
        return sum.toMillis() / 1000.0 / ENVIRONMENTS;
    }

    private Duration ideal(List<String> environments) {
        List<String> inOrder = new ArrayList<>(environments);
        Collections.sort(inOrder);
        Duration total = makespan(inOrder, e -> draws.apply(Operation.PROVISION, e));
        Map<Integer, List<String>> waves = new TreeMap<>();
        for (String environment : inOrder) {
            waves.computeIfAbsent(
                            SPEC.waveOf(new EnvironmentRef("order-book", environment, environment))
                                    .orElseThrow(),
                            number -> new ArrayList<>())
                    .add(environment);
        }
        for (List<String> wave : waves.values()) {
            total = total.plus(makespan(
                    wave,
                    e -> draws.apply(Operation.BACKUP, e)
                            .plus(draws.apply(Operation.RESTORE, e))
                            .plus(draws.apply(Operation.DEPLOYMENT, e))));
        }
        return total;
    }

    /** How long it takes when each place takes the next one as soon as it is free. */
    private static Duration makespan(List<String> environments, Function<String, Duration> length) {
        PriorityQueue<Duration> free = new PriorityQueue<>(Collections.nCopies(SIDE_BY_SIDE, Duration.ZERO));
        Duration last = Duration.ZERO;
        for (String environment : environments) {
            Duration end = free.remove().plus(length.apply(environment));
            free.add(end);
            last = end.compareTo(last) > 0 ? end : last;
        }
        return last;
    }
}
