package io.github.divio4j.upgrade.run;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import io.github.divio4j.upgrade.Blocker;
import io.github.divio4j.upgrade.EnvironmentPlan;
import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradePlan;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.run.RunReport.EnvironmentResult;
import io.github.divio4j.upgrade.run.RunReport.Result;
import io.github.divio4j.upgrade.run.RunReport.StepRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One run. All that happens is decided by one thread, the one that called {@link UpgradeRunner#run(UpgradeSpec)}: it hands calls to
 * the executor, and handles what comes of them, one after the other. Nothing waits inside: {@link #proceed} does what
 * there is to do now, and {@link #nextLook} tells when there will be more.
 */
final class Run {

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(3);
    /** A platform may show an effect a little later than it confirms it. */
    private static final int LOOKS_FOR_AN_EFFECT = 10;
    /** In the middle of an upgrade it is worth while to wait for a platform that cannot be reached for a moment. */
    private static final int TRIES_TO_LOOK = 10;

    /** How often to begin again when somebody takes back what was done. */
    private static final int SETBACKS = 3;

    private final UpgradeRunner.Settings settings;
    private final UpgradeSpec spec;
    private final Planning planning;
    private final Timer timer;
    private final RunListener listener;
    private final Calls calls;
    private final Instant startedAt;
    private final String id;
    private final OptionalLong callsBefore;

    private List<Lane> lanes = List.of();
    private UpgradePlan.Goal goal = UpgradePlan.Goal.UPGRADE;
    private final Map<Integer, Wave> waves = new TreeMap<>();
    private final List<StepRun> steps = new ArrayList<>();
    private final Map<Step.Kind, List<Duration>> took = new EnumMap<>(Step.Kind.class);
    /** What earlier runs wrote last of each environment. */
    private final Map<String, Journal.Entry> handedDown = new HashMap<>();

    private final Set<String> earlierRuns = new HashSet<>();
    private int looks;
    private @Nullable Lane lastLookedAt;

    /** Set by another thread. */
    private volatile boolean stopRequested;
    /** Why nothing at all is done any more. */
    private @Nullable String stopped;
    /** Why no new step begins, except where an application is to be brought to its deployment. */
    private @Nullable String winding;
    /** Whether steps under way are left to the platform as well. */
    private boolean outOfTime;
    /** Why nothing new begins in {@link #haltedFrom} and later waves. */
    private @Nullable String halted;

    private int haltedFrom = Integer.MAX_VALUE;
    /** The blocked environment that holds back all later waves: one of the earliest wave. */
    private @Nullable Lane holdingBack;
    /** That the platform is out of sight, if that halted the run. */
    private @Nullable String lostSight;

    private @Nullable Throwable thrown;

    /** A wave that has begun, or was stopped by its gate. */
    private static final class Wave {
        private final List<Lane> members;
        private final List<Lane> canaries;
        private boolean ended;

        Wave(List<Lane> members, int canaries) {
            this.members = members;
            this.canaries = members.subList(0, Math.min(canaries, members.size()));
        }

        boolean lets(Lane lane) {
            return canaries.contains(lane) || canaries.stream().allMatch(Lane::isThrough);
        }
    }

    /** The way there, or the way back. */
    interface Planning {
        UpgradePlan plan(Collection<Observation> observations, UpgradeSpec spec);
    }

    Run(UpgradeRunner.Settings settings, UpgradeSpec spec, Planning planning) {
        this.settings = settings;
        this.spec = spec;
        this.planning = planning;
        this.timer = settings.timer();
        this.listener = settings.listener();
        this.calls = new Calls(settings.calls());
        this.startedAt = timer.now();
        this.id = RunId.of(startedAt, settings.randomness().getAsLong());
        this.callsBefore = settings.observer().calls();
    }

    // The first look

    UpgradePlan observeAll() {
        List<EnvironmentRef> environments = settings.observer().environments();
        Map<EnvironmentRef, Observation> observations = new LinkedHashMap<>();
        int asked = 0;
        while (asked < environments.size() || calls.underWay() > 0) {
            while (asked < environments.size() && calls.underWay() < settings.limit()) {
                EnvironmentRef environment = environments.get(asked++);
                calls.submit(
                        () -> settings.observer().observe(environment),
                        seen -> observations.put(environment, seen),
                        this::stopBy);
            }
            calls.awaitArrival();
            calls.deliver();
            if (thrown != null) {
                calls.abandon();
                throw unchecked(thrown);
            }
        }
        looks += environments.size();
        lanes = environments.stream()
                .map(e -> lane(e, requireNonNull(observations.get(e))))
                .sorted(Comparator.comparing((Lane l) -> l.wave)
                        .thenComparing(l -> l.environment.application())
                        .thenComparing(l -> l.environment.slug())
                        .thenComparing(l -> l.environment.id()))
                .toList();
        UpgradePlan plan = planning.plan(observations.values(), spec);
        goal = plan.goal();
        return plan;
    }

    /** What was seen of all environments when they were last looked at. */
    List<Observation> seen() {
        return lanes.stream().map(l -> l.seen).toList();
    }

    /** Begins nothing if anything has left the plan that the run goes by. */
    void refuseIfLeft(List<Blocker> differences) {
        if (!differences.isEmpty()) {
            stopped = "The run did not begin, and nothing was changed, because not all is as in the saved plan. "
                    + differences.stream().map(Blocker::toString).collect(joining(" "));
        }
    }

    private Lane lane(EnvironmentRef environment, Observation seen) {
        int wave = spec.waveOf(environment).orElse(Integer.MAX_VALUE);
        return new Lane(environment, wave, seen, plan(seen));
    }

    private EnvironmentPlan plan(Observation seen) {
        return planning.plan(List.of(seen), spec).environments().get(0);
    }

    // The loop

    RunReport run(UpgradePlan first) throws InterruptedException {
        listener.planned(first);
        begin();
        try {
            while (true) {
                proceed();
                if (isOver()) {
                    break;
                }
                calls.await(timer, nextLook());
            }
        } finally {
            calls.abandon();
        }
        return report();
    }

    /** Asks the run to end soon. May be called by any thread. */
    void stop() {
        stopRequested = true;
        calls.wake();
    }

    void begin() {
        readJournal();
        write(Journal.Kind.RUN_STARTED, null, Map.of(), goal + " " + spec);
        for (Lane lane : lanes) {
            if (!meetsOtherRun(lane)) {
                goOn(lane);
            }
        }
    }

    /** Handles what has arrived and what is due, and gives turns. */
    void proceed() throws InterruptedException {
        calls.deliver();
        throwOn();
        checkRunDeadline();
        if (isStopped()) {
            lanes.stream().filter(l -> l.pause != null).forEach(this::leave);
            return;
        }
        Instant now = timer.now();
        for (Lane lane : lanes) {
            Lane.Underway underway = lane.step;
            if (underway != null && !underway.over && !underway.heartbeat.isAfter(now)) {
                underway.heartbeat = now.plus(settings.heartbeat());
                listener.heartbeat(
                        underway.step, Duration.between(underway.began, now), expected(underway.step.kind()));
            }
            Lane.Pause pause = lane.pause;
            if (pause != null && !pause.until().isAfter(now)) {
                lane.pause = null;
                pause.then().run();
            }
        }
        endWaves();
        giveTurns();
    }

    private void throwOn() throws InterruptedException {
        if (thrown instanceof InterruptedException e) {
            throw e;
        }
        if (thrown != null) {
            throw unchecked(thrown);
        }
    }

    private static RuntimeException unchecked(Throwable thrown) {
        if (thrown instanceof Error e) {
            throw e;
        }
        return thrown instanceof RuntimeException e ? e : new IllegalStateException(thrown);
    }

    /** Whether nothing is under way and nothing will be. */
    boolean isOver() {
        return calls.underWay() == 0 && lanes.stream().allMatch(l -> l.pause == null);
    }

    /** How long there is nothing to do but to handle what arrives; null if only an arrival can change that. */
    @Nullable
    Duration nextLook() {
        Instant next = null;
        for (Lane lane : lanes) {
            if (lane.pause != null) {
                next = earlier(next, lane.pause.until());
            }
            if (lane.step != null && !lane.step.over) {
                next = earlier(next, lane.step.heartbeat);
            }
        }
        if (next == null && calls.underWay() == 0) {
            return null;
        }
        if (settings.runDeadline() != null && !outOfTime) {
            next = earlier(next, startedAt.plus(settings.runDeadline()));
        }
        if (next == null) {
            return null;
        }
        Duration left = Duration.between(timer.now(), next);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static Instant earlier(@Nullable Instant one, Instant other) {
        return one == null || other.isBefore(one) ? other : one;
    }

    private void checkRunDeadline() {
        Duration deadline = settings.runDeadline();
        if (deadline == null || outOfTime || timer.now().isBefore(startedAt.plus(deadline))) {
            return;
        }
        outOfTime = true;
        winding = "The run reached its deadline of " + deadline + ".";
        lanes.stream().filter(l -> l.pause != null && !l.mustReachDeployment()).forEach(this::leave);
    }

    private boolean isStopped() {
        if (stopRequested && stopped == null) {
            stopped = "The run was stopped.";
        }
        return stopped != null || thrown != null;
    }

    private void stopBy(Throwable cause) {
        if (thrown == null) {
            thrown = cause;
        }
    }

    /** Ends an environment's turn where it is; what it began goes on at the platform. */
    private void leave(Lane lane) {
        Lane.Underway underway = lane.step;
        lane.step = null;
        if (underway != null && !underway.over) {
            steps.add(new StepRun(underway.step, underway.began, timer.now(), underway.executed, null));
        }
        lane.pause = null;
        lane.active = false;
    }

    private void pause(Lane lane, Duration duration, Runnable then) {
        if (isStopped() || (outOfTime && !lane.mustReachDeployment())) {
            leave(lane);
        } else {
            lane.pause = new Lane.Pause(timer.now().plus(duration), then);
            lastLookedAt = null;
        }
    }

    // Turns

    private void giveTurns() {
        while (lanes.stream().filter(l -> l.active).count() < settings.limit()) {
            Lane lane = nextTurn();
            if (lane == null) {
                return;
            }
            lane.active = true;
            lane.preparing = lane.comesToPreparation();
            if (lane == lastLookedAt) {
                goOn(lane);
            } else if (lane.preparing) {
                // Others had their turn since it was looked at, or time has passed.
                lookAfter(lane.next(), lane, () -> goOn(lane));
            } else {
                look(lane, () -> goOn(lane));
            }
        }
    }

    private @Nullable Lane nextTurn() {
        if (isStopped()) {
            return null;
        }
        List<Lane> waiting = lanes.stream().filter(Lane::waitsForTurn).toList();
        for (Lane lane : waiting) {
            if (lane.inCutover) {
                return lane;
            }
        }
        if (winding != null) {
            return null;
        }
        for (Lane lane : waiting) {
            if (lane.comesToPreparation() && mayBegin(lane)) {
                return lane;
            }
        }
        int openWave = openWave();
        for (Lane lane : waiting) {
            boolean itsTurn = lane.isThrough() || (lane.wave <= openWave && letsIn(lane));
            if (itsTurn && mayBegin(lane)) {
                return lane;
            }
        }
        return null;
    }

    private boolean mayBegin(Lane lane) {
        return lane.wave < haltedFrom && !isHeldBack(lane);
    }

    private boolean isHeldBack(Lane lane) {
        return holdingBack != null && holdingBack.wave < lane.wave;
    }

    /** The earliest wave that is not through; none before all environments are prepared. */
    private int openWave() {
        int wave = Integer.MAX_VALUE;
        for (Lane lane : lanes) {
            boolean counts = lane.active || lane.pause != null || mayBegin(lane);
            if (counts && lane.isUnprepared()) {
                return -1;
            }
            if (counts && !lane.isThrough()) {
                wave = Math.min(wave, lane.wave);
            }
        }
        return wave;
    }

    private boolean letsIn(Lane lane) {
        Wave wave = waves.get(lane.wave);
        return mayBegin(lane) && (wave == null ? opens(lane.wave) : wave.lets(lane));
    }

    /** Asks the gate, and if it lets the wave go, begins it; the first of its environments may migrate then. */
    private boolean opens(int number) {
        if (lanes.stream().anyMatch(l -> !l.isOver() && l.mustReachDeployment())) {
            return false;
        }
        List<Lane> members =
                lanes.stream().filter(l -> l.wave == number && !l.isThrough()).toList();
        List<EnvironmentRef> environments =
                members.stream().map(l -> l.environment).toList();
        WaveGate.Wave asked = new WaveGate.Wave(
                number,
                environments,
                lanes.stream().flatMap(l -> Stream.ofNullable(l.result)).toList());
        WaveGate.Answer answer = settings.gate().ask(asked);
        lastLookedAt = null;
        listener.gateAsked(asked, answer);
        if (answer == WaveGate.Answer.STOP) {
            halt(number, "The gate stopped wave " + number + ".");
            return false;
        }
        waves.put(number, new Wave(members, settings.canaries()));
        listener.waveBegan(number, environments);
        return true;
    }

    private void endWaves() {
        waves.forEach((number, wave) -> {
            if (!wave.ended && wave.members.stream().allMatch(Lane::isThrough)) {
                wave.ended = true;
                listener.waveEnded(number);
            }
        });
    }

    private void halt(int fromWave, String reason) {
        if (fromWave < haltedFrom) {
            haltedFrom = fromWave;
            halted = reason;
        }
    }

    // One environment

    private void look(Lane lane, Runnable then) {
        look(lane, null, then, 1);
    }

    /** Looks at what a step can have changed, and at what it must know before it changes anything. */
    private void lookAfter(Step step, Lane lane, Runnable then) {
        look(lane, step, then, 1);
    }

    private void look(Lane lane, @Nullable Step step, Runnable then, int attempt) {
        lookOnce(lane, step, then, lost -> {
            if (attempt == TRIES_TO_LOOK) {
                loseSight(lane, lost);
            } else {
                listener.waiting(lane.environment, String.valueOf(lost.getMessage()));
                pause(lane, LOOK_AGAIN, () -> look(lane, step, then, attempt + 1));
            }
        });
    }

    private void lookOnce(Lane lane, @Nullable Step step, Runnable then, Consumer<ObservationException> blind) {
        if (isStopped()) {
            leave(lane);
            return;
        }
        looks++;
        lastLookedAt = lane;
        Observer observer = settings.observer();
        Observation before = lane.seen;
        calls.submit(
                () -> step == null
                        ? observer.observe(lane.environment)
                        : observer.observe(lane.environment, before, step),
                seen -> {
                    lane.see(seen, plan(seen));
                    if (!meetsOtherRun(lane)) {
                        then.run();
                    }
                },
                failure -> {
                    if (failure instanceof ObservationException lost) {
                        blind.accept(lost);
                    } else {
                        stopBy(failure);
                    }
                });
    }

    /** Goes on from a fresh look. */
    private void goOn(Lane lane) {
        checkRunDeadline();
        if (lane.plan instanceof EnvironmentPlan.LeftAlone) {
            end(lane, Result.LEFT_ALONE, "It is in none of the spec's waves.", "Nothing is to be done.");
        } else if (lane.plan instanceof EnvironmentPlan.UpToDate upToDate) {
            end(lane, lane.touched ? success() : Result.UP_TO_DATE, upToDate.reason(), "Nothing is left to do.");
        } else if (lane.plan instanceof EnvironmentPlan.Blocked blocked) {
            waitOrEnd(lane, blocked);
        } else if (isStopped()) {
            leave(lane);
        } else {
            lane.patienceEnds = null;
            if (lane.active && mayGoOn(lane)) {
                start(lane, lane.next());
            } else {
                lane.active = false;
            }
        }
    }

    private boolean moves() {
        return goal == UpgradePlan.Goal.UPGRADE;
    }

    private Result success() {
        return moves() ? Result.UPGRADED : Result.ROLLED_BACK;
    }

    private boolean mayGoOn(Lane lane) {
        return lane.inCutover || (winding == null && (!lane.preparing || lane.comesToPreparation()));
    }

    private void waitOrEnd(Lane lane, EnvironmentPlan.Blocked blocked) {
        if (lane.patienceEnds == null) {
            lane.patienceEnds = timer.now().plus(settings.blockerDeadline());
        }
        if (!lane.isPassinglyBlocked() || !timer.now().isBefore(lane.patienceEnds)) {
            end(
                    lane,
                    Result.BLOCKED,
                    blocked.blockers().stream().map(Blocker::toString).collect(joining("\n")),
                    blocked.blockers().stream().map(Blocker::remedy).collect(joining(" ")) + " Then run again.");
        } else if (winding != null && !lane.mustReachDeployment()) {
            leave(lane);
        } else {
            listener.waiting(lane.environment, lane.blockers());
            pause(lane, LOOK_AGAIN, () -> look(lane, () -> goOn(lane)));
        }
    }

    private void start(Lane lane, Step step) {
        Journal.Entry last = handedDown.remove(lane.environment.toString());
        Map<String, String> facts = last != null && step.id().text().equals(last.step()) ? last.facts() : Map.of();
        if (!write(Journal.Kind.STEP_STARTED, step, facts, step.describe())) {
            leave(lane);
            return;
        }
        lane.touched = true;
        lane.migrating |= step.kind().phase() == Step.Phase.MIGRATE;
        if (step.kind().phase() == Step.Phase.RETIRE && lane.unprotected == null && moves()) {
            // The application was moved by an earlier run.
            lane.noteWindow(null);
        }
        Instant now = timer.now();
        Lane.Underway underway = new Lane.Underway(step, now, facts, now.plus(settings.heartbeat()));
        lane.step = underway;
        listener.started(step);
        execute(lane, underway);
    }

    private void execute(Lane lane, Lane.Underway underway) {
        if (isStopped()) {
            leave(lane);
            return;
        }
        underway.executed.add(timer.now());
        StepContext context = new StepContext(lane.seen, underway.facts, id, lane.over);
        calls.submit(
                () -> settings.executor().execute(underway.step, context),
                outcome -> executed(lane, underway, outcome, true),
                failure -> {
                    if (failure instanceof RuntimeException defect) {
                        // Any executor may be behind the interface: its defects must not cost the report of what was
                        // done before.
                        StepOutcome failed = new StepOutcome.Failed(
                                "the executor threw " + defect + ".",
                                "What it had begun may go on at the platform.",
                                true,
                                underway.facts);
                        executed(lane, underway, failed, false);
                    } else {
                        stopBy(failure);
                    }
                });
    }

    /** Calls again for a step under way, unless a fresh look speaks against beginning it: it may not have begun. */
    private void resume(Lane lane, Lane.Underway underway) {
        Step step = underway.step;
        if (StepEffect.mayGoOn(step, lane.seen, isMissing(lane, step))) {
            execute(lane, underway);
        } else {
            // The fresh plan does what comes before it, or says what stands in the way and waits if that passes.
            lane.step = null;
            steps.add(new StepRun(step, underway.began, timer.now(), underway.executed, null));
            goOn(lane);
        }
    }

    private static boolean isMissing(Lane lane, Step step) {
        return lane.plan.steps().stream().anyMatch(s -> s.id().equals(step.id()));
    }

    private void executed(Lane lane, Lane.Underway underway, StepOutcome outcome, boolean known) {
        Step step = underway.step;
        Duration elapsed = Duration.between(underway.began, timer.now());
        if (outcome instanceof StepOutcome.InProgress progress) {
            if (!progress.facts().equals(underway.facts)) {
                underway.facts = progress.facts();
                write(Journal.Kind.IN_PROGRESS, step, underway.facts, progress.state());
            }
            listener.inProgress(step, progress, elapsed);
            if (elapsed.plus(progress.lookAgainAfter()).compareTo(spec.deadline(step.kind())) > 0) {
                StepOutcome late = new StepOutcome.Failed(
                        "it is still " + progress.state() + " after " + elapsed.toSeconds() + " s.",
                        "It may still end well at the platform.",
                        true,
                        progress.facts());
                executed(lane, underway, late, false);
                return;
            }
            pause(lane, progress.lookAgainAfter(), () -> lookAfter(step, lane, () -> resume(lane, underway)));
            return;
        }
        underway.over = true;
        if (known) {
            // Of a step that may go on at the platform, the journal keeps the facts.
            write(Journal.Kind.STEP_ENDED, step, outcome.facts(), inWords(outcome));
        }
        steps.add(new StepRun(step, underway.began, timer.now(), underway.executed, outcome));
        listener.ended(step, outcome, elapsed);
        if (outcome instanceof StepOutcome.Failed failed) {
            Runnable fail = () -> fail(
                    lane,
                    step,
                    "Failed to " + step.describe() + ": " + failed.message() + " " + failed.trueNow()
                            + (failed.mayRetry() ? " Run again to retry." : ""),
                    failed.mayRetry()
                            ? "Run again: it tries to " + step.describe() + " again."
                            : "Look at the environment first, then run again.");
            if (isStopped()) {
                fail.run();
                return;
            }
            lookOnce(lane, null, fail, lost -> {
                // What is known already is reported even if the platform cannot be reached any more.
                listener.waiting(lane.environment, String.valueOf(lost.getMessage()));
                fail.run();
            });
        } else {
            if (outcome instanceof StepOutcome.Done) {
                took.computeIfAbsent(step.kind(), k -> new ArrayList<>()).add(elapsed);
            }
            Instant ended = timer.now();
            lookAfter(step, lane, () -> lookForEffect(lane, step, ended, 1));
        }
    }

    private static String inWords(StepOutcome outcome) {
        if (outcome instanceof StepOutcome.Failed failed) {
            return "failed: " + failed.message();
        }
        return outcome instanceof StepOutcome.AlreadyDone ? "was done already" : "done";
    }

    /** Goes on once a step that was done is missing no longer. */
    private void lookForEffect(Lane lane, Step step, Instant ended, int look) {
        if (!isMissing(lane, step)) {
            lane.step = null;
            if (step.kind() == Step.Kind.DEPLOY && moves()) {
                lane.noteWindow(ended);
            }
            goOn(lane);
        } else if (look == LOOKS_FOR_AN_EFFECT
                && !lane.next().id().equals(step.id())
                && !isTooOld(lane, step)
                && ++lane.setbacks < SETBACKS) {
            // Somebody took back what came before it: the fresh plan begins there.
            lane.step = null;
            goOn(lane);
        } else if (look == LOOKS_FOR_AN_EFFECT) {
            fail(lane, step, whyStillMissing(lane, step), "Look at the environment first, then run again.");
        } else {
            pause(lane, LOOK_AGAIN, () -> lookAfter(step, lane, () -> lookForEffect(lane, step, ended, look + 1)));
        }
    }

    private String whyStillMissing(Lane lane, Step step) {
        return isTooOld(lane, step)
                ? "The backup grew older than the allowed " + spec.maximumBackupAge()
                        + " before the application could move; it runs as before. Allow an older backup"
                        + " (maximumBackupAge), then run again."
                : "The platform confirmed to " + step.describe()
                        + ", but does not show it. Look at the environment, then run again.";
    }

    /** Whether the plan wants another backup although the one before is there and good. */
    private static boolean isTooOld(Lane lane, Step step) {
        return lane.plan.steps().stream()
                .anyMatch(s -> s instanceof Step.BackUp again
                        && ((step.kind() == Step.Kind.RESTORE && lane.holdsRestoredBackup())
                                || (step instanceof Step.BackUp first
                                        && !first.unusable().containsAll(again.unusable()))));
    }

    private @Nullable Duration expected(Step.Kind kind) {
        List<Duration> known = took.getOrDefault(kind, List.of());
        return known.isEmpty()
                ? null
                : known.stream().reduce(Duration.ZERO, Duration::plus).dividedBy(known.size());
    }

    // Other runs

    private boolean meetsOtherRun(Lane lane) {
        Optional<String> successor = OtherRuns.successor(id, lane.seen);
        if (successor.isPresent()) {
            stopped = "The run " + successor.get() + " has taken over from this run (" + id
                    + "). Let it go on, or stop it and run again.";
            leave(lane);
            return true;
        }
        OtherRuns others = new OtherRuns(id, startedAt, earlierRuns, lane.seen);
        if (settings.takeOver()) {
            lane.over = others.newest().orElse(null);
            return false;
        }
        Optional<String> other = lane.plan instanceof EnvironmentPlan.Ready ? others.mustGiveWayTo() : Optional.empty();
        other.ifPresent(run -> {
            String since = RunId.began(run).map(at -> ", since " + at).orElse("");
            String what = "Wait until it has ended, or stop it, and run again; or take over from it (takeOver).";
            leave(lane);
            end(
                    lane,
                    Result.FAILED,
                    "Another run (" + run + since + ") is upgrading this environment, so this run (" + id
                            + ") does nothing more here. " + what,
                    what);
            haltAfter(lane, false);
        });
        return other.isPresent();
    }

    // The end

    private void end(Lane lane, Result result, String detail, String next) {
        lane.active = false;
        lane.pause = null;
        lane.step = null;
        EnvironmentResult ended = lane.resultOf(result, detail, next);
        lane.result = ended;
        listener.environmentEnded(ended);
        if (result != Result.BLOCKED) {
            return;
        }
        if (lane.touched) {
            haltAfter(lane, false);
        } else if (settings.blockedHoldsBackLaterWaves()
                && !lane.hasNothingToUpgrade()
                && (holdingBack == null || lane.wave < holdingBack.wave)) {
            holdingBack = lane;
        }
    }

    private void fail(Lane lane, Step step, String detail, String next) {
        end(lane, Result.FAILED, detail, next);
        haltAfter(lane, step.kind().phase() == Step.Phase.PREPARE);
    }

    private void loseSight(Lane lane, ObservationException cause) {
        String why = "The run stopped because it " + cause.getMessage();
        leave(lane);
        end(lane, Result.NOT_FINISHED, why + " When last seen: " + outlook(lane), nextOf(lane));
        if (settings.haltRule() != HaltRule.GO_ON && lostSight == null) {
            lostSight = why;
        }
        haltAfter(lane, lane.preparing);
    }

    private void haltAfter(Lane lane, boolean unprepared) {
        String reason = "Nothing new was begun after " + lane.environment + " could not be finished.";
        Wave wave = waves.get(lane.wave);
        boolean canary = wave != null && wave.canaries.contains(lane);
        switch (settings.haltRule()) {
            case STOP_ALL -> winding = winding == null ? reason : winding;
            case STOP_WAVE -> halt(unprepared ? 0 : lane.wave, reason);
            case GO_ON -> {
                if (canary) {
                    halt(lane.wave, reason);
                }
            }
        }
    }

    RunReport report() {
        for (Lane lane : lanes) {
            if (!lane.isOver()) {
                EnvironmentResult left = left(lane);
                lane.result = left;
                listener.environmentEnded(left);
            }
        }
        String reason = Stream.of(stopped, winding, lostSight, halted)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        write(Journal.Kind.RUN_ENDED, null, Map.of(), reason == null ? "" : reason);
        OptionalLong after = settings.observer().calls();
        return new RunReport(
                id,
                startedAt,
                timer.now(),
                lanes.stream()
                        .flatMap(l -> Stream.ofNullable(l.result))
                        .sorted(Comparator.comparing(
                                        (EnvironmentResult r) -> r.environment().application())
                                .thenComparing(r -> r.environment().slug())
                                .thenComparing(r -> r.environment().id()))
                        .toList(),
                steps,
                looks,
                after.isPresent() ? OptionalLong.of(after.getAsLong() - callsBefore.orElse(0)) : after,
                reason);
    }

    /** The result of an environment that the run did not come to the end of. */
    private EnvironmentResult left(Lane lane) {
        if (lostSight != null) {
            return lane.resultOf(Result.NOT_FINISHED, lostSight + " When last seen: " + outlook(lane), nextOf(lane));
        }
        return lane.resultOf(Result.NOT_FINISHED, outlook(lane), nextOf(lane));
    }

    private String outlook(Lane lane) {
        if (!(lane.plan instanceof EnvironmentPlan.Ready)) {
            return lane.blockers() + " Run again to go on.";
        }
        Step next = lane.next();
        boolean done = steps.stream()
                .filter(s -> s.step().environment().equals(lane.environment))
                .reduce((earlier, later) -> later)
                .filter(s -> s.step().id().equals(next.id())
                        && s.outcome() != null
                        && s.outcome().isDone())
                .isPresent();
        return (done ? "Done, and not looked at since: " : "Next: ") + next.describe() + "." + why(lane)
                + " Run again to go on.";
    }

    private String why(Lane lane) {
        Lane holder = holdingBack;
        if (stopped != null) {
            return " " + stopped;
        }
        if (winding != null) {
            return " " + winding;
        }
        if (holder != null && isHeldBack(lane)) {
            return " It waits for " + holder.environment
                    + ", of an earlier wave, which is blocked (blockedHoldsBackLaterWaves).";
        }
        return halted != null && lostSight == null ? " " + halted : "";
    }

    private static String nextOf(Lane lane) {
        return lane.plan instanceof EnvironmentPlan.Ready
                ? "Run again: it goes on with: " + lane.next().describe() + "."
                : "Run again.";
    }

    // The journal

    private void readJournal() {
        try {
            for (Journal.Entry entry : settings.journal().records()) {
                earlierRuns.add(entry.run());
                String environment = entry.environment();
                if (environment == null) {
                    continue;
                }
                if (entry.kind() == Journal.Kind.STEP_ENDED) {
                    handedDown.remove(environment);
                } else {
                    handedDown.put(environment, entry);
                }
            }
        } catch (RuntimeException e) {
            // Any journal may be behind the interface.
            stopped = "The run did not begin because its journal could not be read: " + e.getMessage()
                    + ". Nothing was changed.";
        }
    }

    private boolean write(Journal.Kind kind, @Nullable Step step, Map<String, String> facts, String message) {
        try {
            settings.journal()
                    .append(new Journal.Entry(
                            timer.now(),
                            id,
                            step == null ? null : step.environment().toString(),
                            step == null ? null : step.id().text(),
                            kind,
                            facts,
                            message));
            return true;
        } catch (RuntimeException e) {
            // Any journal may be behind the interface: what was done before is reported all the same.
            if (stopped == null) {
                stopped = "The run stopped before its next change because its journal could not be written: "
                        + e.getMessage() + ". Give the journal room, then run again.";
            }
            return false;
        }
    }
}
