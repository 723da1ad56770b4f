package io.github.divio4j.examples.plain;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.StepId;
import io.github.divio4j.upgrade.UpgradePlan;
import io.github.divio4j.upgrade.run.StepByStep;
import io.github.divio4j.upgrade.run.StepContext;
import io.github.divio4j.upgrade.run.StepExecutor;
import io.github.divio4j.upgrade.run.StepOutcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Does whatever {@link UpgradePlan#ready} says may be done, side by side: the calls on the threads of a pool, the waiting in the one
 * thread that called {@link #run}. So a few threads drive many environments.
 */
public final class ThreadPool {

    private final StepByStep calls;
    private final ExecutorService pool;

    /**
     * Makes its calls on the threads of a pool, which it does not shut down.
     *
     * @param calls made with the wish of the plans that are run
     */
    public ThreadPool(StepByStep calls, ExecutorService pool) {
        this.calls = calls;
        this.pool = pool;
    }

    /** A call that has ended, well or badly. */
    private record Ended(Step step, Future<StepOutcome> call) {}

    /** A step that is under way, and when to look at it again, in nanoseconds of this machine's clock. */
    private record Pause(Step step, Map<String, String> facts, long until) {}

    /**
     * Does all steps of a plan. An environment in which a step fails is left where it is, and what waits for it is not begun.
     *
     * @return what failed; empty if all is done
     * @throws InterruptedException if the thread was interrupted; the calls under way are interrupted too, what was begun goes on at the
     *     platform, and the next run finds it
     */
    public List<StepFailedException> run(UpgradePlan plan) throws InterruptedException {
        Set<StepId> done = new HashSet<>();
        Set<EnvironmentRef> busy = new HashSet<>();
        List<StepFailedException> failures = new ArrayList<>();
        BlockingQueue<Ended> arrivals = new LinkedBlockingQueue<>();
        PriorityQueue<Pause> pauses = new PriorityQueue<>(Comparator.comparingLong(Pause::until));
        Map<EnvironmentRef, Future<?>> underWay = new HashMap<>();
        try {
            while (true) {
                for (Step step : plan.ready(done)) {
                    // One that failed stays busy for good.
                    if (busy.add(step.environment())) {
                        underWay.put(step.environment(), submit(step, Map.of(), arrivals));
                    }
                }
                while (!pauses.isEmpty() && pauses.peek().until() - System.nanoTime() <= 0) {
                    Pause over = pauses.remove();
                    underWay.put(over.step().environment(), submit(over.step(), over.facts(), arrivals));
                }
                if (underWay.isEmpty() && pauses.isEmpty()) {
                    return failures;
                }
                long patience =
                        pauses.isEmpty() ? Long.MAX_VALUE : pauses.peek().until() - System.nanoTime();
                Ended ended = arrivals.poll(patience, TimeUnit.NANOSECONDS);
                if (ended == null) {
                    continue;
                }
                Step step = ended.step();
                underWay.remove(step.environment());
                StepOutcome outcome = outcome(ended.call());
                if (outcome instanceof StepOutcome.InProgress progress) {
                    long until = System.nanoTime() + progress.lookAgainAfter().toNanos();
                    pauses.add(new Pause(step, progress.facts(), until));
                } else if (outcome instanceof StepOutcome.Failed failed) {
                    failures.add(new StepFailedException(step, failed));
                } else {
                    done.add(step.id());
                    busy.remove(step.environment());
                }
            }
        } finally {
            underWay.values().forEach(call -> call.cancel(true));
        }
    }

    private Future<StepOutcome> submit(Step step, Map<String, String> facts, BlockingQueue<Ended> arrivals) {
        Callable<StepOutcome> call = () -> calls.execute(step, facts);
        FutureTask<StepOutcome> task = new FutureTask<>(call) {
            @Override
            protected void done() {
                arrivals.add(new Ended(step, this));
            }
        };
        pool.execute(task);
        return task;
    }

    /** What a call came to; what it threw was no failure of the step, so it ends the run. */
    private static StepOutcome outcome(Future<StepOutcome> call) throws InterruptedException {
        try {
            return call.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof InterruptedException interrupted) {
                throw interrupted;
            }
            if (cause instanceof RuntimeException unexpected) {
                throw unexpected;
            }
            throw new IllegalStateException(cause);
        }
    }

    /** An executor that makes each call on the pool, as {@link #run} does, for callers who wait for it. */
    public static StepExecutor on(ExecutorService pool, StepExecutor executor) {
        return (Step step, StepContext context) -> {
            Future<StepOutcome> call = pool.submit(() -> executor.execute(step, context));
            try {
                return outcome(call);
            } catch (InterruptedException e) {
                // The caller was interrupted: so is the call.
                call.cancel(true);
                throw e;
            }
        };
    }
}
