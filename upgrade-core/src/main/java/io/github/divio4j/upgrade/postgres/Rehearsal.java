package io.github.divio4j.upgrade.postgres;

import static java.util.Objects.requireNonNull;

import io.github.divio4j.upgrade.postgres.DatabaseException.Reason;
import io.github.divio4j.upgrade.postgres.Finding.Severity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Restores the schema of the source, without any row, into the target that is still empty, to see what its version refuses. It is a
 * part of a {@link Preflight}.
 *
 * <p>{@code pg_dump} reads the schema. It is executed in one transaction in the target, object by object, and rolled back: whatever
 * happens, even if this process is killed, the target is empty again, and nothing is ever dropped there. The rehearsal is refused if
 * the target holds anything but extensions.
 *
 * <p>A schema of more objects than the server can lock in one transaction cannot be rehearsed, which is said.
 *
 * <p>Owners and privileges are left out, since each instance on the platform has a role of its own. What only shows with rows, or when
 * a function runs, is not found; other checks look for that. Immutable.
 */
public final class Rehearsal {

    static final String ID = "REHEARSAL";

    /** Anything that is not the server's, or an extension's. */
    private static final String FOUND_IN_TARGET =
            "SELECT x.name FROM (SELECT 'schema ' || quote_ident(n.nspname) AS name"
                    + " FROM pg_namespace n WHERE n.nspname <> 'public' AND " + Catalog.users("pg_namespace", "n")
                    + " UNION ALL SELECT 'relation ' || c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " WHERE " + Catalog.users("pg_class", "c")
                    + " UNION ALL SELECT 'function ' || p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n"
                    + " ON n.oid = p.pronamespace WHERE " + Catalog.users("pg_proc", "p")
                    + " UNION ALL SELECT 'type ' || t.oid::regtype FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace"
                    + " WHERE t.typrelid = 0 AND t.typelem = 0 AND " + Catalog.users("pg_type", "t")
                    + " UNION ALL SELECT 'operator ' || o.oid::regoperator FROM pg_operator o JOIN pg_namespace n"
                    + " ON n.oid = o.oprnamespace WHERE " + Catalog.users("pg_operator", "o")
                    + " UNION ALL SELECT 'large object ' || l.oid FROM pg_largeobject_metadata l) x ORDER BY 1 LIMIT 5";

    private static final Pattern HEADER =
            Pattern.compile("^-- (?:Data for )?Name: (.*); Type: (.*); Schema: (.*); Owner: ?(.*)$");

    private static final Pattern VERSION = Pattern.compile("\\s(\\d+)");

    /** Settings that a dump program makes between objects; its timeouts are none, so ours are kept. */
    private static final Pattern SETTING = Pattern.compile("^SET \\w+ = [^;\n]*;$");

    private static final Pattern TIMEOUT = Pattern.compile("^SET \\w+_timeout = .*");

    /** What a program of PostgreSQL calls the options of an address. */
    private static final Map<String, String> VARIABLES = Map.of(
            "sslmode", "PGSSLMODE",
            "sslrootcert", "PGSSLROOTCERT",
            "connect_timeout", "PGCONNECT_TIMEOUT",
            "options", "PGOPTIONS");

    /** A savepoint costs the more the more the transaction has done. */
    private static final int PIECES_AT_ONCE = 100;

    /** How long others may keep the dump from reading the schema. */
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(10);

    private final DatabaseAddress source;
    private final String program;
    private final Duration timeLimit;

    private Rehearsal(DatabaseAddress source, String program, Duration timeLimit) {
        this.source = source;
        this.program = program;
        this.timeLimit = timeLimit;
    }

    /**
     * Makes a rehearsal with the {@code pg_dump} that is found on the {@code PATH}, which may take ten minutes.
     *
     * @param source the same database that the preflight looks at, since a program cannot use a data source; what its options leave
     *     open is told by {@code PGSSLMODE} and its like in the environment of this process
     */
    public static Rehearsal of(DatabaseAddress source) {
        return new Rehearsal(requireNonNull(source, "source"), "pg_dump", Duration.ofMinutes(10));
    }

    /**
     * Returns one with another dump program.
     *
     * @param pgDump a program on the {@code PATH}, or the path of one; not older than the server of the source
     */
    public Rehearsal withProgram(String pgDump) {
        return new Rehearsal(source, requireNonNull(pgDump, "pgDump"), timeLimit);
    }

    /**
     * Returns one whose dump may take another time.
     *
     * @throws IllegalArgumentException if it is not more than zero
     */
    public Rehearsal withTimeLimit(Duration timeLimit) {
        if (timeLimit.isZero() || timeLimit.isNegative()) {
            throw new IllegalArgumentException("the time limit must be more than zero, but is " + timeLimit);
        }
        return new Rehearsal(source, program, timeLimit);
    }

