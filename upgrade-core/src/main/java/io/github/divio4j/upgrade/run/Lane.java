package io.github.divio4j.upgrade.run;

import static java.util.stream.Collectors.joining;

import io.github.divio4j.upgrade.Blocker;
import io.github.divio4j.upgrade.CatalogueService;
import io.github.divio4j.upgrade.DatabaseFacts.Retired;
import io.github.divio4j.upgrade.EnvironmentPlan;
import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.OperationState;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.run.RunReport.EnvironmentResult;
import io.github.divio4j.upgrade.run.RunReport.Result;
import io.github.divio4j.upgrade.run.RunReport.Window;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a run knows of one environment. Only the run's own thread touches it. */
final class Lane {

    private static final Set<Step.Kind> CUTOVER =
            EnumSet.of(Step.Kind.RENAME_PREFIX, Step.Kind.DETACH, Step.Kind.ATTACH, Step.Kind.DEPLOY);

    final EnvironmentRef environment;
    final int wave;

    Observation seen;
    EnvironmentPlan plan;
    /** Whether it has a turn: it counts as one of those that go side by side. */
    boolean active;
    /** Whether its turn is for its preparation only. */
    boolean preparing;
    /** Whether this run executed a step of it. */
    boolean touched;
    /** Whether this run began its migration. */
    boolean migrating;
    /** Whether the application may be between two prefixes: then nothing comes before its next step. */
    boolean inCutover;

    /** How often somebody took back what was done. */
    int setbacks;

    @Nullable
    Underway step;

    @Nullable
    Pause pause;
    /** When to stop waiting for a blocker that passes by itself; null while there is none. */
    @Nullable
    Instant patienceEnds;
    /** The run that this run takes over from. */
    @Nullable
    String over;

    @Nullable
    Window unprotected;

    @Nullable
    Window writesRefused;
    /** Whether this run knows that the application has moved. */
    private boolean hasMoved;
    /** What was last seen of databases that the application has left, by their ids: they may be gone by now. */
    private final Map<String, Retired> retired = new HashMap<>();
    /** Since when each fence that was ever seen here was up, by its token. */
    private final Map<String, Instant> fences = new HashMap<>();

    @Nullable
    EnvironmentResult result;

    /** What to do next, and when. */
    record Pause(Instant until, Runnable then) {}

    /** A step under way. */
    static final class Underway {
        final Step step;
        final Instant began;
        Map<String, String> facts;
        final List<Instant> executed = new ArrayList<>();
        Instant heartbeat;
        /** Whether its outcome is known; what remains is to see its effect. */
        boolean over;

        Underway(Step step, Instant began, Map<String, String> facts, Instant heartbeat) {
            this.step = step;
            this.began = began;
            this.facts = facts;
            this.heartbeat = heartbeat;
        }
    }

    Lane(EnvironmentRef environment, int wave, Observation seen, EnvironmentPlan plan) {
        this.environment = environment;
        this.wave = wave;
        this.seen = seen;
        this.plan = plan;
        see(seen, plan);
    }

    void see(Observation observation, EnvironmentPlan fresh) {
        seen = observation;
        plan = fresh;
        observation.databases().fences().values().forEach(f -> fences.put(f.token(), f.since()));
        observation.instances().forEach(i -> retired.remove(i.id()));
        retired.putAll(observation.databases().retired());
        // What is blocked in the middle of its cutover is still there.
        inCutover = plan instanceof EnvironmentPlan.Ready ready
                ? ready.inCutover()
                : inCutover && plan instanceof EnvironmentPlan.Blocked;
    }

    boolean isOver() {
        return result != null;
    }

    /** Whether it waits for a turn. */
    boolean waitsForTurn() {
        return !active && !isOver() && pause == null && plan instanceof EnvironmentPlan.Ready;
    }

    Step next() {
        return plan.steps().get(0);
    }

    private boolean comesTo(Step.Phase phase) {
        return plan instanceof EnvironmentPlan.Ready && next().kind().phase() == phase;
    }

    /** Whether others must wait for its preparation. */
    boolean isUnprepared() {
        return !isOver() && !migrating && (comesTo(Step.Phase.PREPARE) || plan instanceof EnvironmentPlan.Blocked);
    }

