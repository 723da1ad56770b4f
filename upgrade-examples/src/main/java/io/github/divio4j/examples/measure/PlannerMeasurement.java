package io.github.divio4j.examples.measure;

import com.sun.management.ThreadMXBean;
import io.github.divio4j.examples.measure.KnownPlans.Result;
import io.github.divio4j.upgrade.EnvironmentPlan;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.UpgradePlan;
import io.github.divio4j.upgrade.UpgradePlanner;
import io.github.divio4j.upgrade.UpgradeSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Compares planning for many environments with {@linkplain KnownPlans#allocate writing the same plans down}, in a JVM of its own: its
 * heap is of a fixed size, and what one round allocates fits into the young generation, so that no collection runs while it is timed.
 */
final class PlannerMeasurement implements Measurement {
    private static final List<String> HEAP = List.of(
            "-Xms8g", "-Xmx8g", "-Xmn5g", "-XX:+UseParallelGC", "-XX:-UseAdaptiveSizePolicy", "-XX:+AlwaysPreTouch");

    private static final int MANY = 1_000_000;
    private static final int FEW = 1_000;
    private static final int WARM_UP = 3;
    private static final UpgradeSpec SPEC = UpgradeSpec.to("15").build();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Override
    public Numbers run(List<String> arguments, PrintStream out) throws Exception {
        if (arguments.size() > 2) {
            throw new WrongArgumentException("planner takes at most two arguments: environments, and rounds");
        }
        int environments = positive(arguments, 0, MANY);
        int rounds = positive(arguments, 1, 9);
        out.println("A JVM of its own with " + String.join(" ", HEAP));
        List<String> command = new ArrayList<>(List.of(NewJvm.java()));
        command.addAll(HEAP);
        command.addAll(List.of(
                "-cp",
                NewJvm.classPath(),
                PlannerMeasurement.class.getName(),
                Integer.toString(environments),
                Integer.toString(rounds)));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String last = "";
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!last.isEmpty()) {
                    out.println(last);
                }
                last = line;
            }
        }
        if (process.waitFor() != 0) {
            throw new IOException("the JVM that plans ended with " + process.exitValue() + " after: " + last);
        }
        return Numbers.parse(last);
    }

    private static int positive(List<String> arguments, int index, int otherwise) throws WrongArgumentException {
        try {
            int count = index < arguments.size() ? Integer.parseInt(arguments.get(index)) : otherwise;
            if (count >= 1) {
                return count;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new WrongArgumentException("not a number of environments or rounds: " + arguments.get(index));
    }

    /** Runs in the JVM of its own; the last line are the numbers. */
    public static void main(String[] arguments) {
        int environments = Integer.parseInt(arguments[0]);
        int rounds = Integer.parseInt(arguments[1]);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        out.println(measure(environments, rounds, out));
    }

    private static Numbers measure(int environments, int rounds, PrintStream out) {
        KnownPlans known = new KnownPlans(environments);
        List<Observation> inOrder = known.observations();
        List<Observation> shuffled = new ArrayList<>(inOrder);
        Collections.shuffle(shuffled, new Random(1));
        requireSame(known.allocate(), UpgradePlanner.plan(inOrder, SPEC));
        List<Timed> floors = new ArrayList<>();
        List<Timed> plans = new ArrayList<>();
        List<Timed> pieces = new ArrayList<>();
        List<Timed> disordered = new ArrayList<>();
        for (int round = -WARM_UP; round < rounds; round++) {
            if (round == 0) {
                List.of(floors, plans, pieces, disordered).forEach(List::clear);
            }
            // Both in turns, and each as often first as second.
            if (round % 2 == 0) {
                floors.add(Timed.of(environments, known::allocate));
            }
            plans.add(Timed.of(environments, () -> UpgradePlanner.plan(inOrder, SPEC)));
            if (round % 2 != 0) {
                floors.add(Timed.of(environments, known::allocate));
            }
            pieces.add(Timed.of(environments, () -> planInPieces(inOrder)));
            disordered.add(Timed.of(environments, () -> UpgradePlanner.plan(shuffled, SPEC)));
        }
        double floor = median(floors);
        double plan = median(plans);
        print(out, "allocated with the answers known", floors);
        print(out, "planned at once", plans);
        print(out, "planned " + FEW + " at a time", pieces);
        print(out, "planned at once, input shuffled", disordered);
        return new Numbers()
                .put("envs", environments)
                .put("ns_per_env", plan)
                .put("floor_ns_per_env", floor)
                .put("ratio", plan / floor)
                .put("growth", plan / median(pieces))
                .put("bytes_per_env", plans.get(0).bytes());
    }

    /** The same environments, so that only the number of those in one plan differs. */
    private static int planInPieces(List<Observation> all) {
        int steps = 0;
        for (int from = 0; from < all.size(); from += FEW) {
            steps += UpgradePlanner.plan(all.subList(from, Math.min(from + FEW, all.size())), SPEC)
                    .steps()
                    .size();
        }
        return steps;
    }

    private static void requireSame(Result known, UpgradePlan plan) {
        if (!new HashSet<>(known.environments()).equals(new HashSet<>(plan.environments()))
                || known.steps().size() != plan.steps().size()) {
            for (EnvironmentPlan environment : known.environments()) {
                EnvironmentPlan planned =
                        plan.environment(environment.environment()).orElseThrow();
                if (!planned.equals(environment)) {
                    throw new IllegalStateException("planned " + planned + ", but known is " + environment);
                }
            }
            throw new IllegalStateException("the planner and the known answers differ");
        }
    }

    private static double median(List<Timed> rounds) {
        return Numbers.median(rounds.stream().mapToDouble(Timed::nanos).toArray());
    }

    private static void print(PrintStream out, String what, List<Timed> rounds) {
        out.println(String.format(
                Locale.ROOT,
                "%-34s %6.0f ns of processor time and %5.0f bytes allocated per environment, %d collections in %d rounds",
                what,
                median(rounds),
                rounds.get(0).bytes(),
                rounds.stream().mapToLong(Timed::collections).sum(),
                rounds.size()));
    }

    /**
     * What one round cost.
     *
     * @param nanos of processor time per environment
     * @param bytes allocated per environment
     * @param collections of garbage while it ran
     */
    private record Timed(double nanos, double bytes, long collections) {
        static Timed of(int environments, Supplier<Object> task) {
            System.gc();
            long collections = collectionsSoFar();
            long allocated = THREADS.getCurrentThreadAllocatedBytes();
            // All of it happens in this thread, and its processor time leaves out what else the machine does.
            long begin = THREADS.getCurrentThreadCpuTime();
            Object result = task.get();
            try {
                double nanos = THREADS.getCurrentThreadCpuTime() - begin;
                double bytes = THREADS.getCurrentThreadAllocatedBytes() - allocated;
                return new Timed(nanos / environments, bytes / environments, collectionsSoFar() - collections);
            } finally {
                Reference.reachabilityFence(result);
            }
        }

        private static long collectionsSoFar() {
            return ManagementFactory.getGarbageCollectorMXBeans().stream()
                    .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                    .sum();
        }
    }
}