    /**
     * Rehearses. What could not be rehearsed is a finding.
     *
     * @return how long it took; null if it could not be made
     * @throws DatabaseException if a connection was lost, the thread was interrupted, or the target is not empty afterwards
     */
    @Nullable
    Duration run(Look look) {
        Connected target = look.target();
        if (target == null) {
            notMade(look, "there was no way to the target", "Give the preflight the target's data source.");
            return null;
        }
        long begin = System.nanoTime();
        try {
            mustBeEmpty(found(look, target));
            restore(look, target, pieces(dump(look)));
            return Duration.ofNanos(System.nanoTime() - begin);
        } catch (NotMade e) {
            notMade(look, e.why, e.remedy);
        } catch (SQLException e) {
            if (isLost(e)) {
                throw DatabaseException.of(
                        "rehearse the restore", Look.TARGET, "the server rolls back what was rehearsed", e);
            }
            notMade(
                    look,
                    DatabaseException.words(e),
                    DatabaseException.reasonOf(e).remedy());
        }
        return null;
    }

    private static void notMade(Look look, String why, String remedy) {
        look.found(ID, Severity.WARNING, Look.TARGET, "The restore could not be rehearsed: " + why + ".", remedy);
    }

    /** Why there is no rehearsal. */
    private static final class NotMade extends Exception {
        private static final long serialVersionUID = 1L;

        private final String why;
        private final String remedy;

        NotMade(String why, String remedy) {
            this.why = why;
            this.remedy = remedy;
        }
    }

    private static void mustBeEmpty(List<String> there) throws NotMade {
        if (!there.isEmpty()) {
            throw new NotMade(
                    "the target is not empty: it holds " + String.join(", ", there),
                    "Rehearse in a new instance, or go on without.");
        }
    }

    private static List<String> found(Look look, Connected target) throws SQLException {
        return target.transaction("READ ONLY", () -> {
            look.pin(target);
            return target.rows(FOUND_IN_TARGET, row -> row.getString(1));
        });
    }

    // Dumping

    private String dump(Look look) throws NotMade {
        int version = version();
        if (version < look.from()) {
            throw new NotMade(
                    "pg_dump is version " + version + ", and reads no newer server than that; the source is version "
                            + look.from(),
                    "Install the client programs of version " + look.to() + " (Debian and Ubuntu: postgresql-client-"
                            + look.to() + "), and say where pg_dump is (withProgram).");
        }
        Ended ended = program(List.of(
                program,
                "--schema-only",
                "--no-owner",
                "--no-privileges",
                "--no-tablespaces",
                "--encoding=UTF8",
                "--lock-wait-timeout=" + LOCK_TIMEOUT.toMillis(),
                "--no-password"));
        if (ended.exitCode() != 0) {
            throw new NotMade(
                    "pg_dump failed: " + withoutAddress(ended.errors()),
                    "See what it says; user, password and address come from the DatabaseAddress.");
        }
        return ended.output();
    }

    private int version() throws NotMade {
        Ended ended = program(List.of(program, "--version"));
        Matcher matcher = VERSION.matcher(ended.output());
        if (ended.exitCode() != 0 || !matcher.find()) {
            throw new NotMade(
                    program + " does not tell its version", "Say where PostgreSQL's pg_dump is (withProgram).");
        }
        return Integer.parseInt(matcher.group(1));
    }

    private record Ended(int exitCode, String output, String errors) {}

    private Ended program(List<String> command) throws NotMade {
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        List.of("PGHOSTADDR", "PGSERVICE", "PGSERVICEFILE", "PGPASSFILE", "PGOPTIONS")
                .forEach(environment::remove);
        // Not by arguments, which everybody on the machine can read.
        environment.put("PGHOST", source.host());
        environment.put("PGPORT", Integer.toString(source.port()));
        environment.put("PGDATABASE", source.database());
        environment.put("PGUSER", source.user());
        environment.put("PGPASSWORD", source.password());
        source.options().forEach((option, value) -> environment.put(VARIABLES.getOrDefault(option, option), value));
        environment.put("PGAPPNAME", "divio4j rehearsal");
        environment.put("LC_ALL", "C");
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new NotMade(
                    "the program " + program + " cannot be run",
                    "Install PostgreSQL's client programs (Debian and Ubuntu: apt-get install postgresql-client), or say where"
                            + " pg_dump is (withProgram).");
        }
        try {
            process.getOutputStream().close();
            CompletableFuture<String> output = reading(process.getInputStream());
            CompletableFuture<String> errors = reading(process.getErrorStream());
            if (!process.waitFor(timeLimit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new NotMade(
                        "pg_dump did not end within " + timeLimit.toSeconds() + " s",
                        "Allow more time (withTimeLimit).");
            }
            return new Ended(process.exitValue(), output.join(), errors.join().strip());
        } catch (IOException | CompletionException e) {
            throw new NotMade("what pg_dump wrote could not be read", "Try again.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw DatabaseException.because(
                    Reason.INTERRUPTED,
                    "rehearse the restore",
                    Look.SOURCE,
                    "the thread was interrupted",
                    "nothing was changed",
                    Reason.INTERRUPTED.remedy());
        } finally {
            process.destroyForcibly();
        }
    }

