package io.github.divio4j.upgrade.run;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The calls that a run has under way. They are made by the executor's threads; what comes of them is handled by the run's
 * own thread alone, so nothing else of a run is shared.
 */
final class Calls {

    private final Executor executor;
    private final PriorityBlockingQueue<Arrival> arrived = new PriorityBlockingQueue<>();
    /** Given whenever something arrives, or the run is to wake up. */
    private final Semaphore signal = new Semaphore(0);

    private long submitted;
    private int underWay;

    Calls(Executor executor) {
        this.executor = executor;
    }

    /** What came of a call; in the order of the calls, so that a run in virtual time is the same each time. */
    private record Arrival(long number, Runnable then) implements Comparable<Arrival> {
        @Override
        public int compareTo(Arrival other) {
            return Long.compare(number, other.number);
        }
    }

    <T> void submit(Callable<T> call, Consumer<T> done, Consumer<Throwable> failed) {
        long number = ++submitted;
        executor.execute(() -> {
            Runnable then;
            try {
                T result = call.call();
                then = () -> done.accept(result);
            } catch (Throwable thrown) {
                // Not even an error may end here: the run's own thread waits for it, and decides.
                then = () -> failed.accept(thrown);
            }
            arrived.add(new Arrival(number, then));
            signal.release();
        });
        underWay++;
    }

    int underWay() {
        return underWay;
    }

    /** Handles what has arrived. */
    void deliver() {
        signal.drainPermits();
        for (Arrival next = arrived.poll(); next != null; next = arrived.poll()) {
            underWay--;
            next.then().run();
        }
    }

    /** Makes {@link #await} return. May be called by any thread. */
    void wake() {
        signal.release();
    }

    /** Waits until something arrives or the time has passed; null waits for an arrival only. */
    void await(Timer timer, @Nullable Duration duration) throws InterruptedException {
        if (timer == Timer.SYSTEM && duration != null) {
            boolean unused = signal.tryAcquire(duration.toNanos(), TimeUnit.NANOSECONDS);
        } else if (underWay > 0) {
            signal.acquire();
            while (timer != Timer.SYSTEM && arrived.size() < underWay) {
                signal.acquire();
            }
        } else if (duration != null) {
            timer.sleep(duration);
        }
    }

    /** Waits until something has arrived; an interrupt is kept for later. */
    void awaitArrival() {
        awaitArrivals(1);
    }

    /** Waits for all calls under way, and drops what comes of them. */
    void abandon() {
        awaitArrivals(underWay);
        arrived.clear();
        underWay = 0;
    }

    private void awaitArrivals(int count) {
        boolean interrupted = false;
        while (arrived.size() < count) {
            try {
                signal.acquire();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
