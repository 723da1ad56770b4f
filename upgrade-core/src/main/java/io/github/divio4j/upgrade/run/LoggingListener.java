package io.github.divio4j.upgrade.run;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradePlan;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes what a run does to a logger. */
record LoggingListener(System.Logger logger) implements RunListener {

    /** Line feeds in names and messages must not look like lines of the log. */
    private void log(System.Logger.Level level, String message) {
        if (logger.isLoggable(level)) {
            logger.log(level, message.replace("\r", "\\r").replace("\n", "\\n"));
        }
    }

    @Override
    public void planned(UpgradePlan plan) {
        log(INFO, "planned: " + plan);
        plan.blockers().forEach(b -> log(WARNING, "blocked: " + b));
    }

    @Override
    public void gateAsked(WaveGate.Wave wave, WaveGate.Answer answer) {
        log(INFO, "wave " + wave.number() + ": the gate said " + answer);
    }

    @Override
    public void waveBegan(int wave, List<EnvironmentRef> environments) {
        log(INFO, "wave " + wave + " begins with " + environments.size() + " environments");
    }

    @Override
    public void waveEnded(int wave) {
        log(INFO, "wave " + wave + " ended");
    }

    @Override
    public void started(Step step) {
        log(INFO, step.environment() + ": begins to " + step.describe());
    }

    @Override
    public void inProgress(Step step, StepOutcome.InProgress outcome, Duration elapsed) {
        log(DEBUG, step.environment() + ": " + outcome.state() + " for " + elapsed.toSeconds() + " s");
    }

    @Override
    public void heartbeat(Step step, Duration elapsed, @Nullable Duration expected) {
        log(
                INFO,
                step.environment() + ": " + elapsed.toSeconds() + " s so far to " + step.describe()
                        + (expected == null ? "" : ", others took " + expected.toSeconds() + " s"));
    }

    @Override
    public void ended(Step step, StepOutcome outcome, Duration elapsed) {
        String what = step.environment() + ": ";
        if (outcome instanceof StepOutcome.Failed failed) {
            log(
                    ERROR,
                    what + "failed to " + step.describe() + " after " + elapsed.toSeconds() + " s: " + failed.message()
                            + " " + failed.trueNow());
        } else {
            String done = outcome instanceof StepOutcome.AlreadyDone ? "was done already: " : "done: ";
            log(INFO, what + done + step.describe() + ", after " + elapsed.toSeconds() + " s");
        }
    }

    @Override
    public void waiting(EnvironmentRef environment, String reason) {
        log(INFO, environment + ": waits: " + reason);
    }

    @Override
    public void environmentEnded(RunReport.EnvironmentResult result) {
        log(
                result.result().isGood() ? INFO : WARNING,
                result.environment() + ": " + result.result() + ": " + result.detail() + " Next: " + result.next());
    }
}
