package io.github.divio4j.upgrade.run;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import io.github.divio4j.upgrade.Blocker;
import io.github.divio4j.upgrade.EnvironmentPlan;
import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.Observation.Instance;
import io.github.divio4j.upgrade.OperationState;
import io.github.divio4j.upgrade.SafetyCheck;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradePlanner;
import io.github.divio4j.upgrade.UpgradePlanner.TargetAfterRollback;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.run.RunReport.EnvironmentResult;
import io.github.divio4j.upgrade.run.RunReport.Result;
import io.github.divio4j.upgrade.run.Schedule.Injection;
import io.github.divio4j.upgrade.testing.SimulatedCrash;
import io.github.divio4j.upgrade.testing.SimulatedWorld;
import io.github.divio4j.upgrade.testing.SimulatedWorld.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Plays one {@link Schedule}: people who run upgrades of a simulated world, call by call in one thread and in virtual time,
 * while all kinds of things go wrong. After a while nothing goes wrong any more; then one of them runs again and again until
 * nothing changes. A {@link Judge} watches all the time.
 */
final class Simulation {

    private static final String OLDER = "service-1";
    private static final String NEWER = "service-2";
    /** How often somebody runs again after everything is calm, until nothing changes. */
    private static final int RUNS_TO_THE_END = 30;
    /** More calls than any run makes that comes to an end. */
    private static final int CALLS_TO_THE_END = 5_000;

    private static final int TURNS = 3;
    /** So many runs in a row find nothing to do before nothing is expected to happen any more. */
    private static final int IDLE = 4;

    private final Schedule schedule;
    private final Defect defect;
    private final Set<Long> positions;
    private final Story story;
    private final SimulatedWorld world = SimulatedWorld.create("shop", "13", "15", "17");
    private final UpgradeSpec spec;
    private final Judge judge;
    private final List<Operator> operators = new ArrayList<>();
    /** How often an environment was changed, by whomever. */
    private final Map<EnvironmentRef, Integer> versions = new HashMap<>();

    private final Map<EnvironmentRef, Long> lastPositions = new HashMap<>();
    private final List<String> stuck = new ArrayList<>();
    private Goal goal = Goal.UPGRADE;
    private int turns;
    /** How many runs in a row found nothing to do. */
    private int idle;

    /** What the people want. */
    private enum Goal {
        UPGRADE,
        ROLL_BACK,
        ROLL_BACK_AND_DELETE;

        boolean isBack() {
            return this != UPGRADE;
        }
    }

    private Simulation(Schedule schedule, Defect defect, Set<Long> positions, boolean told) {
        this.schedule = schedule;
        this.defect = defect;
        this.positions = positions;
        this.story = new Story(told);
        this.spec = schedule.spec();
        this.judge = new Judge(world, spec, schedule.prefix, OLDER, NEWER, v -> tell("VIOLATION", () -> v));
        for (String slug : List.of("test", "live", "stage").subList(0, schedule.environments)) {
            EnvironmentRef environment = world.addEnvironment(slug);
            judge.watch(
                    environment, world.addPostgres(environment, "13", schedule.prefix, InstanceStatus.ATTACHED));
            if (schedule.foreignInstances) {
                world.addInstance(
                        environment, "Object Storage", "STORAGE", schedule.prefix, InstanceStatus.ATTACHED);
                world.addPostgres(environment, "17", "REPORTS", InstanceStatus.ATTACHED);
            }
            versions.put(environment, 0);
        }
        world.chooseDurations(schedule::duration);
        world.chooseFaults(step -> chooseFault());
        operators.add(new Operator("run A"));
        if (schedule.isDrawn(Injection.SECOND_RUNNER)) {
            schedule.count(Injection.SECOND_RUNNER);
            operators.add(new Operator("run B"));
        }
    }

    /** Plays a schedule. What went wrong is told by the verdict. */
    static Verdict play(long seed, int number) {
        return play(seed, number, Defect.NONE, null);
    }

    /**
     * Plays a schedule.
     *
     * @param positions takes the fingerprints of all positions that were observed; null if nobody wants to know
     */
    static Verdict play(long seed, int number, Defect defect, @Nullable Set<Long> positions) {
        Set<Long> seen = positions == null ? new HashSet<>() : positions;
        Verdict verdict = new Simulation(new Schedule(seed, number, defect.needs()), defect, seen, false).play().verdict(seed, number);
        return verdict.isGood() ? verdict : tell(seed, number, defect);
    }

