package io.github.divio4j.examples.measure;

import io.github.divio4j.client.FaultMatrix;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Lets every call of divio-client meet every fault, over real HTTP and in real time, and counts what must not happen: requests that the
 * retry table does not allow, secrets in exceptions, in the client's own description or in the log, exceptions of another kind than the
 * client's, and calls that do not end.
 */
final class FaultsMeasurement implements Measurement {
    private static final int WORKERS = 4;
    // The client of the matrix gives up a slow attempt after 80 ms, and waits at most twice for the second that a 429
    // asks for.
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final AtomicInteger duplicates = new AtomicInteger();
    private final AtomicInteger leaks = new AtomicInteger();
    private final AtomicInteger untyped = new AtomicInteger();
    private final AtomicInteger hangs = new AtomicInteger();

    @Override
    public Numbers run(List<String> arguments, PrintStream out) throws Exception {
        if (!arguments.isEmpty()) {
            throw new WrongArgumentException("faults takes no arguments");
        }
        List<FaultMatrix.Case> cases = FaultMatrix.cases();
        ExecutorService callers = Executors.newCachedThreadPool();
        LeakingLog log = new LeakingLog(out);
        try {
            List<Callable<Void>> workers = new ArrayList<>();
            for (int worker = 0; worker < WORKERS; worker++) {
                int first = worker;
                workers.add(() -> {
                    for (int i = first; i < cases.size(); i += WORKERS) {
                        judge(cases.get(i), callers, out);
                    }
                    return null;
                });
            }
            ExecutorService pool = Executors.newFixedThreadPool(WORKERS);
            try {
                for (Future<Void> worker : pool.invokeAll(workers)) {
                    worker.get();
                }
            } finally {
                pool.shutdownNow();
            }
            return new Numbers()
                    .put("cases", cases.size())
                    .put("duplicates", duplicates.get())
                    .put("leaks", leaks.get() + log.found.get())
                    .put("untyped", untyped.get())
                    .put("hangs", hangs.get());
        } finally {
            log.close();
            callers.shutdownNow();
        }
    }

    private void judge(FaultMatrix.Case what, ExecutorService callers, PrintStream out) throws Exception {
        // A server of its own: what one case leaves on it cannot reach the next one.
        FaultMatrix matrix =
                new FaultMatrix(builder -> builder.retryDelay(Duration.ofMillis(5), Duration.ofMillis(20)));
        Future<FaultMatrix.Outcome> call = callers.submit(() -> matrix.meet(what));
        try {
            FaultMatrix.Outcome outcome = call.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            count(outcome.duplicated(), duplicates, "sent too often: " + what, out);
            count(outcome.leaks(), leaks, "a secret shows: " + what, out);
            count(outcome.untyped(), untyped, "not a DivioException: " + what, out);
        } catch (TimeoutException e) {
            call.cancel(true);
            count(true, hangs, "longer than " + LIMIT.toSeconds() + " s: " + what, out);
        } finally {
            callers.execute(() -> close(matrix));
        }
    }

    private static void close(FaultMatrix matrix) {
        try {
            matrix.close();
        } catch (IOException e) {
            // It has served its purpose.
        }
    }

    private static void count(boolean bad, AtomicInteger counter, String text, PrintStream out) {
        if (bad) {
            counter.incrementAndGet();
            out.println(text);
        }
    }

    /** Reads everything that is logged through java.util.logging or System.Logger, at every level, in place of the usual handlers. */
    private static final class LeakingLog extends Handler {
        final AtomicInteger found = new AtomicInteger();
        private final Logger root = Logger.getLogger("");
        private final Level level = root.getLevel();
        private final Handler[] usual = root.getHandlers();
        private final PrintStream out;

        LeakingLog(PrintStream out) {
            this.out = out;
            setLevel(Level.ALL);
            Arrays.stream(usual).forEach(root::removeHandler);
            root.addHandler(this);
            root.setLevel(Level.ALL);
        }

        @Override
        public void publish(LogRecord logged) {
            StringWriter text = new StringWriter();
            text.append(logged.getMessage()).append(Arrays.toString(logged.getParameters()));
            if (logged.getThrown() != null) {
                logged.getThrown().printStackTrace(new PrintWriter(text));
            }
            count(
                    FaultMatrix.showsSecret(text.toString()),
                    found,
                    "a secret was logged by " + logged.getLoggerName(),
                    out);
        }

        @Override
        public void flush() {
            // Nothing is kept.
        }

        @Override
        public void close() {
            root.removeHandler(this);
            Arrays.stream(usual).forEach(root::addHandler);
            root.setLevel(level);
        }
    }
}
