package io.github.divio4j.upgrade.postgres;

import io.github.divio4j.upgrade.postgres.DatabaseException.Reason;
import io.github.divio4j.upgrade.postgres.FenceState.Gap;
import io.github.divio4j.upgrade.postgres.FenceState.Kind;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Keeps an application from writing to a database while it goes on reading it: the database's own
 * {@code default_transaction_read_only} is switched on, the sessions that began before that are ended, and then it is proven
 * that nothing is written any more.
 *
 * <pre>{@code
 * WriteFence fence = WriteFence.of(source);
 * fence.raise("run-42");              // from here on no write is acknowledged
 * ...
 * fence.state().holds();              // nothing has been written past it
 * fence.lift("run-42");               // the database is as it was before
 * }</pre>
 *
 * <p>The fence stands in the database itself, in its comment, together with what the setting was before. So it outlives the
 * process that raised it: whoever comes next finds it with {@link #state}, and can raise it again or lift it. A dump carries
 * neither it nor its setting along, except one made with {@code --create}, or the comment by a {@code pg_dump} up to 10; there
 * it is not taken for a fence.
 *
 * <p><b>What it cannot keep out.</b> An owner's fence is a default. A client that asks for it by {@code BEGIN READ WRITE} or
 * by setting {@code default_transaction_read_only} writes all the same; so does a role that has its own value for that
 * setting, a session that this role may not end, and whoever commits a prepared transaction. Up to PostgreSQL 15 large objects
 * can be written in read-only transactions. {@link #state} finds what it can of these beforehand, and writes themselves by the
 * server's counters: a session tells the server of its writes up to a second later, one that fell idle right after its write
 * up to ten seconds later, on versions up to 14 when it next does something. {@link LossMeter} finds the rows.
 *
 * <p>While the fence is up, temporary tables and sequences cannot be used either. Sessions are ended on raising it, and those
 * that began under it are ended when it is lifted, since they would stay read-only: applications must be able to connect anew.
 *
 * <p>Needs the rights of the database's owner, on PostgreSQL 9.6 to 18. Immutable; safe for use by several threads and
 * processes.
 */
public final class WriteFence {

    private static final String SETTING = "default_transaction_read_only";
    private static final String SUBJECT = "the database that is to be fenced";

    /** Any number will do; whoever raises or lifts the fence of a database does so one after the other. */
    private static final long LOCK = 0x6469_7669_6f34_6a66L;

    private static final Duration POLL = Duration.ofMillis(10);

    /** A session that writes without a pause tells the server so once a second. */
    private static final Duration COUNTERS_DELAY = Duration.ofMillis(1_200);

    /** Once nobody is left, from 15 on all is counted; before, the last message may still be on its way. */
    private static final Duration LAST_COUNTERS_DELAY = Duration.ofMillis(100);

    /** A pool may hand out connections that were ended, or are older than the fence; these are ended then. */
    private static final int MOST_STALE_CONNECTIONS = 50;

    /** Where a setting comes from if it counts more than that of the database (pg_settings.source). */
    private static final Set<String> OVERRIDING = Set.of("user", "database user", "client", "session");

    private final DataSource database;
    private final Duration grace;
    private final Duration patience;

    private WriteFence(DataSource database, Duration grace, Duration patience) {
        this.database = database;
        this.grace = grace;
        this.patience = patience;
    }

    /**
     * Makes a fence for a database, with a grace of two seconds and a patience of thirty.
     *
     * @param database as its owner, and without settings for read-only transactions of its own
     */
    public static WriteFence of(DataSource database) {
        return new WriteFence(
                Objects.requireNonNull(database, "database"), Duration.ofSeconds(2), Duration.ofSeconds(30));
    }

    /**
     * Returns one that gives sessions another time to finish what they do. A session is ended when it is idle, so that no
     * statement is cut off, and no application is left in doubt about a commit; after this time it is ended in the middle of
     * whatever it does. When the fence is lifted, a session that is busy for longer than this is left as it is.
     *
     * @param grace zero or more
     */
    public WriteFence withGrace(Duration grace) {
        if (grace.isNegative()) {
            throw new IllegalArgumentException("The grace must not be negative, but was " + grace);
        }
        return new WriteFence(database, grace, patience);
    }

    /**
     * Returns one that waits for another time at most until the sessions that it ended are gone, and until sessions that it
     * may not end have finished to write.
     *
     * @param patience more than zero
     */
    public WriteFence withPatience(Duration patience) {
        if (patience.isNegative() || patience.isZero()) {
            throw new IllegalArgumentException("The patience must be more than zero, but was " + patience);
        }
        return new WriteFence(database, grace, patience);
    }

    /**
     * Makes the database read-only and proves it. After this has returned, no session that this role may end has a write
     * acknowledged, except as the description of the class says.
     *
     * <p>Raised again by the same owner, it is the same fence: its proof is looked at again, and made up for if an earlier
     * attempt did not come to its end. No session is ended by that if the fence had been proven.
     *
     * @param owner whose fence it is: the id of a run or of a step
     * @return the state of the fence, which {@linkplain FenceState#holds holds}; its gaps are what might get past it
     * @throws DatabaseException if the fence is up in the name of another owner ({@code FENCED}), does not keep writes out
     *     ({@code NOT_FENCED}), or the server refused something. What this call had done is undone; if that failed, too, the
     *     exception says that the fence may be up.
     */
    public FenceState raise(String owner) {
        checkOwner(owner);
        Progress progress = Progress.NOTHING_DONE;
        try {
            try (Connected connected = Connected.to(database)) {
                progress = Progress.UNKNOWN;
                FenceRecord record = change(connected, () -> begin(connected, owner));
                progress = record.settled() == null ? Progress.BEGUN : Progress.PROVEN_BEFORE;
                if (progress == Progress.BEGUN) {
                    // Its session is older than the fence.
                    connected.end();
                }
            }
            if (progress == Progress.BEGUN) {
                prove(owner);
            }
            FenceState state = look();
            if (!state.holds()) {
                throw new Refusal(Reason.NOT_FENCED, state.toString(), Reason.NOT_FENCED.remedy());
            }
            return state;
        } catch (SQLException e) {
            throw failure("raise the fence", undo(owner, progress), e);
        } catch (RuntimeException e) {
            // Whatever it was, of the driver's or ours: the fence must not be left half up.
            undo(owner, progress);
            throw e;
        }
    }

    /**
     * Looks whether a fence is up, whose it is, and whether it holds. Changes nothing.
     *
     * @throws DatabaseException if the database cannot be asked
     */
    public FenceState state() {
        try {
            return look();
        } catch (SQLException e) {
            throw failure("look at the fence", "nothing was changed", e);
        }
    }

    /**
     * Makes the database as it was before the fence was raised, and ends the sessions that began under it, once they are
     * idle. Does nothing if there is no fence.
     *
     * @param owner who raised it
     * @return the sessions that may still be read-only, since they were busy for longer than the grace or this role may not
     *     end them; mostly empty
     * @throws DatabaseException if the fence is that of another owner ({@code FENCED}), or the server refused something; then
     *     it may still be up
     */
    public List<Session> lift(String owner) {
        checkOwner(owner);
        return lift(owner, false);
    }

    private List<Session> lift(String owner, boolean onlyIfUnproven) {
        boolean lifted = false;
        try (Connected connected = Connected.to(database)) {
            Optional<FenceRecord> record = change(connected, () -> takeAway(connected, owner, onlyIfUnproven));
            if (record.isEmpty()) {
                return List.of();
            }
            lifted = true;
            List<Session> left = on(record.get().before())
                    ? List.of()
                    : endOthers(connected, false).left();
            connected.end();
            return left;
        } catch (SQLException e) {
            throw failure(
                    "lift the fence",
                    lifted
                            ? "the fence is lifted, but sessions that began under it may still be read-only"
                            : "the fence may still be up",
                    e);
        }
    }

    // Raising it

    private static FenceRecord begin(Connected connected, String owner) throws SQLException {
        FenceRecord record = record(connected);
        if (record != null) {
            if (!record.owner().equals(owner)) {
                throw another(record);
            }
            return record;
        }
        List<String> prepared = prepared(connected);
        if (!prepared.isEmpty()) {
            throw new Refusal(
                    Reason.NOT_FENCED,
                    "there are prepared transactions, which no fence keeps from being committed: "
                            + String.join(", ", prepared),
                    "Commit them or roll them back, then raise the fence again.");
        }
        FenceRecord fence =
                new FenceRecord(owner, connected.identity(), now(connected), setting(connected), null, null);
        set(connected, "on");
        connected.comment(fence.in(connected.comment()));
        return fence;
    }

    /**
     * Ends the sessions that are older than the fence, looks whether a session that is younger can write, and whether anything
     * is still written.
     */
    private void prove(String owner) throws SQLException {
        try (Connected connected = youngerThanTheFence()) {
            Ended ended = endOthers(connected, true);
            if (ended.stillWriting()) {
                throw new Refusal(
                        Reason.NOT_FENCED,
                        "sessions that are older than the fence go on writing, and this role may not end them: "
                                + texts(ended.left()),
                        "Stop these clients, or let an administrator end them, then raise the fence again.");
            }
            Writes writes = standstill(connected, ended.left().isEmpty());
            change(connected, () -> {
                FenceRecord record = record(connected);
                if (record == null || !record.owner().equals(owner)) {
                    throw new Refusal(
                            Reason.CHANGED_MEANWHILE,
                            "somebody lifted the fence while it was raised",
                            "See to it that one run at a time uses the database.");
                }
                connected.comment(record.proven(now(connected), writes).in(connected.comment()));
                return record;
            });
        }
    }

    /** Also proves that a session which begins now cannot write. */
    private Connected youngerThanTheFence() throws SQLException {
        for (int stale = 0; ; stale++) {
            Connected connected = Connected.to(database);
            try {
                Map<String, String> settings = new HashMap<>();
                connected.each(
                        "SELECT name, setting, source FROM pg_catalog.pg_settings WHERE name = '" + SETTING + "'",
                        0,
                        row -> {
                            settings.put("setting", row.getString(2));
                            settings.put("source", row.getString(3));
                        });
                if (on(settings.get("setting"))) {
                    tryToWrite(connected);
                    return connected;
                }
                connected.end();
                // Otherwise it is older than the fence, and comes from a pool.
                boolean overridden = OVERRIDING.contains(String.valueOf(settings.get("source")));
                if (overridden || stale >= MOST_STALE_CONNECTIONS) {
                    throw new Refusal(
                            Reason.NOT_FENCED,
                            "a new session may still write: its " + SETTING + " is off by the setting of the "
                                    + settings.get("source"),
                            "Take that setting away from the role or from the connection, then raise the fence again.");
                }
            } catch (SQLException e) {
                connected.close();
                if (stale >= MOST_STALE_CONNECTIONS || DatabaseException.reasonOf(e) != Reason.CONNECTION_LOST) {
                    throw e;
                }
            }
        }
    }

    private static void tryToWrite(Connected connected) throws SQLException {
        try {
            connected.transaction("ISOLATION LEVEL READ COMMITTED", () -> {
                connected.execute("CREATE SCHEMA divio4j_fence_probe");
                throw new Refusal(
                        Reason.NOT_FENCED,
                        "a new session could write although it is read-only",
                        Reason.NOT_FENCED.remedy());
            });
        } catch (SQLException e) {
            if (DatabaseException.reasonOf(e) != Reason.READ_ONLY) {
                throw e;
            }
        }
    }

    /** What became of the other sessions. */
    private record Ended(List<Session> left, boolean stillWriting) {}

    /**
     * Ends the sessions that there are: as soon as they are idle, or else after the grace if they may be cut off.
     *
     * <p>A session that is just beginning has read the settings of the database already, but is not listed yet. Until it is,
     * it holds a lock on the database (src/backend/utils/init/postinit.c), and so none is missed.
     */
    private Ended endOthers(Connected connected, boolean cut) throws SQLException {
        Set<Integer> pids = new HashSet<>(beginning(connected));
        Sessions.others(connected).forEach(session -> pids.add(session.pid()));
        Set<Integer> refused = new HashSet<>();
        long began = System.nanoTime();
        while (true) {
            Duration waited = Duration.ofNanos(System.nanoTime() - began);
            boolean graceIsOver = waited.compareTo(grace) >= 0;
            List<Session> left = Sessions.others(connected).stream()
                    .filter(session -> pids.contains(session.pid()))
                    .toList();
            for (Session session : left) {
                if (!refused.contains(session.pid()) && !terminate(connected, session.pid(), cut && graceIsOver)) {
                    refused.add(session.pid());
                }
            }
            boolean onlyRefused = left.stream().allMatch(session -> refused.contains(session.pid()));
            boolean writing = left.stream().anyMatch(Session::writing);
            boolean beginning = beginning(connected).stream().anyMatch(pids::contains);
            boolean enough = cut ? onlyRefused && !writing : onlyRefused || graceIsOver;
            if (enough && !beginning) {
                return new Ended(left, false);
            }
            if (waited.compareTo(patience) >= 0) {
                if (onlyRefused && writing) {
                    return new Ended(left, true);
                }
                throw new Refusal(
                        Reason.TIMED_OUT,
                        "sessions were still there " + patience.toSeconds() + " seconds after they were ended: "
                                + texts(left),
                        "Try again, with more patience if the server is slow.");
            }
            pause(POLL);
        }
    }

    /**
     * Ends a session, if it is idle or need not be.
     *
     * @return false if this role may not end it
     */
    private static boolean terminate(Connected connected, int pid, boolean busyToo) throws SQLException {
        try {
            connected.rows(
                    "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE pid = ?"
                            + " AND datname = current_database() AND (? OR state IS NULL OR state = 'idle'"
                            + " OR state = 'disabled')",
                    row -> row.getBoolean(1),
                    pid,
                    busyToo);
            return true;
        } catch (SQLException e) {
            if (DatabaseException.reasonOf(e) == Reason.NO_PERMISSION) {
                return false;
            }
            throw e;
        }
    }

    private static List<Integer> beginning(Connected connected) throws SQLException {
        return connected.rows(
                "SELECT DISTINCT l.pid FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_database d ON d.oid = l.objid"
                        + " WHERE l.locktype = 'object' AND l.classid = 'pg_catalog.pg_database'::regclass"
                        + " AND d.datname = current_database() AND l.mode = 'RowExclusiveLock'"
                        + " AND l.pid <> pg_backend_pid()",
                row -> row.getInt(1));
    }

    /** Waits until the counters stand still, and returns them. */
    private Writes standstill(Connected connected, boolean nobodyIsLeft) throws SQLException {
        boolean shared = connected.row(
                "SELECT current_setting('server_version_num')::integer >= 150000", row -> row.getBoolean(1));
        Duration delay = nobodyIsLeft && shared ? LAST_COUNTERS_DELAY : COUNTERS_DELAY;
        Writes last = Writes.counted(connected);
        for (Duration waited = Duration.ZERO; waited.compareTo(patience) < 0; waited = waited.plus(delay)) {
            pause(delay);
            Writes now = Writes.counted(connected);
            if (now.equals(last)) {
                return now;
            }
            last = now;
        }
        throw new Refusal(
                Reason.NOT_FENCED,
                "the server still counts rows that are written",
                "Find out who writes in spite of a read-only default (WriteFence says how that can be), stop it, then raise"
                        + " the fence again.");
    }

    /** How far raising a fence got: how much there is to undo. */
    private enum Progress {
        NOTHING_DONE,
        /** The answer of the server was lost, or it refused. */
        UNKNOWN,
        BEGUN,
        PROVEN_BEFORE
    }

    /** Returns what is true now. A fence that had been proven before is left as it is. */
    private String undo(String owner, Progress progress) {
        if (progress == Progress.NOTHING_DONE) {
            return "nothing was changed";
        }
        if (progress == Progress.PROVEN_BEFORE) {
            return "the fence is up as it was before";
        }
        boolean interrupted = Thread.interrupted();
        try {
            lift(owner, progress == Progress.UNKNOWN);
            return progress == Progress.UNKNOWN
                    ? "nothing was changed"
                    : "the fence was taken away again, and the database takes writes";
        } catch (DatabaseException e) {
            return e.reason() == Reason.FENCED
                    ? "nothing was changed"
                    : e.trueNow() + " Lift it as soon as the database can be reached";
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    // Looking at it

    private FenceState look() throws SQLException {
        try (Connected connected = Connected.to(database)) {
            FenceRecord record = record(connected);
            if (record == null) {
                return new FenceState(null, null, List.of());
            }
            List<Gap> gaps = new ArrayList<>();
            if (record.proven() == null) {
                gaps.add(new Gap(
                        Kind.UNPROVEN,
                        "Raising it was cut off before it was proven to hold; raise it again, or lift it."));
            }
            String setting = setting(connected);
            if (!on(setting)) {
                gaps.add(new Gap(
                        Kind.SETTING_CHANGED,
                        "The database's own " + SETTING + " is "
                                + (setting == null ? "no longer set." : "\"" + setting + "\".")));
            }
            overrides(connected, gaps);
            writes(connected, record, gaps);
            for (String transaction : prepared(connected)) {
                gaps.add(new Gap(
                        Kind.PREPARED_TRANSACTION,
                        "The prepared transaction " + transaction + " can be committed at any time."));
            }
            for (Session session : Sessions.others(connected)) {
                Instant since = session.since();
                if (since == null || since.isBefore(record.since())) {
                    gaps.add(new Gap(
                            Kind.OLDER_SESSION,
                            "The " + session + " may be older than the fence; to this role it is closed."));
                }
                if (session.writing()) {
                    gaps.add(new Gap(
                            Kind.WRITING_SESSION,
                            "The " + session + " has written something in the transaction that it is in."));
                }
            }
            return new FenceState(record.owner(), record.since(), gaps);
        }
    }

    /** Settings of roles count more than that of a database; those of a role in this database more than those of a role. */
    private static void overrides(Connected connected, List<Gap> gaps) throws SQLException {
        connected.each(
                """
                SELECT r.rolname, r.rolname IN (session_user, current_user), (
                    array_agg(substr(c, 31) ORDER BY s.setdatabase DESC))[1]
                FROM pg_catalog.pg_db_role_setting s JOIN pg_catalog.pg_roles r ON r.oid = s.setrole,
                    unnest(s.setconfig) c
                WHERE r.rolcanlogin AND has_database_privilege(r.oid, current_database(), 'CONNECT')
                    AND c LIKE 'default_transaction_read_only=%' AND s.setdatabase IN (0, (
                    SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()))
                GROUP BY r.rolname ORDER BY r.rolname
                """,
                0, row -> {
                    if (!on(row.getString(3))) {
                        gaps.add(new Gap(
                                row.getBoolean(2) ? Kind.OVERRIDDEN : Kind.ROLE_SETTING,
                                "The role " + row.getString(1) + " has a " + SETTING
                                        + " of its own, which is off and counts more than that of the database."));
                    }
                });
    }

    private static void writes(Connected connected, FenceRecord record, List<Gap> gaps) throws SQLException {
        Writes proven = record.proven();
        if (proven != null) {
            Writes now = Writes.counted(connected);
            if (now.restartedSince(proven)) {
                gaps.add(new Gap(
                        Kind.COUNTERS_RESET,
                        "The server's counters began anew, or a table was dropped: it cannot tell whether rows were"
                                + " written since."));
            } else if (!now.equals(proven)) {
                gaps.add(new Gap(
                        Kind.WRITTEN,
                        "Rows were written since it was proven to hold: " + (now.inserted() - proven.inserted())
                                + " inserted, " + (now.updated() - proven.updated()) + " updated, "
                                + (now.deleted() - proven.deleted()) + " deleted, by the server's counters."));
            }
        }
        if (connected.row(
                "SELECT current_setting('server_version_num')::integer < 160000"
                        + " AND EXISTS (SELECT 1 FROM pg_catalog.pg_largeobject_metadata)",
                row -> row.getBoolean(1))) {
            gaps.add(new Gap(
                    Kind.LARGE_OBJECTS,
                    "There are large objects, and this version of PostgreSQL lets read-only transactions write them."));
        }
    }

    // Lifting it

    private static Optional<FenceRecord> takeAway(Connected connected, String owner, boolean onlyIfUnproven)
            throws SQLException {
        FenceRecord record = record(connected);
        if (record == null) {
            return Optional.empty();
        }
        if (!record.owner().equals(owner)) {
            throw another(record);
        }
        if (onlyIfUnproven && record.settled() != null) {
            return Optional.empty();
        }
        set(connected, record.before());
        connected.comment(FenceRecord.without(connected.comment()));
        return Optional.of(record);
    }

    // What stands in the database

    /** Changes what stands there, one after the other, and so that no crash of the server forgets it. */
    static <T> T change(Connected connected, Connected.Work<T> work) throws SQLException {
        return connected.transaction("ISOLATION LEVEL READ COMMITTED, READ WRITE", () -> {
            connected.execute("SET LOCAL lock_timeout = '10s'");
            connected.execute("SET LOCAL synchronous_commit = on");
            connected.execute("SELECT pg_catalog.pg_advisory_xact_lock(" + LOCK + ")");
            return work.run();
        });
    }

    private static @Nullable FenceRecord record(Connected connected) throws SQLException {
        return FenceRecord.in(connected.comment(), connected.identity());
    }

    /** Returns the database's own setting as it was written; null if it has none. */
    private static @Nullable String setting(Connected connected) throws SQLException {
        return connected
                .rows(
                        "SELECT substr(c, 31) FROM pg_catalog.pg_db_role_setting s, unnest(s.setconfig) c"
                                + " WHERE s.setrole = 0 AND c LIKE 'default_transaction_read_only=%' AND s.setdatabase ="
                                + " (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())",
                        row -> row.getString(1))
                .stream()
                .findFirst()
                .orElse(null);
    }

    private static void set(Connected connected, @Nullable String value) throws SQLException {
        String statement = value == null
                ? "SELECT format('ALTER DATABASE %I RESET " + SETTING + "', current_database())"
                : "SELECT format('ALTER DATABASE %I SET " + SETTING + " = %L', current_database(), ?::text)";
        connected.execute(connected.row(
                statement, row -> row.getString(1), value == null ? new Object[0] : new Object[] {value}));
    }

    /** As the server reads it, which takes beginnings of words, too. */
    private static boolean on(@Nullable String value) {
        if (value == null || value.isEmpty()) {
            return false;
        }
        String word = value.toLowerCase(java.util.Locale.ROOT);
        return word.equals("on") || word.equals("1") || "true".startsWith(word) || "yes".startsWith(word);
    }

    private static List<String> prepared(Connected connected) throws SQLException {
        return connected.rows(
                "SELECT gid FROM pg_catalog.pg_prepared_xacts WHERE database = current_database() ORDER BY prepared",
                row -> row.getString(1));
    }

    private static Instant now(Connected connected) throws SQLException {
        return connected.row("SELECT clock_timestamp()", row -> Objects.requireNonNull(Sessions.instant(row, 1)));
    }

    // What goes wrong

    /** Says no for a reason that no server gave. */
    private static final class Refusal extends SQLException {
        private static final long serialVersionUID = 1L;

        private final Reason reason;
        private final String remedy;

        Refusal(Reason reason, String why, String remedy) {
            super(why);
            this.reason = reason;
            this.remedy = remedy;
        }
    }

    private static Refusal another(FenceRecord record) {
        return new Refusal(
                Reason.FENCED,
                record.owner().isEmpty()
                        ? "the comment of the database holds a fence that cannot be read"
                        : "the fence of " + record.owner() + " is up since " + record.since(),
                record.owner().isEmpty()
                        ? "Repair the comment, or take it away and reset the database's " + SETTING + "."
                        : "Let that run go on, or lift its fence in its name.");
    }

    private static DatabaseException failure(String action, String trueNow, SQLException e) {
        if (e instanceof Refusal refusal) {
            return DatabaseException.because(
                    refusal.reason, action, SUBJECT, String.valueOf(e.getMessage()), trueNow, refusal.remedy);
        }
        return DatabaseException.of(action, SUBJECT, trueNow, e);
    }

    private static void pause(Duration time) throws SQLException {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal(Reason.INTERRUPTED, "the thread was interrupted", "Try again.");
        }
    }

    private static String texts(List<Session> sessions) {
        return sessions.stream().map(Session::toString).collect(Collectors.joining(", "));
    }

    private static void checkOwner(String owner) {
        if (owner.isBlank()) {
            throw new IllegalArgumentException("The owner of a fence must have a name");
        }
    }
}
