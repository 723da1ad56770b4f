package io.github.divio4j.examples.sandbox;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs what the platform does in the background.
 *
 * <p>An operation takes at least its minimum duration. Nobody waits on a thread for it, so that a thousand environments
 * can be deployed at once.
 */
final class Operations implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Operations.class.getName());
    private static final int WORKERS = Math.max(8, 2 * Runtime.getRuntime().availableProcessors());

    private final Faults faults;
    private final BiFunction<Operation, String, Duration> minimum;
    private final @Nullable VirtualTime virtual;
    private final ExecutorService workers =
            Executors.newFixedThreadPool(WORKERS, DaemonThreads.named("sandbox-worker"));
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("sandbox-timer"));
    private volatile boolean closed;

    /**
     * Creates one.
     *
     * @param minimum how long an operation takes at least in the environment with a slug
     * @param virtual the time in which that is so, and in which nothing else takes any; null for the machine's
     */
    Operations(Faults faults, BiFunction<Operation, String, Duration> minimum, @Nullable VirtualTime virtual) {
        this.faults = faults;
        this.minimum = minimum;
        this.virtual = virtual;
    }

    /** The part of an operation that may take long. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws Exception;
    }

    /** Work without a result. */
    @FunctionalInterface
    interface Task {
        void run() throws Exception;
    }

    Duration minimum(Operation operation, String environment) {
        return minimum.apply(operation, environment);
    }

    /** Starts an operation. Exactly one of the two ends is called, unless the sandbox is closed before. */
    <T> void start(
            Operation operation, String environment, Work<T> work, Consumer<T> succeeded, Consumer<String> failed) {
        long started = System.nanoTime();
        Optional<String> fault = faults.takeFailure(operation, environment);
        submit(() -> {
            Runnable end;
            if (fault.isPresent()) {
                end = () -> failed.accept(fault.get());
            } else {
                end = run(work, succeeded, failed);
            }
            Duration whole = minimum(operation, environment);
            if (virtual != null) {
                virtual.after(whole, () -> end(operation, end));
                return;
            }
            long left = whole.toNanos() - (System.nanoTime() - started);
            Future<?> unused = timer.schedule(() -> end(operation, end), Math.max(0, left), TimeUnit.NANOSECONDS);
        });
    }

    /** Runs what nobody waits for. */
    void inBackground(Task task) {
        submit(() -> {
            try {
                task.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                LOG.log(Level.WARNING, "A task of the sandbox failed", e);
            }
        });
    }

    private static <T> Runnable run(Work<T> work, Consumer<T> succeeded, Consumer<String> failed) {
        try {
            T result = work.run();
            return () -> succeeded.accept(result);
        } catch (HostingException e) {
            return () -> failed.accept(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return () -> failed.accept("The platform was stopped.");
        } catch (Exception e) {
            LOG.log(Level.ERROR, "An operation of the sandbox failed", e);
            return () -> failed.accept(e.toString());
        }
    }

    private void end(Operation operation, Runnable end) {
        Runnable unlessClosed = () -> submit(() -> {
            if (!closed) {
                end.run();
            }
        });
        if (!faults.keep(operation, unlessClosed)) {
            unlessClosed.run();
        }
    }

    private void submit(Runnable task) {
        try {
            Executor executor = virtual == null ? workers : Runnable::run;
            executor.execute(() -> {
                try {
                    task.run();
                } catch (RejectedExecutionException e) {
                    // The timer was stopped in the meantime: so was everything else.
                    LOG.log(Level.DEBUG, "Stopped", e);
                } catch (RuntimeException e) {
                    LOG.log(Level.ERROR, "The end of an operation of the sandbox failed", e);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "Stopped", e);
        }
    }

    /** Interrupts what runs and waits until it has noticed. */
    @Override
    public void close() {
        closed = true;
        timer.shutdownNow();
        workers.shutdownNow();
        try {
            if (!workers.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.log(Level.WARNING, "An operation of the sandbox did not stop within 10 seconds");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
