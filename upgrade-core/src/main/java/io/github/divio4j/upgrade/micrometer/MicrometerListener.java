package io.github.divio4j.upgrade.micrometer;

import static java.util.Objects.requireNonNull;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.run.RunListener;
import io.github.divio4j.upgrade.run.RunReport;
import io.github.divio4j.upgrade.run.StepOutcome;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Locale;

/**
 * Meters runs. No tag names an environment, so that their number stays small however many there are:
 *
 * <ul>
 *   <li>timer {@code divio4j.upgrade.step}, tags {@code kind} (such as {@code back_up}) and {@code outcome} ({@code done},
 *       {@code already_done}, {@code failed})
 *   <li>counter {@code divio4j.upgrade.poll}, tag {@code kind}: how often a step was found to be still under way
 *   <li>counter {@code divio4j.upgrade.waiting}: how often an environment had to wait for something that passes by itself
 *   <li>counter {@code divio4j.upgrade.environment}, tag {@code result} (such as {@code upgraded})
 *   <li>timers {@code divio4j.upgrade.unprotected} and {@code divio4j.upgrade.writes.refused}: the unprotected windows and the
 *       times in which applications could not write
 * </ul>
 *
 * <p>One may listen to several runs, one after the other or at once.
 */
public final class MicrometerListener implements RunListener {

    private static final String PREFIX = "divio4j.upgrade.";

    private final MeterRegistry registry;

    private MicrometerListener(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Makes a listener whose meters are in a registry. */
    public static MicrometerListener of(MeterRegistry registry) {
        return new MicrometerListener(requireNonNull(registry, "registry"));
    }

    @Override
    public void inProgress(Step step, StepOutcome.InProgress outcome, Duration elapsed) {
        registry.counter(PREFIX + "poll", "kind", word(step.kind())).increment();
    }

    @Override
    public void ended(Step step, StepOutcome outcome, Duration elapsed) {
        String how = outcome instanceof StepOutcome.Failed
                ? "failed"
                : outcome instanceof StepOutcome.AlreadyDone ? "already_done" : "done";
        registry.timer(PREFIX + "step", "kind", word(step.kind()), "outcome", how)
                .record(elapsed);
    }

    @Override
    public void waiting(EnvironmentRef environment, String reason) {
        registry.counter(PREFIX + "waiting").increment();
    }

    @Override
    public void environmentEnded(RunReport.EnvironmentResult result) {
        registry.counter(PREFIX + "environment", "result", word(result.result()))
                .increment();
        if (result.unprotected() != null) {
            registry.timer(PREFIX + "unprotected").record(result.unprotected().length());
        }
        if (result.writesRefused() != null) {
            registry.timer(PREFIX + "writes.refused")
                    .record(result.writesRefused().length());
        }
    }

    private static String word(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT);
    }
}