    private static CompletableFuture<String> reading(InputStream in) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try (in) {
                text.complete(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException | RuntimeException e) {
                text.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return text;
    }

    private String withoutAddress(String words) {
        return words.lines()
                .limit(3)
                .map(line -> line.replaceAll("connection to server at .*? failed: ", "")
                        .replace(source.host(), "(address)")
                        .strip())
                .reduce((one, other) -> one + " " + other)
                .orElse("it says nothing");
    }

    // Restoring

    /**
     * What is executed at once, and undone at once if it fails.
     *
     * @param object what it makes, such as {@code table public.orders}; empty for settings
     */
    record Piece(String object, String sql) {}

    /** Cuts a dump in plain SQL at the comments by which it announces objects. */
    static List<Piece> pieces(String dump) {
        List<Piece> pieces = new ArrayList<>();
        List<Integer> begins = new ArrayList<>();
        List<String> objects = new ArrayList<>();
        begins.add(0);
        objects.add("");
        SqlText.visit(dump, (part, begin, end) -> {
            if (part == SqlText.Part.COMMENT) {
                Matcher header = HEADER.matcher(dump.substring(begin, end));
                if (header.matches()) {
                    begins.add(begin);
                    String schema = header.group(3).equals("-") ? "" : header.group(3) + ".";
                    objects.add(header.group(2).toLowerCase(Locale.ROOT) + " " + schema + header.group(1));
                }
            }
        });
        begins.add(dump.length());
        for (int i = 0; i < objects.size(); i++) {
            cut(objects.get(i), dump.substring(begins.get(i), begins.get(i + 1)), pieces);
        }
        return pieces;
    }

    /** Settings stand behind an object, although they are for the next one: each is a piece of its own. */
    private static void cut(String object, String text, List<Piece> pieces) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        int last = lines.size() - 1;
        while (last >= 0 && (lines.get(last).isBlank() || isAside(lines.get(last)))) {
            last--;
        }
        List<String> kept = lines.subList(0, last + 1);
        if (object.isEmpty()) {
            // In front of the first object nothing has more than one line.
            addSettings(kept, pieces);
        } else if (kept.stream().anyMatch(line -> !line.startsWith("--"))) {
            pieces.add(new Piece(object, String.join("\n", kept)));
        }
        addSettings(lines.subList(last + 1, lines.size()), pieces);
    }

    private static void addSettings(List<String> lines, List<Piece> pieces) {
        lines.stream()
                .filter(line -> !line.isBlank() && !line.startsWith("--") && !line.startsWith("\\"))
                .filter(line -> !TIMEOUT.matcher(line).matches())
                .forEach(line -> pieces.add(new Piece("", line)));
    }

    /** Newer dump programs put commands for psql around a dump. */
    private static boolean isAside(String line) {
        return line.startsWith("--")
                || line.startsWith("\\")
                || SETTING.matcher(line).matches();
    }

    /** Ends the transaction without keeping anything. */
    private static final class Undone extends SQLException {
        private static final long serialVersionUID = 1L;
    }

    /** A piece that was refused, and the objects that could not be made without it. */
    private record Failure(String object, String words, List<String> others) {}

    private static void restore(Look look, Connected target, List<Piece> pieces) throws SQLException, NotMade {
        Map<String, Failure> failures = new LinkedHashMap<>();
        List<String> there = new ArrayList<>();
        try {
            target.transaction("READ WRITE", () -> {
                look.pin(target);
                there.addAll(target.rows(FOUND_IN_TARGET, row -> row.getString(1)));
                if (there.isEmpty()) {
                    for (int i = 0; i < pieces.size(); i += PIECES_AT_ONCE) {
                        attempt(target, pieces.subList(i, Math.min(pieces.size(), i + PIECES_AT_ONCE)), failures);
                    }
                }
                throw new Undone();
            });
        } catch (Undone e) {
            mustBeEmpty(there);
        } catch (SQLException e) {
            if (!isLost(e)) {
                mustBeAsBefore(look, target);
            }
            throw e;
        } finally {
            failures.values().forEach(failure -> report(look, failure));
        }
        mustBeAsBefore(look, target);
    }

