package io.github.divio4j.examples.postgres;

import io.github.divio4j.examples.sandbox.PostgresDsn;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;

/** An application that writes all the time: over connections that it keeps, and over one for each row. */
final class Writers implements AutoCloseable {
    static final String TABLE = "CREATE TABLE written (number bigint PRIMARY KEY)";

    private final PostgresDsn database;
    private final AtomicLong numbers = new AtomicLong();
    private final Set<Long> acknowledged = new ConcurrentSkipListSet<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    Writers(PostgresDsn database) {
        this.database = database;
        for (int i = 0; i < 2; i++) {
            start(this::overOneConnection);
            start(this::overOneConnectionEach);
        }
    }

    private void start(Runnable writer) {
        Thread thread = new Thread(writer, "writer");
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
    }

    private void overOneConnection() {
        while (!closed) {
            try (Client client = Client.of(database)) {
                while (!closed) {
                    write(client);
                }
            } catch (SQLException refused) {
                // As an application does: it tries the next one over a new connection.
            }
        }
    }

    private void overOneConnectionEach() {
        while (!closed) {
            try (Client client = Client.of(database)) {
                write(client);
            } catch (SQLException refused) {
                // As above.
            }
        }
    }

    private void write(Client client) throws SQLException {
        long number = numbers.incrementAndGet();
        client.run("INSERT INTO written VALUES (" + number + ")");
        acknowledged.add(number);
    }

    /** Numbers up to this were tried already. */
    long lastNumber() {
        return numbers.get();
    }

    Set<Long> acknowledged() {
        return acknowledged;
    }

    /** Waits until so many more were acknowledged. */
    void await(int more) throws InterruptedException {
        int enough = acknowledged.size() + more;
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (acknowledged.size() < enough) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Nobody writes: " + acknowledged.size() + " of " + enough);
            }
            Thread.sleep(5);
        }
    }

    /** Waits until so many more were tried, whatever came of it. */
    void awaitTried(int more) throws InterruptedException {
        long enough = numbers.get() + more;
        while (numbers.get() < enough) {
            Thread.sleep(5);
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Thread thread : threads) {
            try {
                thread.join(10_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
