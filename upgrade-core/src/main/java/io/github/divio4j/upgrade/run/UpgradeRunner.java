package io.github.divio4j.upgrade.run;

import static java.util.Objects.requireNonNull;

import io.github.divio4j.upgrade.SavedPlan;
import io.github.divio4j.upgrade.UpgradePlan;
import io.github.divio4j.upgrade.UpgradePlanner;
import io.github.divio4j.upgrade.UpgradePlanner.TargetAfterRollback;
import io.github.divio4j.upgrade.UpgradeSpec;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings environments to where a spec wants them: observe, plan, do the first step, observe again. It keeps nothing
 * between two steps that a fresh look would not tell, so a run that was killed is resumed by running again.
 *
 * <p>The order is the plan's: an environment between its first rename and its deployment goes first; all environments are
 * prepared before the first one is migrated; waves go in order. Within that, environments go one after the other, or
 * {@linkplain Builder#sideBySide side by side}.
 *
 * <p>When an environment fails, or is blocked after something was done to it, the {@link HaltRule} says what becomes of the
 * others. An environment that is blocked from the start, or by something that does not pass in time, is set aside and does
 * not hold up its own wave; but it {@linkplain Builder#blockedHoldsBackLaterWaves holds back later waves}.
 *
 * <p>Two runs at once: each run has an id, which it writes into the notes of its backups and restores. An operation of
 * another run that was started after this run began shows that the other is alive; then one of the two stops in that
 * environment, before its next change, and its report says which run it met: the younger, or the older if it has done
 * nothing that the younger could know it by. Two runs that meet only after the last restore cannot tell; they do no
 * harm, because a step is done once, whoever does it. Operations that were started before this run began are adopted:
 * that is a resumed run. The times are the platform's and this machine's; set clocks.
 *
 * <p>Defaults: one environment after the other in the calling thread, the machine's time, no listener, no journal,
 * {@link HaltRule#STOP_WAVE}, no gate, no canaries, 2 hours for each step, no limit for the run, 30 minutes for a blocker
 * that passes by itself, a heartbeat each minute. Safe for use by several threads, if observer and executor are.
 */
public final class UpgradeRunner {

    private final Settings settings;
    private final Set<Run> runs = ConcurrentHashMap.newKeySet();

    private UpgradeRunner(Settings settings) {
        this.settings = settings;
    }

    /** Starts the settings of a runner. */
    public static Builder builder(Observer observer, StepExecutor executor) {
        return new Builder(observer, executor);
    }

    /**
     * Observes all environments and plans, and changes nothing.
     *
     * @throws ObservationException if an environment cannot be looked at
     */
    public UpgradePlan plan(UpgradeSpec spec) {
        return start(spec).observeAll();
    }

    /**
     * Runs until all environments are up to date, or nothing more may be done. Waits for the calls under way before it
     * returns or throws: when it has ended, nothing is sent any more.
     *
     * @return what was done and what is true now; it says so, rather than throwing, when a step fails, an environment is
     *     blocked, or the run was stopped
     * @throws ObservationException if an environment cannot be looked at before anything was done
     * @throws InterruptedException if the thread was interrupted; what was begun goes on at the platform, and the next run
     *     finds it
     */
    public RunReport run(UpgradeSpec spec) throws InterruptedException {
        return run(start(spec));
    }

    /**
     * Observes all environments and plans the way back, as {@link UpgradePlanner#planRollback} does, and changes nothing.
     *
     * @throws ObservationException if an environment cannot be looked at
     */
    public UpgradePlan planRollback(UpgradeSpec spec, TargetAfterRollback target) {
        return startRollback(spec, target).observeAll();
    }

    /**
     * Brings the applications back to their sources, from wherever an upgrade has come to before it deleted them. What it
     * loses is said by the {@linkplain #planRollback plan}. Everything else is as in {@link #run(UpgradeSpec)}: the order, the rules, and
     * that it is resumed by running again.
     *
     * @param spec the wish that the upgrade was run with
     * @throws ObservationException if an environment cannot be looked at before anything was done
     * @throws InterruptedException as in {@link #run(UpgradeSpec)}
     */
    public RunReport rollback(UpgradeSpec spec, TargetAfterRollback target) throws InterruptedException {
        return run(startRollback(spec, target));
    }

    /**
     * Plans as {@link #plan} does, for keeping the plan; changes nothing.
     *
     * @throws ObservationException if an environment cannot be looked at
     */
    public SavedPlan planToSave(UpgradeSpec spec) {
        return save(start(spec));
    }

    /**
     * Plans the way back as {@link #planRollback} does, for keeping the plan; changes nothing.
     *
     * @throws ObservationException if an environment cannot be looked at
     */
    public SavedPlan planRollbackToSave(UpgradeSpec spec, TargetAfterRollback target) {
        return save(startRollback(spec, target));
    }

    private static SavedPlan save(Run run) {
        UpgradePlan plan = run.observeAll();
        return SavedPlan.of(plan, run.seen());
    }

    /**
     * Does what is left of a saved plan, and nothing else: it looks afresh, and if anything has {@linkplain
     * SavedPlan#differences left the plan}, in whichever environment, it begins nothing; the report says where, and what was
     * planned and seen then and now. An environment that leaves the plan while the run is under way is blocked. Everything
     * else is as in {@link #run(UpgradeSpec)}, and it is resumed by running the same plan again.
     *
     * @throws ObservationException if an environment cannot be looked at before anything was done
     * @throws InterruptedException as in {@link #run(UpgradeSpec)}
     */
    public RunReport run(SavedPlan saved) throws InterruptedException {
        return run(
                new Run(settings, saved.spec(), (seen, wish) -> saved.replan(seen)),
                run -> run.refuseIfLeft(saved.differences(run.seen())));
    }

    private RunReport run(Run run) throws InterruptedException {
        return run(run, looked -> {});
    }

    private RunReport run(Run run, Consumer<Run> afterFirstLook) throws InterruptedException {
        runs.add(run);
        try {
            UpgradePlan first = run.observeAll();
            afterFirstLook.accept(run);
            return run.run(first);
        } finally {
            runs.remove(run);
        }
    }

    /** A run that has not looked yet, to be driven by hand. */
    Run start(UpgradeSpec spec) {
        return start(spec, UpgradePlanner::plan);
    }

    private Run startRollback(UpgradeSpec spec, TargetAfterRollback target) {
        return start(spec, (seen, wish) -> UpgradePlanner.planRollback(seen, wish, target));
    }

    Run start(UpgradeSpec spec, Run.Planning planning) {
        return new Run(settings, spec, planning);
    }

    /**
     * Stops the runs of this runner that are under way: no call begins any more, not even for an application that is
     * between two prefixes. What was begun goes on at the platform, and the next run finds it. Returns at once; {@link #run(UpgradeSpec)}
     * returns its report when the calls under way have ended. May be called by any thread, such as a shutdown hook.
     */
    public void stop() {
        runs.forEach(Run::stop);
    }

    /** What a run needs to know. */
    record Settings(
            Observer observer,
            StepExecutor executor,
            Timer timer,
            RunListener listener,
            Journal journal,
            Executor calls,
            int limit,
            HaltRule haltRule,
            WaveGate gate,
            int canaries,
            boolean blockedHoldsBackLaterWaves,
            @Nullable Duration runDeadline,
            Duration blockerDeadline,
            Duration heartbeat,
            boolean takeOver,
            LongSupplier randomness) {}

    /** Collects the settings of an {@link UpgradeRunner}. Not safe for use by several threads. */
    public static final class Builder {
        private final Observer observer;
        private final StepExecutor executor;
        private Timer timer = Timer.SYSTEM;
        private RunListener listener = RunListener.NONE;
        private Journal journal = Journal.NONE;
        private Executor calls = Runnable::run;
        private int limit = 1;
        private HaltRule haltRule = HaltRule.STOP_WAVE;
        private WaveGate gate = WaveGate.AUTOMATIC;
        private int canaries;
        private boolean blockedHoldsBackLaterWaves = true;
        private @Nullable Duration runDeadline;
        private Duration blockerDeadline = Duration.ofMinutes(30);
        private Duration heartbeat = Duration.ofMinutes(1);
        private boolean takeOver;
        private LongSupplier randomness = () -> ThreadLocalRandom.current().nextLong();

        private Builder(Observer observer, StepExecutor executor) {
            this.observer = requireNonNull(observer, "observer");
            this.executor = requireNonNull(executor, "executor");
        }

        /** Sets the time to live in. Default: the machine's. */
        public Builder timer(Timer value) {
            this.timer = requireNonNull(value, "timer");
            return this;
        }

        /** Sets who is told what happens. Default: nobody. */
        public Builder listener(RunListener value) {
            this.listener = requireNonNull(value, "listener");
            return this;
        }

        /** Sets where to write down what is done. Default: nowhere. */
        public Builder journal(Journal value) {
            this.journal = requireNonNull(value, "journal");
            return this;
        }

        /**
         * Lets environments go side by side. The executor only makes the calls of observer and step executor, each of which
         * returns soon; no thread is held while an operation goes on, so few threads drive many environments. On Java 21
         * and newer, {@code Executors.newVirtualThreadPerTaskExecutor()} suits. It is not shut down. Default: one
         * environment after the other, in the thread that calls {@link UpgradeRunner#run(UpgradeSpec)}.
         *
         * @param executor who makes the calls
         * @param atOnce how many environments may be in work at once; those that wait for a turn, or for a blocker to pass
         *     before their first step, do not count
         * @throws IllegalArgumentException if the limit is not positive
         */
        public Builder sideBySide(Executor executor, int atOnce) {
            if (atOnce < 1) {
                throw new IllegalArgumentException("at least one environment must be in work, not " + atOnce);
            }
            this.calls = requireNonNull(executor, "executor");
            this.limit = atOnce;
            return this;
        }

        /** Sets what becomes of the other environments when one fails. Default {@link HaltRule#STOP_WAVE}. */
        public Builder haltRule(HaltRule value) {
            this.haltRule = requireNonNull(value, "haltRule");
            return this;
        }

        /** Sets who is asked before a wave begins to migrate. Default: nobody. */
        public Builder gate(WaveGate value) {
            this.gate = requireNonNull(value, "gate");
            return this;
        }

        /**
         * Lets the first environments of each wave migrate alone, and the others of the wave only after all of them are
         * through. A canary that is not stops its wave, whatever the {@link HaltRule}. Default 0: all go together.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public Builder canaries(int ofEachWave) {
            if (ofEachWave < 0) {
                throw new IllegalArgumentException("there cannot be " + ofEachWave + " canaries");
            }
            this.canaries = ofEachWave;
            return this;
        }

        /**
         * Sets whether an environment that is blocked before anything was done to it holds back the waves after its own.
         * Default true: a {@code test} that cannot be upgraded has shown nothing about {@code live}. One that has no
         * PostgreSQL at all never holds back others.
         */
        public Builder blockedHoldsBackLaterWaves(boolean value) {
            this.blockedHoldsBackLaterWaves = value;
            return this;
        }

        /**
         * Sets how long the run may take. Then no new step begins and steps under way are left to the platform, except that
         * an application between two prefixes is brought to the end of its deployment. Default: no limit.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder runDeadline(Duration value) {
            this.runDeadline = positive(value);
            return this;
        }

        /**
         * Sets how long to wait for a blocker that passes by itself, such as a deployment. Default 30 minutes.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder blockerDeadline(Duration value) {
            this.blockerDeadline = positive(value);
            return this;
        }

        /**
         * Sets how often {@link RunListener#heartbeat} is told of a step under way. Default 1 minute.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder heartbeat(Duration value) {
            this.heartbeat = positive(value);
            return this;
        }

        /**
         * Goes on although another run may be alive: the id of that run is written into the notes of what this run begins,
         * and the other stops when it sees it. For a person who knows that the other run is to end. Where nothing is left
         * to back up or to restore there is no note, and the other is not told.
         */
        public Builder takeOver() {
            this.takeOver = true;
            return this;
        }

        /** Sets where the random part of the run's id comes from. For tests that must be the same each time. */
        public Builder randomness(LongSupplier value) {
            this.randomness = requireNonNull(value, "randomness");
            return this;
        }

        /** Makes the runner. */
        public UpgradeRunner build() {
            return new UpgradeRunner(new Settings(
                    observer,
                    executor,
                    timer,
                    listener,
                    journal,
                    calls,
                    limit,
                    haltRule,
                    gate,
                    canaries,
                    blockedHoldsBackLaterWaves,
                    runDeadline,
                    blockerDeadline,
                    heartbeat,
                    takeOver,
                    randomness));
        }

        private static Duration positive(Duration value) {
            if (value.isNegative() || value.isZero()) {
                throw new IllegalArgumentException("a time must be positive, not " + value);
            }
            return value;
        }
    }
}
