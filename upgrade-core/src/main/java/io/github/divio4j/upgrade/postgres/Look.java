package io.github.divio4j.upgrade.postgres;

import io.github.divio4j.upgrade.postgres.DatabaseException.Reason;
import io.github.divio4j.upgrade.postgres.Finding.Severity;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One preflight that is under way: its databases and what was found so far. */
final class Look {

    static final String SOURCE = "the source database";
    static final String TARGET = "the target database";
    static final String ACTION = "look whether the database can be upgraded";

    private final Connected source;
    private final @Nullable Connected target;
    private final int from;
    private final int to;
    private final Duration statementTimeout;
    private final List<Finding> findings = new ArrayList<>();

    /**
     * Begins to look.
     *
     * @param target null if there is no way to it
     * @param from the major version of the source, 9 for 9.6
     * @param to that of the target
     */
    Look(Connected source, @Nullable Connected target, int from, int to, Duration statementTimeout) {
        this.source = source;
        this.target = target;
        this.from = from;
        this.to = to;
        this.statementTimeout = statementTimeout;
    }

    Connected source() {
        return source;
    }

    @Nullable
    Connected target() {
        return target;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    /** Returns whether the upgrade leads over the border to a version. */
    boolean crosses(int version) {
        return from < version && version <= to;
    }

    List<Finding> findings() {
        return findings;
    }

    void found(String id, Severity severity, String object, String why, String remedy) {
        findings.add(new Finding(id, severity, object, why, remedy));
    }

    /** What a check asks, in a transaction that only reads. */
    @FunctionalInterface
    interface Question {
        void ask() throws SQLException;
    }

    /** Asks the source. What cannot be asked is a finding, too, and hides nothing else. */
    void askSource(String id, Question question) {
        ask(id, source, SOURCE, question);
    }

    /** Asks the target, if there is a way to it. */
    void askTarget(String id, Question question) {
        if (target != null) {
            ask(id, target, TARGET, question);
        }
    }

    private void ask(String id, Connected where, String subject, Question question) {
        try {
            where.transaction("READ ONLY", () -> {
                pin(where);
                question.ask();
                return true;
            });
        } catch (SQLException e) {
            Reason reason = DatabaseException.reasonOf(e);
            if (reason == Reason.CONNECTION_LOST || reason == Reason.UNREACHABLE) {
                throw DatabaseException.of(ACTION, subject, "nothing was changed", e);
            }
            found(
                    id,
                    Checks.mayBlock(id) ? Severity.WARNING : Severity.INFORMATION,
                    subject,
                    "Could not be checked: " + DatabaseException.words(e) + ".",
                    reason.remedy());
        }
    }

    /** Sets for the transaction what names are written by, and how long it may take. */
    void pin(Connected connected) throws SQLException {
        connected.row(
                "SELECT set_config('search_path', 'pg_catalog', true), set_config('quote_all_identifiers', 'off', true),"
                        + " set_config('statement_timeout', ?, true), set_config('lock_timeout', ?, true)",
                row -> true,
                Long.toString(statementTimeout.toMillis()),
                Long.toString(statementTimeout.toMillis()));
    }
}
