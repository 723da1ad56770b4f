package io.github.divio4j.upgrade.postgres;

import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** One of the two databases, with all sessions on it; they see the same state of it. */
final class ComparedSide implements AutoCloseable {

    private final DataSource database;
    private final String name;
    private final Duration statementTimeout;
    private final SnapshotSession first;
    private final @Nullable String snapshot;
    private final Set<SnapshotSession> others = ConcurrentHashMap.newKeySet();
    private final Map<String, TableSum> sums = new ConcurrentHashMap<>();
    private volatile boolean cancelled;

    /**
     * What is compared of the rows of a table.
     *
     * @param hash of all of them; empty if they were only counted
     */
    record TableSum(long rows, String hash) {}

    private ComparedSide(DataSource database, String name, Duration statementTimeout, SnapshotSession first) {
        this.database = database;
        this.name = name;
        this.statementTimeout = statementTimeout;
        this.first = first;
        this.snapshot = first.exportSnapshot();
    }

    static ComparedSide open(DataSource database, String name, Duration statementTimeout) {
        SnapshotSession first = SnapshotSession.open(database, name, statementTimeout, null);
        try {
            return new ComparedSide(database, name, statementTimeout, first);
        } catch (DatabaseException e) {
            first.close();
            throw e;
        }
    }

    /** The session whose state the others see. */
    SnapshotSession first() {
        return first;
    }

    /** Whether other sessions can see the same state; a server in recovery does not let them. */
    boolean isShared() {
        return snapshot != null;
    }

    Map<String, TableSum> sums() {
        return sums;
    }

    /** A question for the rows of one table. */
    record Question(String table, String sql) {}

    /** Asks until no question is left, on the first session or on one of its own. */
    void ask(Queue<Question> questions, boolean onFirst) {
        if (onFirst) {
            askOn(first, questions);
        } else if (!questions.isEmpty() && !cancelled) {
            try (SnapshotSession session = SnapshotSession.open(database, name, statementTimeout, snapshot)) {
                others.add(session);
                if (cancelled) {
                    session.cancel();
                }
                askOn(session, questions);
                others.remove(session);
            }
        }
    }

    private void askOn(SnapshotSession session, Queue<Question> questions) {
        for (Question question = questions.poll(); question != null && !cancelled; question = questions.poll()) {
            String table = question.table();
            session.forEach(
                    question.sql(),
                    "table " + table + " of the " + name,
                    row -> sums.put(table, new TableSum(row.getLong(1), row.getString(2))));
        }
    }

    static Queue<Question> queue() {
        return new ConcurrentLinkedQueue<>();
    }

    /** Makes what is asked now fail, and nothing is asked any more; from any thread. */
    void cancel() {
        cancelled = true;
        first.cancel();
        others.forEach(SnapshotSession::cancel);
    }

    @Override
    public void close() {
        first.close();
    }
}
