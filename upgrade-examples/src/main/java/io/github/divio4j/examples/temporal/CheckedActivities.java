package io.github.divio4j.examples.temporal;

import io.github.divio4j.upgrade.SavedPlan;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.run.Observer;
import io.github.divio4j.upgrade.run.StepByStep;
import io.github.divio4j.upgrade.run.StepExecutor;
import io.github.divio4j.upgrade.store.PlanFile;
import io.github.divio4j.upgrade.store.StoreException;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The calls as they are made by a worker: each looks afresh, plans what is left of the saved plan and checks that it is safe, and only then
 * lets the executor act. Whether it is the first call or a repeated one makes no difference to that.
 */
final class CheckedActivities implements StepActivities, AutoCloseable {

    private final Observer observer;
    private final StepExecutor executor;
    /** By the text of the plan; what they keep saves calls while an operation runs. */
    private final Map<String, Planned> plans = new ConcurrentHashMap<>();

    private final ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "heartbeat");
        thread.setDaemon(true);
        return thread;
    });

    private record Planned(List<Step> steps, StepByStep calls) {}

    CheckedActivities(Observer observer, StepExecutor executor) {
        this.observer = observer;
        this.executor = executor;
    }

    @Override
    public Answer execute(String plan, String step, Map<String, String> facts) {
        Planned planned = plans.computeIfAbsent(plan, this::read);
        Step wanted = planned.steps().stream()
                .filter(s -> s.id().text().equals(step))
                .findFirst()
                .orElseThrow(() -> refused("The plan has no step " + step + "."));
        Future<?> beating = beat(Activity.getExecutionContext(), Thread.currentThread());
        try {
            return Answer.of(planned.calls().execute(wanted, facts));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Activity.wrap(e);
        } finally {
            beating.cancel(true);
        }
    }

    private Planned read(String plan) {
        try {
            SavedPlan saved = PlanFile.fromJson(plan);
            return new Planned(
                    saved.plan().steps(),
                    StepByStep.of(
                            observer,
                            executor,
                            seen -> saved.replan(List.of(seen)).environments().get(0)));
        } catch (StoreException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    private static ApplicationFailure refused(String message) {
        return ApplicationFailure.newNonRetryableFailure(message, "refused");
    }

    /** Tells Temporal that this worker lives. Once it hears that another repeats the call, it keeps this one from acting. */
    private Future<?> beat(ActivityExecutionContext context, Thread caller) {
        Duration timeout = context.getInfo().getHeartbeatTimeout();
        long millis = Math.max(100, timeout.toMillis() / 4);
        return heart.scheduleAtFixedRate(
                () -> {
                    try {
                        context.heartbeat(null);
                    } catch (ActivityCompletionException over) {
                        caller.interrupt();
                        throw over;
                    }
                },
                millis,
                millis,
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        heart.shutdownNow();
    }
}