    /** Plays a schedule and tells its story. */
    static Verdict tell(long seed, int number) {
        return tell(seed, number, Defect.NONE);
    }

    private static Verdict tell(long seed, int number, Defect defect) {
        return new Simulation(new Schedule(seed, number, defect.needs()), defect, new HashSet<>(), true)
                .play()
                .verdict(seed, number);
    }

    private Verdict verdict(long seed, int number) {
        List<String> violations = new ArrayList<>(judge.violations());
        world.violations().forEach(v -> violations.add("against the rules of SafetyCheck: " + v));
        List<Result> ends = new ArrayList<>();
        RunReport last = operators.get(0).report;
        if (last != null) {
            last.environments().forEach(e -> ends.add(e.result() == Result.UP_TO_DATE ? success() : e.result()));
        }
        return new Verdict(
                seed,
                number,
                violations,
                stuck,
                ends,
                schedule.counts(),
                world.changes().size(),
                story.toString());
    }

    private Result success() {
        return goal.isBack() ? Result.ROLLED_BACK : Result.UPGRADED;
    }

    private void tell(String who, Supplier<String> what) {
        story.tell(world.now(), who, what);
    }

    private Optional<Fault> chooseFault() {
        for (Map.Entry<Injection, Fault> entry : FAULTS.entrySet()) {
            if (schedule.strikesChange(entry.getKey())) {
                tell("platform", () -> "next change: " + entry.getValue());
                return Optional.of(entry.getValue());
            }
        }
        return Optional.empty();
    }

    private static final Map<Injection, Fault> FAULTS = new LinkedHashMap<>();

    static {
        FAULTS.put(Injection.CRASH_BEFORE, Fault.CRASH_BEFORE);
        FAULTS.put(Injection.CRASH_AFTER, Fault.CRASH_AFTER);
        FAULTS.put(Injection.LOSE_ANSWER, Fault.LOSE_ANSWER);
        FAULTS.put(Injection.FAIL, Fault.FAIL);
        FAULTS.put(Injection.THROTTLE, Fault.THROTTLE);
    }

    // The course of a schedule

    private Simulation play() {
        tell("schedule", schedule::toString);
        world.environments().forEach(this::write);
        int calls = 0;
        // Runs that have nothing to do make no calls.
        for (int turn = 0; calls < schedule.faultyCalls && turn < 2 * schedule.faultyCalls && idle < IDLE; turn++) {
            meddle();
            if (oneCall()) {
                calls++;
            } else {
                letTimePass();
            }
        }
        schedule.calmDown();
        tell("schedule", () -> "from now on nothing goes wrong any more");
        operators.forEach(o -> o.skew = Duration.ZERO);
        toTheEnd();
        return this;
    }

    /** Lets the runs under way come to their end, and runs again until nothing changes any more. */
    private void toTheEnd() {
        operators.forEach(o -> o.resting = true);
        if (!driveToTheEnd()) {
            return;
        }
        Operator last = operators.get(0);
        for (int run = 0; run < RUNS_TO_THE_END; run++) {
            pass(Duration.ofHours(1));
            int changes = world.changes().size();
            last.start();
            if (!driveToTheEnd()) {
                return;
            }
            RunReport report = requireNonNull(last.report);
            boolean over = report.environments().stream()
                    .allMatch(e -> e.result() == Result.UP_TO_DATE || (e.result() == Result.BLOCKED && isBlocked(e.environment()))
                            || isHeldBack(e));
            if (over && world.changes().size() == changes && world.environments().stream().noneMatch(this::isBusy)) {
                report.environments().forEach(this::checkEnd);
                return;
            }
        }
        stuck.add("after " + RUNS_TO_THE_END + " runs: " + last.report);
    }

    /** Whether something goes on at the platform that is waited for. */
    private boolean isBusy(EnvironmentRef environment) {
        Observation now = world.observe(environment);
        return now.isDeploying()
                || now.instances().stream().anyMatch(i -> i.status() == InstanceStatus.PROVISIONING)
                || now.backups().stream().anyMatch(b -> b.state() == OperationState.RUNNING)
                || now.restores().stream().anyMatch(r -> r.state() == OperationState.RUNNING);
    }

