package io.github.divio4j.upgrade.postgres;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import io.github.divio4j.upgrade.CatalogueService;
import io.github.divio4j.upgrade.DatabaseFacts;
import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceRef;
import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.PostgresVersion;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.StepId;
import io.github.divio4j.upgrade.UpgradeSpec.Verification;
import io.github.divio4j.upgrade.run.DatabaseWork;
import io.github.divio4j.upgrade.run.StepContext;
import io.github.divio4j.upgrade.run.StepExecutor;
import io.github.divio4j.upgrade.run.StepOutcome;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Does the steps of an upgrade that are done inside its databases: {@linkplain Preflight looks} for what would break it, raises and lifts {@linkplain WriteFence fences}, {@linkplain
 * DataComparison compares} and {@linkplain Statistics analyzes}.
 *
 * <pre>{@code
 * DivioUpgrade upgrade = DivioUpgrade.builder(divio, "order-book")
 *         .databases(PostgresDatabases.through(access))
 *         .build();
 * upgrade.runner().build().run(UpgradeSpec.withoutLoss("15").build());
 * }</pre>
 *
 * <p>Besides, it measures what is lost, with or without a fence: it {@linkplain LossMeter#mark marks} the source before its backup,
 * and the target before the application can write to it, and once the application has moved, whoever looks first counts what
 * reached the source after the snapshot ({@code RunReport.EnvironmentResult.retired}). The source is deleted when nobody is
 * connected to it any more, which is waited for until the deadline of that step; {@link #ignoringSessions} says who does not count.
 *
 * <p>What was done is kept in the databases themselves, in their comments, so that a later run on another machine knows it. Each step
 * runs in a thread of its own, and goes on there if the run that began it ends; in an environment the next step waits for that. Safe
 * for use by several threads.
 */
public final class PostgresDatabases implements DatabaseWork {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);
    private static final Duration LOOK_FOR_SESSIONS_AGAIN = Duration.ofSeconds(2);
    private static final int DIFFERENCES_TOLD = 10;
    private static final int FINDINGS_TOLD = 50;
    /** The fact that tells why a deletion waits. */
    private static final String WAITING = "waiting";

    /** How the application names of sessions begin that are none of the application's. */
    static final String APPLICATION_NAME = "divio4j";

    private final DatabaseAccess access;
    private final @Nullable DatabaseAddresses rehearsed;
    private final Predicate<Session> ignored;
    private final Losses losses;
    private final Map<EnvironmentRef, Task> tasks = new ConcurrentHashMap<>();
    private final RecentObstacles obstacles = new RecentObstacles();

    private PostgresDatabases(
            DatabaseAccess access, Predicate<Session> ignored, @Nullable DatabaseAddresses rehearsed) {
        this.access = requireNonNull(access, "access");
        this.ignored = requireNonNull(ignored, "ignored");
        this.losses = new Losses(access, ignored);
        this.rehearsed = rehearsed;
    }

    /** The databases that the caller has a way to. */
    public static PostgresDatabases through(DatabaseAccess access) {
        return new PostgresDatabases(access, session -> false, null);
    }

    /**
     * The same, but a preflight also restores the schema of the source into the target, and takes it back ({@link Rehearsal}).
     *
     * @param sources where {@code pg_dump}, which cannot use a data source, finds the sources
     */
    public PostgresDatabases rehearsing(DatabaseAddresses sources) {
        return new PostgresDatabases(access, ignored, requireNonNull(sources, "sources"));
    }

    /**
     * The same, but these sessions do not keep a source from being deleted: those of a monitor, for example. {@code session -> true}
     * deletes it whoever is still connected; what they write from then on is lost.
     */
    public PostgresDatabases ignoringSessions(Predicate<Session> sessions) {
        return new PostgresDatabases(access, sessions, rehearsed);
    }

    @Override
    public Map<Step.Kind, String> unsupported(Observation seen) {
        List<Observation.Instance> used = seen.instances().stream()
                .filter(i -> isPostgres(seen, i) && i.status().visibleToApplication())
                .toList();
        if (used.isEmpty()
                || used.stream().anyMatch(i -> access.to(seen.environment(), i).isPresent())) {
            return Map.of();
        }
        String why = "there is no way to "
                + used.stream().map(Observation.Instance::prefix).collect(joining(" or ")) + " (DatabaseAccess).";
        Map<Step.Kind, String> none = new EnumMap<>(Step.Kind.class);
        for (Step.Kind kind : Step.Kind.values()) {
            if (kind.isInsideDatabase()) {
                none.put(kind, why);
            }
        }
        return none;
    }

    private static boolean isPostgres(Observation seen, Observation.Instance instance) {
        return instance.isDatabase()
                && seen.service(instance.serviceId())
                        .flatMap(CatalogueService::postgresVersion)
                        .isPresent();
    }

    // Looking

    @Override
    public DatabaseFacts look(Observation seen) {
        Map<String, DatabaseFacts.Fence> fences = new HashMap<>();
        Map<String, Verification> verified = new HashMap<>();
        Set<String> analyzed = new HashSet<>();
        Map<String, DatabaseFacts.Preflight> preflights = new HashMap<>(obstacles.of(seen));
        Map<String, DatabaseFacts.Retired> retired = new HashMap<>();
        for (Observation.Instance instance : seen.instances()) {
            DatabaseFacts.Retired left = isPostgres(seen, instance) ? losses.look(seen, instance) : null;
            if (left != null) {
                retired.put(instance.id(), left);
            }
            DataSource database = isPostgres(seen, instance) && isSetUp(instance)
                    ? access.to(seen.environment(), instance).orElse(null)
                    : null;
            if (database != null) {
                try {
                    Optional<DatabaseFacts.Fence> fence = lookAtFence(database);
                    fence.ifPresent(f -> fences.put(instance.id(), f));
                    // Behind a fence nobody asks any more.
                    if (fence.isEmpty() && instance.status().visibleToApplication()) {
                        lookAtPreflight(database).ifPresent(p -> preflights.putIfAbsent(instance.id(), p));
                    }
                    String restore = restoreInto(seen, instance);
                    if (restore != null) {
                        lookAtTarget(database, restore, instance, verified, analyzed);
                    }
                } catch (DatabaseException e) {
                    if (instance.status().visibleToApplication()) {
                        throw e;
                    }
                    // It may be anybody's, or about to be deleted: what is not known counts as not done.
                }
            }
        }
        return new DatabaseFacts(fences, verified, analyzed)
                .withPreflights(preflights)
                .withRetired(retired);
    }

    private static boolean isSetUp(Observation.Instance instance) {
        return switch (instance.status()) {
            case PENDING_ATTACHMENT, ATTACHED, PENDING_DETACHMENT, DETACHED -> true;
            case NEW, PROVISIONING, REMOVED, UNKNOWN -> false;
        };
    }

    private static Optional<DatabaseFacts.Fence> lookAtFence(DataSource database) {
        FenceState state = WriteFence.of(database).state();
        return state.up() && state.owner() != null && state.since() != null
                ? Optional.of(new DatabaseFacts.Fence(state.owner(), state.since(), state.holds()))
                : Optional.empty();
    }

    private static Optional<DatabaseFacts.Preflight> lookAtPreflight(DataSource database) {
        return Optional.ofNullable(PassedNote.in(DatabaseNotes.in(database)))
                .map(note -> new DatabaseFacts.Preflight(note.target(), List.of()));
    }

    /** The newest restore into an instance, if it ended well. */
    private static @Nullable String restoreInto(Observation seen, Observation.Instance instance) {
        Observation.Restore restore = Losses.restoreInto(seen, instance);
        return restore == null ? null : restore.id();
    }

    private static void lookAtTarget(
            DataSource database,
            String restore,
            Observation.Instance instance,
            Map<String, Verification> verified,
            Set<String> analyzed) {
        try (Connected connected = Connected.to(database)) {
            ComparedMark mark = ComparedMark.in(connected.comment(), connected.identity());
            if (mark != null && mark.restore().equals(restore)) {
                verified.put(restore, mark.level());
            }
        } catch (SQLException e) {
            throw DatabaseException.of("read the comment of", "the target", "nothing was changed", e);
        }
        // Once the application uses it, nobody asks any more.
        boolean waits =
                instance.status() == InstanceStatus.PENDING_ATTACHMENT || instance.status() == InstanceStatus.DETACHED;
        if (waits && Statistics.look(database).isComplete()) {
            analyzed.add(restore);
        }
    }

    // Doing

    /**
     * What is done in an environment.
     *
     * @param run the run that asked for it; null if that is not known
     * @param progress what is going on, in a few words
     */
    private record Task(StepId step, @Nullable String run, String progress, FutureTask<StepOutcome> work) {
        /** Whether it is what a step of a run waits for. */
        boolean isFor(Step asked, StepContext context) {
            return step.equals(asked.id()) && Objects.equals(run, context.run());
        }
    }

    @Override
    public StepOutcome execute(Step step, StepContext context) throws InterruptedException {
        return perform(step, context, () -> task(step, context));
    }

    /** Does one thing at a time in an environment: what an earlier run had begun must not end in the middle of what a later one does. */
    private StepOutcome perform(Step step, StepContext context, Supplier<Task> wanted) throws InterruptedException {
        Task task = tasks.compute(
                step.environment(),
                (environment, before) -> before == null || (before.work().isDone() && !before.isFor(step, context))
                        ? begin(wanted.get())
                        : before);
        if (!task.work().isDone() || !task.isFor(step, context)) {
            return new StepOutcome.InProgress(LOOK_AGAIN, task.progress(), context.facts());
        }
        tasks.remove(step.environment(), task);
        try {
            return task.work().get();
        } catch (ExecutionException e) {
            Throwable reason = requireNonNull(e.getCause());
            if (reason instanceof DatabaseException refused) {
                return failed(String.valueOf(refused.getMessage()), true, context);
            }
            throw new IllegalStateException("could not " + step.describe() + ": " + reason.getMessage(), reason);
        }
    }

    private static Task begin(Task task) {
        Thread thread = new Thread(task.work(), "divio4j-database");
        // What it does is found again, and safe to do again.
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private Task task(Step step, StepContext context) {
        return switch (step.kind()) {
            case PREFLIGHT ->
                task(
                        step,
                        context,
                        "looking for what would break the upgrade",
                        () -> preflight((Step.Preflight) step, context));
            case FENCE_WRITES ->
                task(step, context, "writes are being stopped", () -> raise((Step.FenceWrites) step, context));
            case VERIFY -> task(step, context, "being compared", () -> compare((Step.Verify) step, context));
            case ANALYZE -> task(step, context, "being analyzed", () -> analyze((Step.Analyze) step, context));
            case LIFT_FENCE ->
                task(step, context, "writes are being allowed", () -> lift((Step.LiftFence) step, context));
            case ADD_SERVICE,
                    CLAIM_TARGET,
                    PROVISION,
                    BACK_UP,
                    UPLOAD_BACKUP,
                    RESTORE,
                    RENAME_PREFIX,
                    DETACH,
                    ATTACH,
                    DEPLOY,
                    DOWNLOAD_BACKUP,
                    DELETE_SERVICE ->
                throw new IllegalArgumentException("it is not done inside a database to " + step.describe());
        };
    }

    private static Task task(Step step, StepContext context, String progress, Callable<StepOutcome> work) {
        return new Task(step.id(), context.run(), progress, new FutureTask<>(work));
    }

    private StepOutcome preflight(Step.Preflight step, StepContext context) {
        Observation now = context.observation();
        Observation.Instance instance = now.find(step.source()).orElse(null);
        DataSource source = database(step.source(), context);
        DataSource target = database(step.target(), context);
        if (instance == null || source == null || target == null) {
            return noWay(source == null ? step.source() : step.target(), context);
        }
        PostgresVersion version = step.target()
                .service()
                .postgresVersion()
                .orElseThrow(() -> new IllegalArgumentException("a target without a version: " + step.target()));
        Preflight.Builder preflight = Preflight.of(source, version).target(target);
        if (rehearsed != null) {
            preflight.rehearsal(Rehearsal.of(address(rehearsed, instance, now)));
        }
        PreflightResult result = preflight.build().run();
        if (result.passed()) {
            DatabaseNotes notes = DatabaseNotes.in(source);
            DatabaseNotes.rewrite(source, new PassedNote(version, notes.at(), notes.database())::in);
        } else {
            obstacles.found(instance, new DatabaseFacts.Preflight(version, obstaclesOf(result, step)));
        }
        return new StepOutcome.Done(told(result));
    }

    private static List<DatabaseFacts.Obstacle> obstaclesOf(PreflightResult result, Step.Preflight step) {
        return result.blocking().stream()
                .map(f -> new DatabaseFacts.Obstacle(
                        f.id() + ", " + f.object() + " in " + step.source() + ": " + f.why(), f.remedy()))
                .toList();
    }

    private static DatabaseAddress address(
            DatabaseAddresses addresses, Observation.Instance instance, Observation now) {
        try {
            return addresses.address(now.environment(), instance);
        } catch (AccessException e) {
            throw DatabaseException.of("find the address of", "the source", "nothing was changed", e);
        }
    }

    /** What people should read of it before they go on, and how much there is of what is merely good to know. */
    private static Map<String, String> told(PreflightResult result) {
        Map<String, String> facts = new HashMap<>();
        for (Finding.Severity severity : Finding.Severity.values()) {
            int count = result.of(severity).size();
            if (count > 0) {
                facts.put("findings_" + severity.name().toLowerCase(Locale.ROOT), Integer.toString(count));
            }
        }
        String lines = result.findings().stream()
                .filter(f -> f.severity() != Finding.Severity.INFORMATION)
                .limit(FINDINGS_TOLD)
                .map(Finding::describe)
                .collect(joining("\n"));
        if (!lines.isEmpty()) {
            facts.put("findings", lines);
        }
        if (result.bytes() != null) {
            facts.put("bytes", Long.toString(result.bytes()));
        }
        if (result.writesPerSecond() != null) {
            facts.put("writes_per_second", String.format(Locale.ROOT, "%.1f", result.writesPerSecond()));
        }
        if (result.duration() != null) {
            facts.put("expected_seconds", Long.toString(result.duration().toSeconds()));
        }
        return facts;
    }

    /** An executor that does what is to be done in databases, and before some steps of the other one measures what is lost. */
    @Override
    public StepExecutor around(StepExecutor executor) {
        StepExecutor both = DatabaseWork.super.around(executor);
        return (step, context) -> {
            StepOutcome first = before(step, context);
            return first.isDone() ? both.execute(step, context) : first;
        };
    }

    /** What is to be done before a step is begun; done if it may begin. */
    private StepOutcome before(Step step, StepContext context) throws InterruptedException {
        Observation now = context.observation();
        if (step instanceof Step.BackUp backUp && context.facts().isEmpty()) {
            losses.markSource(backUp, now);
        } else if (step instanceof Step.RenamePrefix rename) {
            Losses.Move move = losses.unmarkedMove(rename, now);
            if (move != null) {
                return perform(
                        step,
                        context,
                        () -> task(step, context, "counting the rows of the target", () -> {
                            losses.markTarget(move, now);
                            return new StepOutcome.Done(Map.of());
                        }));
            }
        } else if (step instanceof Step.DeleteService delete
                && delete.instance().role() == InstanceRef.Role.SOURCE) {
            Observation.Instance source = now.find(delete.instance())
                    .filter(i -> i.status() == InstanceStatus.DETACHED)
                    .orElse(null);
            DataSource database =
                    source == null ? null : access.to(now.environment(), source).orElse(null);
            if (source != null && database != null) {
                return perform(
                        step,
                        context,
                        () -> task(
                                step,
                                context,
                                // What was found last, as long as nothing newer is known: a deadline may pass here.
                                context.facts()
                                        .getOrDefault(WAITING, "looking who is connected to " + delete.instance()),
                                () -> mayBeDeleted(delete, context, source, database)));
            }
        }
        return new StepOutcome.Done(Map.of());
    }

    private StepOutcome mayBeDeleted(
            Step.DeleteService delete, StepContext context, Observation.Instance source, DataSource database) {
        String why;
        try {
            List<Session> left = losses.beforeDeletion(context.observation(), source, database);
            if (left.isEmpty()) {
                return new StepOutcome.Done(Map.of());
            }
            why = "waiting until nobody is connected to " + delete.instance() + " any more ("
                    + String.join(", ", Losses.texts(left))
                    + "; to delete it in spite of a session, ignore that: PostgresDatabases.ignoringSessions)";
        } catch (DatabaseException e) {
            why = "waiting until it can be told who is connected to " + delete.instance() + " (" + e.getMessage()
                    + "; to delete it without knowing, give no DataSource for it: DatabaseAccess)";
        }
        Map<String, String> facts = new HashMap<>(context.facts());
        facts.put(WAITING, why);
        return new StepOutcome.InProgress(LOOK_FOR_SESSIONS_AGAIN, why, facts);
    }

    private StepOutcome raise(Step.FenceWrites step, StepContext context) {
        DataSource database = database(step.source(), context);
        if (database == null) {
            return noWay(step.source(), context);
        }
        WriteFence fence = WriteFence.of(database);
        FenceState state = fence.state();
        String owner = state.owner();
        boolean unproven = state.gaps().stream().anyMatch(gap -> gap.kind() == FenceState.Kind.UNPROVEN);
        if (owner != null && !state.holds() && !unproven) {
            // What was backed up under it proves nothing; under another one, it is backed up again.
            fence.lift(owner);
            owner = null;
        }
        fence.raise(owner == null ? UUID.randomUUID().toString() : owner);
        return new StepOutcome.Done(Map.of());
    }

    private StepOutcome lift(Step.LiftFence step, StepContext context) {
        DataSource database = database(step.source(), context);
        if (database == null) {
            return noWay(step.source(), context);
        }
        WriteFence fence = WriteFence.of(database);
        String owner = fence.state().owner();
        if (owner == null) {
            return new StepOutcome.AlreadyDone(Map.of());
        }
        List<Session> left = fence.lift(owner);
        return new StepOutcome.Done(
                left.isEmpty() ? Map.of() : Map.of("sessions_still_read_only", Integer.toString(left.size())));
    }

    private StepOutcome compare(Step.Verify step, StepContext context) {
        Observation now = context.observation();
        DataSource source = database(step.source(), context);
        DataSource target = database(step.target(), context);
        if (source == null || target == null) {
            return noWay(source == null ? step.source() : step.target(), context);
        }
        String restore = now.find(step.target()).map(i -> restoreInto(now, i)).orElse(null);
        if (restore == null) {
            return failed("No finished restore into " + step.target() + " is there to be compared.", false, context);
        }
        ComparisonResult result = DataComparison.builder()
                .level(
                        step.level() == Verification.COUNTS
                                ? DataComparison.Level.COUNTS
                                : DataComparison.Level.CHECKSUMS)
                .build()
                .compare(source, target);
        if (!result.isSame()) {
            return failed(told(step, result), false, context);
        }
        // Before it is noted: what fails here is done again with the comparison.
        Map<String, String> facts = new HashMap<>(bringSettings(source, target));
        try (Connected connected = Connected.to(target)) {
            ComparedMark mark = new ComparedMark(restore, step.level(), connected.identity());
            connected.comment(mark.in(connected.comment()));
        } catch (SQLException e) {
            throw DatabaseException.of("note the comparison in", "the target", "both hold the same", e);
        }
        facts.put("tables", Integer.toString(result.tables()));
        facts.put("rows", Long.toString(result.rows()));
        facts.put("milliseconds", Long.toString(result.duration().toMillis()));
        return new StepOutcome.Done(facts);
    }

    /** Gives the target the settings that a dump leaves behind, as far as its owner may. */
    private static Map<String, String> bringSettings(DataSource source, DataSource target) {
        List<LeftSettings.Outcome> outcomes = LeftSettings.of(source).applyTo(target);
        Map<String, String> facts = new HashMap<>();
        for (LeftSettings.State state : List.of(LeftSettings.State.APPLIED, LeftSettings.State.LEFT)) {
            String settings = outcomes.stream()
                    .filter(o -> o.state() == state)
                    .map(o -> o.setting() + (o.why().isEmpty() ? "" : " (" + o.why() + ")"))
                    .collect(joining("; "));
            if (!settings.isEmpty()) {
                facts.put("settings_" + state.name().toLowerCase(Locale.ROOT), settings);
            }
        }
        return facts;
    }

    private static String told(Step.Verify step, ComparisonResult result) {
        int more = result.differences().size() - DIFFERENCES_TOLD;
        return step.target() + " does not hold the same as " + step.source() + ": "
                + result.differences().stream()
                        .limit(DIFFERENCES_TOLD)
                        .map(Difference::describe)
                        .collect(joining("; "))
                + (more > 0 ? "; and " + more + " more" : "") + ".";
    }

    private StepOutcome analyze(Step.Analyze step, StepContext context) {
        DataSource target = database(step.target(), context);
        if (target == null) {
            return noWay(step.target(), context);
        }
        Statistics statistics = Statistics.analyze(target);
        return statistics.isComplete()
                ? new StepOutcome.Done(Map.of("tables", Integer.toString(statistics.tables())))
                : failed(
                        "After ANALYZE these columns have no statistics: " + String.join(", ", statistics.missing())
                                + ". The role may not analyze what it does not own.",
                        true,
                        context);
    }

    private @Nullable DataSource database(InstanceRef ref, StepContext context) {
        Observation now = context.observation();
        return now.find(ref).flatMap(i -> access.to(now.environment(), i)).orElse(null);
    }

    private static StepOutcome noWay(InstanceRef ref, StepContext context) {
        return failed("There is no way to " + ref + " (DatabaseAccess).", true, context);
    }

    private static StepOutcome failed(String message, boolean mayRetry, StepContext context) {
        return new StepOutcome.Failed(message, "The application has not moved.", mayRetry, context.facts());
    }
}