    boolean comesToPreparation() {
        return comesTo(Step.Phase.PREPARE);
    }

    /** Whether later waves need not wait for it any more. */
    boolean isThrough() {
        return isOver() || comesTo(Step.Phase.RETIRE);
    }

    /** Whether it must not be left as it is. */
    boolean mustReachDeployment() {
        return inCutover || (step != null && CUTOVER.contains(step.step.kind()));
    }

    boolean isPassinglyBlocked() {
        return plan instanceof EnvironmentPlan.Blocked blocked
                && blocked.blockers().stream().allMatch(b -> b.reason().passesByItself());
    }

    /** Whether all that it lacks is something to upgrade. */
    boolean hasNothingToUpgrade() {
        return plan instanceof EnvironmentPlan.Blocked blocked
                && blocked.blockers().stream().allMatch(b -> b.reason() == Blocker.Reason.NO_POSTGRES);
    }

    String blockers() {
        return plan instanceof EnvironmentPlan.Blocked blocked
                ? blocked.blockers().stream()
                        .map(b -> b.message() + " " + b.remedy())
                        .collect(joining(" "))
                : "";
    }

    /** Its databases, for people. */
    String trueNow() {
        String databases = seen.instances().stream()
                .filter(Observation.Instance::isDatabase)
                .map(i -> i.prefix() + " is "
                        + seen.service(i.serviceId())
                                .map(CatalogueService::name)
                                .orElse("a database of an unknown service")
                        + ", " + i.statusText())
                .sorted()
                .collect(joining("; "));
        String refusing = seen.instances().stream()
                .filter(i -> seen.databases().fences().containsKey(i.id()))
                .map(i -> " " + i.prefix() + " refuses writes.")
                .sorted()
                .collect(joining());
        return databases.isEmpty() ? "It has no database." : databases + "." + refusing;
    }

    EnvironmentResult resultOf(Result how, String detail, String next) {
        return new EnvironmentResult(
                environment,
                how,
                detail,
                trueNow(),
                next,
                touched ? unprotected : null,
                touched ? writesRefused : null,
                retired.values().stream().findFirst().orElse(hasMoved ? unmeasured() : null));
    }

    private Retired unmeasured() {
        return Retired.unknown("Nobody could: "
                + seen.unsupported().getOrDefault(Step.Kind.VERIFY, "it is not done by this DatabaseWork."));
    }

    /**
     * Notes the unprotected window of an application that has moved, or how long it could not write, by the platform's times.
     *
     * @param moved when the deployment ended, if the platform does not tell; null if that is not known either
     */
    void noteWindow(@Nullable Instant moved) {
        Observation.Deployment latest = seen.latestDeployment();
        Instant until = latest != null && latest.state() == OperationState.SUCCEEDED && latest.endedAt() != null
                ? latest.endedAt()
                : moved;
        if (until != null) {
            backupInUse().ifPresent(backup -> {
                hasMoved = true;
                String fence = backup.note().fence();
                Instant refused = fence == null ? null : fences.get(fence);
                unprotected = fence == null ? new Window(backup.startedAt(), until) : null;
                writesRefused = refused == null ? null : new Window(refused, until);
            });
        }
    }

    /** Whether the backup that was restored last is still there. */
    boolean holdsRestoredBackup() {
        return seen.restores().stream()
                .reduce((earlier, later) -> later)
                .filter(r -> seen.backups().stream().anyMatch(b -> b.id().equals(r.backupId())))
                .isPresent();
    }

    /** The backup whose data is in the database that is in use. */
    private Optional<Observation.Backup> backupInUse() {
        return seen.restores().stream()
                .filter(r -> r.state() == OperationState.SUCCEEDED
                        && seen.instances().stream()
                                .anyMatch(i -> i.id().equals(r.note().instanceId())
                                        && i.isDatabase()
                                        && i.status().visibleToApplication()))
                .reduce((earlier, later) -> later)
                .flatMap(r -> seen.backups().stream()
                        .filter(b -> b.id().equals(r.backupId()))
                        .findFirst());
    }
}
