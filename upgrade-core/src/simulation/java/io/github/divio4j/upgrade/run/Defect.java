package io.github.divio4j.upgrade.run;

import io.github.divio4j.upgrade.testing.SimulatedWorld;
import java.util.Set;

/** Something wrong, planted to see whether a simulation finds it. */
interface Defect {

    /** Nothing is wrong. */
    Defect NONE = new Defect() {};

    /** What must happen in a schedule for the defect to show; it is drawn in any case. */
    default Set<Schedule.Injection> needs() {
        return Set.of();
    }

    default Observer observer(Observer sound) {
        return sound;
    }

    default StepExecutor executor(StepExecutor sound, SimulatedWorld world) {
        return sound;
    }

    default Run.Planning planning(Run.Planning sound) {
        return sound;
    }
}
