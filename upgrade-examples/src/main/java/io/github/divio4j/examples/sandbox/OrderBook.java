package io.github.divio4j.examples.sandbox;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The application of one environment as its users see it: they place numbered orders and look at orders, and whichever
 * container runs at that moment serves them.
 *
 * <p>Each number is tried once, whatever comes of it, so an order is never written twice.
 */
final class OrderBook implements AutoCloseable {
    static final long FIRST_NUMBER = OrderBookStatistics.FIRST_NUMBER;

    private final String name;
    private final boolean hasDatabase;
    private final String databaseVariable;
    private final AtomicLong numbers;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Long> acknowledged = new ArrayList<>();
    private Container container = Container.without(Map.of());
    private final List<Thread> users = new ArrayList<>();
    private long lastAcknowledged;
    private long longestPause;
    private double rate;
    private boolean closed;
    private long reads;
    private long failedReads;
    private long failedWrites;
    private @Nullable String lastFailure;

    /**
     * @param hasDatabase false if nothing stands behind data source names: then nobody uses the application
     * @param databaseVariable the variable that the application reads its database from
     * @param numbers shared by all environments, so that orders stay apart even if one's data is restored into another
     */
    OrderBook(String name, boolean hasDatabase, String databaseVariable, AtomicLong numbers) {
        this.name = name;
        this.hasDatabase = hasDatabase;
        this.databaseVariable = databaseVariable;
        this.numbers = numbers;
    }

    /** Starts a container that nobody uses yet. */
    Container prepare(Map<String, String> variables) throws HostingException {
        return hasDatabase ? Container.connected(variables, databaseVariable) : Container.without(variables);
    }

    /** Sends the users to another container, and ends the one before it once it has done what it was asked. */
    void switchTo(Container next) {
        Container before;
        lock.lock();
        try {
            before = container;
            container = next;
        } finally {
            lock.unlock();
        }
        before.end();
    }

    String databaseVariable() {
        return databaseVariable;
    }

    /** Sets how many orders a second are placed, and as many looked at; 0 is none. */
    void rate(double perSecond) {
        if (!(perSecond >= 0 && perSecond <= 10_000)) {
            throw new IllegalArgumentException("The rate must be between 0 and 10000, but was " + perSecond);
        }
        lock.lock();
        try {
            rate = perSecond;
            if (perSecond > 0 && hasDatabase && users.isEmpty() && !closed) {
                start("writer", this::placeOneOrder);
                start("reader", this::lookAtOneOrder);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    OrderBookStatistics statistics() {
        lock.lock();
        try {
            return new OrderBookStatistics(
                    List.copyOf(acknowledged),
                    Duration.ofNanos(longestPause),
                    reads,
                    failedReads,
                    failedWrites,
                    lastFailure,
                    container.variables().get(databaseVariable));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        Container last;
        List<Thread> waitFor;
        lock.lock();
        try {
            closed = true;
            last = container;
            waitFor = List.copyOf(users);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        last.end();
        for (Thread user : waitFor) {
            try {
                user.join(5_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void start(String role, Runnable action) {
        Thread thread = DaemonThreads.named("order-book-" + name + "-" + role).newThread(() -> use(action));
        users.add(thread);
        thread.start();
    }

    private void use(Runnable action) {
        long next = System.nanoTime();
        while (true) {
            lock.lock();
            try {
                while (!closed && (rate == 0 || next > System.nanoTime())) {
                    if (rate == 0) {
                        changed.await();
                        next = System.nanoTime();
                    } else {
                        changed.await(next - System.nanoTime(), TimeUnit.NANOSECONDS);
                    }
                }
                if (closed) {
                    return;
                }
                // Users who had to wait do not all come back at once: the pace starts from here.
                next = System.nanoTime() + (long) (1e9 / rate);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } finally {
                lock.unlock();
            }
            action.run();
        }
    }

    private void placeOneOrder() {
        long number = numbers.getAndIncrement();
        try {
            if (serve(running -> running.placeOrder(number))) {
                record(() -> acknowledged(number));
            }
        } catch (SQLException e) {
            record(() -> {
                failedWrites++;
                lastFailure = e.getMessage();
            });
        }
    }

    private void acknowledged(long number) {
        long now = System.nanoTime();
        if (!acknowledged.isEmpty()) {
            longestPause = Math.max(longestPause, now - lastAcknowledged);
        }
        lastAcknowledged = now;
        acknowledged.add(number);
    }

    private void lookAtOneOrder() {
        // However few rows the order book was seeded with, these orders are among them.
        long seeded = 1 + numbers.get() % OrderBookSchema.FEWEST_ORDERS;
        try {
            if (serve(running -> running.lookAtOrder(seeded))) {
                record(() -> reads++);
            }
        } catch (SQLException e) {
            record(() -> {
                failedReads++;
                lastFailure = e.getMessage();
            });
        }
    }

    private interface Service {
        boolean by(Container container) throws SQLException;
    }

    /** A container that ends before it has begun to serve passes its user on to the next one. */
    private boolean serve(Service service) throws SQLException {
        Container last = null;
        while (true) {
            Container current;
            lock.lock();
            try {
                current = container;
                if (closed || current == last) {
                    return false;
                }
            } finally {
                lock.unlock();
            }
            if (service.by(current)) {
                return true;
            }
            last = current;
        }
    }

    private void record(Runnable result) {
        lock.lock();
        try {
            result.run();
        } finally {
            lock.unlock();
        }
    }
}
