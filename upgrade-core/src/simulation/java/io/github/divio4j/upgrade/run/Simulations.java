package io.github.divio4j.upgrade.run;

import io.github.divio4j.upgrade.run.RunReport.Result;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Many schedules of one seed, played side by side, and what came of them. */
public final class Simulations {

    private final Set<Long> positions = ConcurrentHashMap.newKeySet();
    private final Map<Result, Integer> ends = new EnumMap<>(Result.class);
    private final Map<Schedule.Injection, Integer> injected = new EnumMap<>(Schedule.Injection.class);
    private int violating;
    private int stuck;

    private Simulations() {}

    /**
     * Plays schedules.
     *
     * @param from the number of the first
     * @param bad takes what is to be said of each schedule that went wrong
     */
    public static Simulations play(long seed, int from, int count, Consumer<String> bad) {
        Simulations all = new Simulations();
        IntStream.range(from, from + count).parallel().forEach(number -> {
            Verdict verdict = Simulation.play(seed, number, Defect.NONE, all.positions);
            all.add(verdict);
            if (!verdict.isGood()) {
                bad.accept(verdict.toString());
            }
        });
        return all;
    }

    private synchronized void add(Verdict verdict) {
        verdict.ends().forEach(end -> ends.merge(end, 1, Integer::sum));
        verdict.injected().forEach((injection, times) -> injected.merge(injection, times, Integer::sum));
        violating += verdict.violations().isEmpty() ? 0 : 1;
        stuck += verdict.stuck().isEmpty() ? 0 : 1;
    }

    /** How many schedules had something in them that must never happen. */
    public int violating() {
        return violating;
    }

    /** How many schedules had an environment in them that came to no end, or to one that is not true. */
    public int stuck() {
        return stuck;
    }

    /** How many different positions of a world were observed. */
    public int worlds() {
        return positions.size();
    }

    /** How many environments ended how. */
    public Map<Result, Integer> ends() {
        return ends;
    }

    /** What was injected how often, for people. */
    public String injected() {
        return injected.toString();
    }

    /** Which kinds of things were never injected. */
    Set<Schedule.Injection> neverInjected() {
        Set<Schedule.Injection> never = EnumSet.allOf(Schedule.Injection.class);
        never.removeAll(injected.keySet());
        return never;
    }
}