    /** Whether it still is: what it waited for may have passed while others were waited for. */
    private boolean isBlocked(EnvironmentRef environment) {
        return planning().plan(List.of(world.observe(environment)), spec).environments().get(0)
                instanceof EnvironmentPlan.Blocked;
    }

    private static boolean isHeldBack(EnvironmentResult result) {
        return result.result() == Result.NOT_FINISHED && result.detail().contains("which is blocked");
    }

    private boolean driveToTheEnd() {
        for (int calls = 0; calls < CALLS_TO_THE_END; calls++) {
            if (operators.stream().allMatch(o -> o.run == null)) {
                return true;
            }
            if (!oneCall()) {
                letTimePass();
            }
        }
        stuck.add("a run came to no end");
        return false;
    }

    private void checkEnd(EnvironmentResult result) {
        EnvironmentRef environment = result.environment();
        Observation now = world.observe(environment);
        if (result.result() == Result.BLOCKED) {
            EnvironmentPlan plan = planning().plan(List.of(now), spec).environments().get(0);
            if (plan instanceof EnvironmentPlan.Blocked blocked) {
                for (Blocker blocker : blocked.blockers()) {
                    if (!judge.isTrue(blocker, now)) {
                        stuck.add("blocked by what is not true: " + blocker);
                    }
                }
            } else {
                stuck.add(environment + " is said to be blocked, and is not");
            }
        } else if (result.result() == Result.UP_TO_DATE && !judge.isMeddledWith(environment)) {
            String why = goal.isBack() ? judge.whyNotRolledBack(now) : judge.whyNotUpgraded(now);
            if (why != null) {
                stuck.add(environment + " is said to be up to date (" + result.detail() + "), but " + why);
            }
        }
    }

    /** Makes one of the calls that runs wait for; false if there is none. */
    private boolean oneCall() {
        List<Operator> calling =
                operators.stream().filter(o -> !o.calls.isEmpty()).toList();
        if (calling.isEmpty()) {
            return false;
        }
        schedule.oneOf(calling).call();
        return true;
    }

    private void letTimePass() {
        Duration next = null;
        for (Operator operator : operators) {
            Duration wait = operator.waits();
            if (wait != null && (next == null || wait.compareTo(next) < 0)) {
                next = wait;
            }
        }
        if (next == null) {
            return;
        }
        pass(next);
        for (Operator operator : operators) {
            operator.timePassed();
        }
    }

    private void pass(Duration duration) {
        int parts = duration.toMinutes() > 5 ? 3 : 1;
        for (int i = 0; i < parts; i++) {
            world.environments().forEach(this::write);
            world.sleep(duration.dividedBy(parts));
            judge.timePassed();
        }
    }

    private void write(EnvironmentRef environment) {
        world.applicationDatabase(environment)
                .filter(id -> !world.refusesWrites(environment))
                .ifPresent(id -> judge.wrote(world.write(environment), id));
    }

    // What others do

    private void meddle() {
        EnvironmentRef environment = schedule.oneOf(world.environments());
        if (schedule.strikes(Injection.DEPLOYED_BY_OTHERS)
                && !world.observe(environment).isDeploying()) {
            judge.deployedByOthers(environment);
            world.deploy(environment);
            meddled(environment, () -> "deploys " + environment);
        }
        if (schedule.strikes(Injection.RENAMED_BY_OTHERS)) {
            rename(environment);
        }
        if (schedule.strikes(Injection.TARGET_DELETED_BY_OTHERS)) {
            delete(environment, NEWER);
        }
        if (schedule.strikes(Injection.SOURCE_DELETED_BY_OTHERS)) {
            delete(environment, OLDER);
        }
        if (schedule.strikes(Injection.BACKUPS_EXPIRE)) {
            judge.meddledWith(environment);
            world.expireBackups(environment);
            meddled(environment, () -> "lets the backups of " + environment + " expire");
        }
        if (turns < TURNS && schedule.strikes(Injection.TURNED_ROUND)) {
            turns++;
            operators.forEach(o -> o.die("is stopped, because the direction changes"));
            goal = goal.isBack()
                    ? Goal.UPGRADE
                    : schedule.oneOf(List.of(Goal.ROLL_BACK, Goal.ROLL_BACK_AND_DELETE));
            tell("people", () -> "now want to " + goal);
        }
    }

