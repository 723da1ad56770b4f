package io.github.divio4j.upgrade;

import io.github.divio4j.upgrade.EnvironmentPlan.Ready;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Puts the steps of all environments into one order: environments in the cutover first, then the preparation of all
 * environments, then the rest, each wave by wave. It takes an environment when it was just planned, since going through
 * the steps of a million of them again takes longer than planning does.
 */
final class StepOrder {

    private static final class Wave {
        private final List<Ready> inCutover = new ArrayList<>();
        private final List<Ready> others = new ArrayList<>();
        private final List<Step> cutovers = new ArrayList<>();
        private final List<Step> preparations = new ArrayList<>();
        private final List<Step> rest = new ArrayList<>();
    }

    private final SortedMap<Integer, Wave> waves = new TreeMap<>();

    static StepOrder of(List<EnvironmentPlan> plans) {
        StepOrder order = new StepOrder();
        plans.forEach(order::add);
        return order;
    }

    void add(EnvironmentPlan plan) {
        if (plan instanceof Ready ready) {
            addReady(ready);
        }
    }

    private void addReady(Ready environment) {
        Wave wave = waves.computeIfAbsent(environment.wave(), w -> new Wave());
        (environment.inCutover() ? wave.inCutover : wave.others).add(environment);
        List<Step> steps = environment.steps();
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            if (environment.inCutover()) {
                wave.cutovers.add(step);
            } else if (step.kind().phase() == Step.Phase.PREPARE) {
                wave.preparations.add(step);
            } else {
                wave.rest.add(step);
            }
        }
    }

    List<Ready> environments() {
        return joined(List.of(w -> w.inCutover, w -> w.others));
    }

    List<Step> steps() {
        return joined(List.of(w -> w.cutovers, w -> w.preparations, w -> w.rest));
    }

    private <T> List<T> joined(List<Function<Wave, List<T>>> parts) {
        List<T> joined = new ArrayList<>();
        for (Function<Wave, List<T>> part : parts) {
            for (Wave wave : waves.values()) {
                joined.addAll(part.apply(wave));
            }
        }
        return Collections.unmodifiableList(joined);
    }
}
