package io.github.divio4j.examples.quickstart;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.run.RunListener;
import io.github.divio4j.upgrade.run.StepOutcome;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Shows each step as it runs: what it does, what Divio says it is doing, and how it ended. */
final class ProgressPrinter implements RunListener {

    private final PrintStream out;
    private final int width;
    private final long startedAt = System.nanoTime();
    private String lastState = "";

    ProgressPrinter(PrintStream out, int width) {
        this.out = out;
        this.width = width;
    }

    @Override
    public void started(Step step) {
        lastState = "";
        print(step.environment(), step.describe());
    }

    @Override
    public void inProgress(Step step, StepOutcome.InProgress outcome, Duration elapsed) {
        if (!outcome.state().equals(lastState)) {
            lastState = outcome.state();
            print(step.environment(), "  " + outcome.state());
        }
    }

    @Override
    public void ended(Step step, StepOutcome outcome, Duration elapsed) {
        String how = outcome instanceof StepOutcome.Failed failed
                ? "failed: " + failed.message()
                : outcome.isDone() ? "done" : "";
        print(step.environment(), "  " + how + String.format(Locale.ROOT, " in %.1f s", elapsed.toMillis() / 1000.0));
    }

    @Override
    public void waiting(EnvironmentRef environment, String reason) {
        print(environment, "  waiting: " + reason);
    }

    private void print(EnvironmentRef environment, String text) {
        double seconds = (System.nanoTime() - startedAt) / 1e9;
        out.println(String.format(Locale.ROOT, "%7.1f s  %-" + width + "s  %s", seconds, environment.slug(), text));
    }
}