    private void meddled(EnvironmentRef environment, Supplier<String> what) {
        versions.merge(environment, 1, Integer::sum);
        judge.timePassed();
        tell("somebody", () -> what.get() + ": " + position(environment));
    }

    private void rename(EnvironmentRef environment) {
        List<Instance> databases = world.observe(environment).instances().stream()
                .filter(Instance::isDatabase)
                .toList();
        List<String> free = new ArrayList<>(List.of("KEPT", "NEW", "OLD", schedule.prefix));
        databases.forEach(d -> free.remove(d.prefix()));
        if (databases.isEmpty() || free.isEmpty()) {
            return;
        }
        Instance renamed = schedule.oneOf(databases);
        String to = schedule.oneOf(free);
        judge.meddledWith(environment);
        world.rename(renamed.id(), to);
        meddled(environment, () -> "renames " + renamed.prefix() + " of " + environment + " to " + to);
    }

    private void delete(EnvironmentRef environment, String service) {
        String used = world.applicationDatabase(environment).orElse(null);
        List<Instance> unused = world.observe(environment).instances().stream()
                .filter(i -> i.serviceId().equals(service) && !i.id().equals(used))
                .toList();
        if (!unused.isEmpty()) {
            Instance deleted = schedule.oneOf(unused);
            judge.meddledWith(environment);
            world.removeInstance(deleted.id());
            meddled(environment, () -> "deletes " + deleted.prefix() + " of " + environment);
        }
    }

    // What is seen

    private String position(EnvironmentRef environment) {
        Observation now = world.observe(environment);
        String databases = now.instances().stream()
                .filter(Instance::isDatabase)
                .map(i -> i.prefix() + " " + i.id() + (i.serviceId().equals(NEWER) ? " (15) " : " ") + i.status()
                        + " " + world.rows(i.id()).size() + " rows")
                .collect(joining(", "));
        String operations = now.backups().stream()
                        .map(b -> b.id() + " " + b.state())
                        .collect(joining(", "))
                + now.restores().stream().map(r -> ", " + r.id() + " " + r.state()).collect(joining())
                + (now.latestDeployment() == null
                        ? ""
                        : ", " + now.latestDeployment().id() + " "
                                + now.latestDeployment().state());
        return "[" + databases + "; " + operations
                + (now.databases().fences().isEmpty() ? "" : "; fenced " + now.databases().fences().keySet())
                + "; the application uses "
                + world.applicationDatabase(environment).orElse("nothing") + "]";
    }

    private void remember(Observation seen) {
        String uses = world.applicationDatabase(seen.environment()).orElse(null);
        long hash = mix(goal.name().hashCode());
        for (Instance instance : seen.instances()) {
            if (instance.isDatabase()) {
                long one = mix(instance.serviceId().hashCode(), instance.prefix().hashCode());
                one = mix(one, instance.status().name().hashCode());
                // In no order: the ids differ each time.
                hash += instance.id().equals(uses) ? mix(one) : one;
            }
        }
        if (!seen.backups().isEmpty()) {
            Observation.Backup newest = seen.backups().get(seen.backups().size() - 1);
            boolean fresh = newest.startedAt().plus(spec.maximumBackupAge()).isAfter(seen.observedAt());
            hash = mix(mix(hash, newest.state().name().hashCode()), fresh ? 1 : 0);
        }
        if (!seen.restores().isEmpty()) {
            Observation.Restore newest = seen.restores().get(seen.restores().size() - 1);
            hash = mix(hash, newest.state().name().hashCode());
        }
        Observation.Deployment latest = seen.latestDeployment();
        if (latest != null) {
            hash = mix(hash, latest.state().name().hashCode());
        }
        hash = mix(hash, requireNonNull(seen.deployedPrefixes()).hashCode());
        hash = mix(hash, seen.databases().fences().size());
        hash = mix(hash, seen.databases().verified().size() + 10 * seen.databases().analyzed().size());
        Long before = lastPositions.put(seen.environment(), hash);
        if (before == null || before != hash) {
            long all = 0;
            for (EnvironmentRef environment : world.environments()) {
                all = mix(all, lastPositions.getOrDefault(environment, 0L));
            }
            positions.add(all);
        }
    }