    private static void mustBeAsBefore(Look look, Connected target) throws SQLException {
        List<String> left = found(look, target);
        if (!left.isEmpty()) {
            throw DatabaseException.because(
                    Reason.CHANGED_MEANWHILE,
                    "leave the target empty after the rehearsal",
                    Look.TARGET,
                    "it holds " + String.join(", ", left),
                    "the transaction of the rehearsal was rolled back, and these are there in spite of that",
                    "Find out who uses the target, and empty it before anything is restored.");
        }
    }

    private static boolean isLost(SQLException e) {
        Reason reason = DatabaseException.reasonOf(e);
        return reason == Reason.CONNECTION_LOST || reason == Reason.UNREACHABLE;
    }

    /** Executes pieces together; if that fails, one by one. */
    private static void attempt(Connected target, List<Piece> pieces, Map<String, Failure> failures)
            throws SQLException {
        String sql = pieces.stream().map(Piece::sql).collect(Collectors.joining("\n"));
        target.execute("SAVEPOINT pieces");
        try {
            target.execute(sql);
            target.execute("RELEASE SAVEPOINT pieces");
            return;
        } catch (SQLException e) {
            throwIfNoVerdict(e);
            target.execute("ROLLBACK TO SAVEPOINT pieces");
        }
        for (Piece piece : pieces) {
            attempt(target, piece, failures);
        }
    }

    private static void attempt(Connected target, Piece piece, Map<String, Failure> failures) throws SQLException {
        target.execute("SAVEPOINT piece");
        try {
            target.execute(piece.sql());
            target.execute("RELEASE SAVEPOINT piece");
        } catch (SQLException e) {
            throwIfNoVerdict(e);
            target.execute("ROLLBACK TO SAVEPOINT piece");
            if (!isHarmless(piece, String.valueOf(e.getSQLState()))) {
                add(piece, e, failures);
            }
        }
    }

    /** Says whether the server refused the statement, or only could not execute it now. */
    private static void throwIfNoVerdict(SQLException e) throws SQLException {
        // Class 53 is a lack of room: of memory for the locks of one transaction, for example.
        if (isLost(e)
                || DatabaseException.reasonOf(e) == Reason.TIMED_OUT
                || String.valueOf(e.getSQLState()).startsWith("53")) {
            throw e;
        }
    }

    private static void add(Piece piece, SQLException e, Map<String, Failure> failures) {
        String message = String.valueOf(e.getMessage());
        Failure first = failures.entrySet().stream()
                .filter(f -> message.contains('"' + f.getKey() + '"') || message.contains(" " + f.getKey() + "("))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
        if (first == null || DatabaseException.reasonOf(e) != Reason.CHANGED_MEANWHILE) {
            String name = piece.object().substring(piece.object().lastIndexOf(' ', nameEnd(piece)) + 1);
            failures.putIfAbsent(
                    name.replaceFirst("\\(.*", ""),
                    new Failure(piece.object(), DatabaseException.words(e), new ArrayList<>()));
        } else if (!piece.object().startsWith("comment ")) {
            first.others().add(piece.object());
        }
    }

    /** The arguments of a function have spaces between them. */
    private static int nameEnd(Piece piece) {
        int arguments = piece.object().indexOf('(');
        return arguments < 0 ? piece.object().length() : arguments;
    }

    /**
     * What a restore by another role than the one that made the dump always brings up, and loses nothing: whose the schema public is,
     * that it exists, comments on what belongs to somebody else, and settings that the server has never heard of.
     */
    private static boolean isHarmless(Piece piece, String state) {
        return switch (state) {
            // Insufficient privilege.
            case "42501" ->
                piece.object().equals("schema public")
                        || piece.object().equals("comment SCHEMA public")
                        || piece.object().startsWith("comment EXTENSION ");
            // Duplicate schema.
            case "42P06" -> piece.object().equals("schema public");
            default -> piece.object().isEmpty();
        };
    }

    private static void report(Look look, Failure failure) {
        List<String> others = failure.others();
        String consequences = others.isEmpty()
                ? ""
                : " What needs it fails, too: " + String.join(", ", others.subList(0, Math.min(5, others.size())))
                        + (others.size() > 5 ? " and " + (others.size() - 5) + " more." : ".");
        look.found(
                ID,
                Severity.BLOCKS_RESTORE,
                failure.object(),
                "The target refuses it: " + failure.words() + "." + consequences,
                "Change it in the source, or drop it there, before the backup.");
    }
}
