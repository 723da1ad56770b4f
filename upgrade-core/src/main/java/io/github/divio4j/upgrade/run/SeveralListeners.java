package io.github.divio4j.upgrade.run;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradePlan;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells each event to several listeners, in their order. */
record SeveralListeners(List<RunListener> listeners) implements RunListener {

    @Override
    public void planned(UpgradePlan plan) {
        listeners.forEach(l -> l.planned(plan));
    }

    @Override
    public void gateAsked(WaveGate.Wave wave, WaveGate.Answer answer) {
        listeners.forEach(l -> l.gateAsked(wave, answer));
    }

    @Override
    public void waveBegan(int wave, List<EnvironmentRef> environments) {
        listeners.forEach(l -> l.waveBegan(wave, environments));
    }

    @Override
    public void waveEnded(int wave) {
        listeners.forEach(l -> l.waveEnded(wave));
    }

    @Override
    public void started(Step step) {
        listeners.forEach(l -> l.started(step));
    }

    @Override
    public void inProgress(Step step, StepOutcome.InProgress outcome, Duration elapsed) {
        listeners.forEach(l -> l.inProgress(step, outcome, elapsed));
    }

    @Override
    public void heartbeat(Step step, Duration elapsed, @Nullable Duration expected) {
        listeners.forEach(l -> l.heartbeat(step, elapsed, expected));
    }

    @Override
    public void ended(Step step, StepOutcome outcome, Duration elapsed) {
        listeners.forEach(l -> l.ended(step, outcome, elapsed));
    }

    @Override
    public void waiting(EnvironmentRef environment, String reason) {
        listeners.forEach(l -> l.waiting(environment, reason));
    }

    @Override
    public void environmentEnded(RunReport.EnvironmentResult result) {
        listeners.forEach(l -> l.environmentEnded(result));
    }
}