    private static long mix(long value, long more) {
        return mix(value * 31 + more);
    }

    private static long mix(long value) {
        long mixed = value * 0x9E3779B97F4A7C15L;
        mixed ^= mixed >>> 32;
        mixed *= 0xD6E8FEB86659FD93L;
        return mixed ^ (mixed >>> 32);
    }

    private Run.Planning planning() {
        Goal wanted = goal;
        return defect.planning(
                wanted.isBack()
                        ? (seen, wish) -> UpgradePlanner.planRollback(
                                seen,
                                wish,
                                wanted == Goal.ROLL_BACK ? TargetAfterRollback.KEEP : TargetAfterRollback.DELETE)
                        : UpgradePlanner::plan);
    }

    /** A journal that can be damaged. */
    private static final class Tape implements Journal {
        private final List<Entry> entries = new ArrayList<>();

        @Override
        public void append(Entry entry) {
            entries.add(entry);
        }

        @Override
        public List<Entry> records() {
            return List.copyOf(entries);
        }

        void tear(int count) {
            entries.subList(Math.max(0, entries.size() - count), entries.size()).clear();
        }
    }

    /** Somebody who runs upgrades: one run after the other, with one journal and one clock. */
    private final class Operator implements Observer, StepExecutor, Timer {
        private final String name;
        private final Tape journal = new Tape();
        private final StepExecutor executor = defect.executor(world, world);
        private final List<Runnable> calls = new ArrayList<>();
        private final Map<EnvironmentRef, Integer> seenVersions = new HashMap<>();
        private Duration skew = Duration.ZERO;
        private Instant startsAt;
        /** Whether no run is started by itself any more. */
        private boolean resting;

        private boolean direct;

        private @Nullable Run run;
        private @Nullable RunReport report;

        Operator(String name) {
            this.name = name;
            this.startsAt = world.now().plus(operators.isEmpty() ? Duration.ZERO : schedule.pause());
        }

        // A run

        void start() {
            UpgradeRunner runner = UpgradeRunner.builder(defect.observer(this), this)
                    .timer(this)
                    .journal(journal)
                    .haltRule(schedule.haltRule)
                    .blockerDeadline(Duration.ofMinutes(5))
                    .randomness(schedule.random::nextLong)
                    .sideBySide(this::take, schedule.sideBySide)
                    .build();
            Run started = runner.start(spec, planning());
            tell(name, () -> "starts, to " + goal);
            direct = true;
            try {
                started.observeAll();
            } catch (ObservationException blind) {
                tell(name, () -> "ends: " + blind.getMessage());
                startsAt = world.now().plus(schedule.pause());
                return;
            } finally {
                direct = false;
            }
            run = started;
            started.begin();
            proceed();
        }

        private void take(Runnable call) {
            if (direct) {
                call.run();
            } else {
                calls.add(call);
            }
        }

        void call() {
            Run going = requireNonNull(run);
            if (schedule.strikes(Injection.KILL)) {
                die("is killed");
                return;
            }
            if (schedule.strikes(Injection.STOP)) {
                tell(name, () -> "is asked to stop");
                going.stop();
            }
            if (schedule.strikes(Injection.CLOCK_JUMP)) {
                int seconds = (int) Schedule.SKEW.toSeconds();
                skew = Duration.ofSeconds(schedule.random.nextInt(-seconds, seconds));
                tell(name, () -> "now has a clock that is " + skew + " off");
            }
            calls.remove(schedule.random.nextInt(calls.size())).run();
            proceed();
        }

        private void proceed() {
            Run going = requireNonNull(run);
            try {
                going.proceed();
            } catch (SimulatedCrash crash) {
                die("crashes " + crash.getMessage());
                return;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            if (going.isOver()) {
                RunReport ended = going.report();
                report = ended;
                tell(name, () -> "ends: " + ended);
                idle = ended.steps().isEmpty() ? idle + 1 : 0;
                rest();
            }
        }

        void die(String how) {
            if (run == null) {
                return;
            }
            tell(name, () -> how);
            calls.clear();
            if (schedule.strikes(Injection.JOURNAL_LOST)) {
                tell(name, () -> "loses its journal");
                journal.tear(Integer.MAX_VALUE);
            }
            if (schedule.strikes(Injection.JOURNAL_TORN)) {
                int torn = 1 + schedule.random.nextInt(4);
                tell(name, () -> "loses the last " + torn + " entries of its journal");
                journal.tear(torn);
            }
            rest();
        }

        private void rest() {
            run = null;
            startsAt = world.now().plus(schedule.pause());
        }

        @Nullable
        Duration waits() {
            if (run != null) {
                return run.nextLook();
            }
            if (resting) {
                return null;
            }
            Duration left = Duration.between(world.now(), startsAt);
            return left.isNegative() ? Duration.ZERO : left;
        }

        void timePassed() {
            if (run != null) {
                proceed();
            } else if (!resting && !world.now().isBefore(startsAt)) {
                start();
            }
        }

        // Its clock

        @Override
        public Instant now() {
            return world.now().plus(skew);
        }

        @Override
        public void sleep(Duration duration) {
            throw new IllegalStateException("a run that is driven by hand does not sleep");
        }

        // Its eyes

        @Override
        public List<EnvironmentRef> environments() {
            return world.environments();
        }

        @Override
        public Observation observe(EnvironmentRef environment) {
            if (schedule.strikes(Injection.BLIND)) {
                tell(name, () -> "cannot see " + environment);
                throw new ObservationException(environment, new IllegalStateException("no connection"));
            }
            Observation seen = world.observe(environment);
            remember(seen);
            seenVersions.put(environment, versions.get(environment));
            return new Observation(
                    environment,
                    now(),
                    seen.catalogue(),
                    seen.instances(),
                    seen.backups(),
                    seen.restores(),
                    seen.deployments(),
                    seen.deployedPrefixes(),
                    seen.unsupported(),
                    seen.downloads(),
                    seen.databases());
        }

        // Its hands

        @Override
        public StepOutcome execute(Step step, StepContext context) throws InterruptedException {
            EnvironmentRef environment = step.environment();
            if (schedule.strikes(Injection.THROW_BEFORE)) {
                tell(name, () -> "throws before it does \"" + step.describe() + "\"");
                throw new IllegalStateException("no connection");
            }
            boolean isLate = !Objects.equals(seenVersions.get(environment), versions.get(environment));
            Observation before = world.observe(environment);
            if (isLate && SafetyCheck.violation(step, before).isPresent()) {
                // Between the look and the order somebody changed something, which no runner can know.
                tell(name, () -> "is late for \"" + step.describe() + "\"");
                return new StepOutcome.InProgress(Duration.ofSeconds(3), "looking again", context.facts());
            }
            StepOutcome outcome = order(step, context, before);
            if (schedule.strikes(Injection.DUPLICATE)) {
                tell(name, () -> "does it twice");
                outcome = order(step, context, world.observe(environment));
            }
            if (schedule.strikes(Injection.THROW_AFTER)) {
                tell(name, () -> "throws after it");
                throw new IllegalStateException("no answer");
            }
            return outcome;
        }

        private StepOutcome order(Step step, StepContext context, Observation before) throws InterruptedException {
            boolean answered = false;
            Object end = "nothing";
            try {
                StepOutcome outcome = executor.execute(step, context);
                answered = !outcome.facts().containsKey("answer");
                end = outcome;
                return outcome;
            } catch (SimulatedCrash crash) {
                end = crash;
                throw crash;
            } finally {
                Observation after = world.observe(step.environment());
                boolean changed = Judge.isChanged(before, after);
                if (changed) {
                    versions.merge(step.environment(), 1, Integer::sum);
                    seenVersions.put(step.environment(), versions.get(step.environment()));
                    judge.changed(step, before, after, answered);
                }
                Object said = end;
                tell(
                        name,
                        () -> step.environment() + " \"" + step.describe() + "\": " + said
                                + (changed ? " " + position(step.environment()) : ""));
            }
        }
    }
}
