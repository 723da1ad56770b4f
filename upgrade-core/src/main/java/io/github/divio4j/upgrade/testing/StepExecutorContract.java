package io.github.divio4j.upgrade.testing;

import static java.util.Objects.requireNonNull;

import io.github.divio4j.upgrade.EnvironmentPlan;
import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradePlanner;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.run.Observer;
import io.github.divio4j.upgrade.run.StepContext;
import io.github.divio4j.upgrade.run.StepExecutor;
import io.github.divio4j.upgrade.run.StepOutcome;
import io.github.divio4j.upgrade.run.Timer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link StepExecutor} promises, tried out: an upgrade is run through it several times, each time with something else that can
 * happen, and each clause that does not hold is told in words. For a test of your own executor:
 *
 * <pre>{@code
 * List<String> violated = StepExecutorContract.violations(MyPlatform::fresh, UpgradeSpec.to("15").build());
 * assertThat(violated).isEmpty();
 * }</pre>
 *
 * <p>The clauses:
 *
 * <ul>
 *   <li>it brings the upgrade to its end, and returns soon from each call;
 *   <li>a step that is done is not done again, whoever executes it again: the same executor, or a new one that knows nothing;
 *   <li>after an answer was lost it looks, and does not ask a second time; nor does a new executor after a crash;
 *   <li>an interrupt is honoured: it ends the call with {@link InterruptedException}, or the thread is still interrupted
 *       afterwards; and the step goes on from there;
 *   <li>nothing that it returns, throws or is called contains a secret.
 * </ul>
 */
public final class StepExecutorContract {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int MOST_CALLS = 2_000;
    /** A platform may show an effect a little later than it confirms it. */
    private static final int LOOKS_FOR_AN_EFFECT = 10;

    private final Supplier<? extends Platform> platforms;
    private final UpgradeSpec spec;
    private final List<String> violations = new ArrayList<>();

    private StepExecutorContract(Supplier<? extends Platform> platforms, UpgradeSpec spec) {
        this.platforms = platforms;
        this.spec = spec;
    }

    /**
     * A platform with something to upgrade, and a way to it, that the contract can do as it likes with. Used by one thread.
     */
    public interface Platform extends AutoCloseable {

        /** What looks at it. */
        Observer observer();

        /** An executor that knows nothing of the ones before, as in a process that has just started. */
        StepExecutor executor();

        /** Its time. */
        Timer timer();

        /** How many changes have taken effect so far. */
        int changes();

        /** The next change takes effect, and its answer does not reach the executor. */
        void loseNextAnswer();

        /** What must not show anywhere: the token, passwords. By default there is nothing. */
        default Set<String> secrets() {
            return Set.of();
        }

        /** Ends it. By default there is nothing to do. */
        @Override
        default void close() {}

        /**
         * A simulated platform with one environment to upgrade from PostgreSQL 13 to 15, for an executor that is wrapped around
         * another: a pool, a queue, a workflow engine.
         *
         * @param around makes a new executor that does its steps through the given one
         */
        static Platform simulated(UnaryOperator<StepExecutor> around) {
            return new SimulatedPlatform(requireNonNull(around, "around"));
        }
    }

    /**
     * Tries all clauses.
     *
     * @param platforms makes a fresh platform for each of them
     * @param spec the upgrade to run; it must not be up to date
     * @return each clause that was violated, with what happened, as a sentence; empty is what is wished
     */
    public static List<String> violations(Supplier<? extends Platform> platforms, UpgradeSpec spec) {
        StepExecutorContract contract =
                new StepExecutorContract(requireNonNull(platforms, "platforms"), requireNonNull(spec, "spec"));
        contract.check();
        return List.copyOf(contract.violations);
    }

    private void check() {
        int changes = pass("It makes an upgrade", Set.of());
        if (changes == 0 && violations.isEmpty()) {
            violations.add("It makes an upgrade: nothing was changed.");
        }
        if (!violations.isEmpty()) {
            return;
        }
        expect(changes, "A step that is done is not done again", Set.of(Trouble.EXECUTED_AGAIN));
        expect(changes, "What a process that died has begun is not begun again", Set.of(Trouble.FORGETS));
        expect(changes, "After a lost answer it looks, and does not ask again", Set.of(Trouble.LOSES_ANSWERS));
        expect(
                changes,
                "After a crash with a lost answer it looks, and does not ask again",
                Set.of(Trouble.LOSES_ANSWERS, Trouble.FORGETS));
        expect(changes, "An interrupt is honoured", Set.of(Trouble.INTERRUPTED));
    }

    private void expect(int changes, String clause, Set<Trouble> troubles) {
        int before = violations.size();
        int made = pass(clause, troubles);
        if (violations.size() == before && made != changes) {
            violations.add(clause + ": " + made + " changes were made, where " + changes + " are needed.");
        }
    }

    private int pass(String clause, Set<Trouble> troubles) {
        try (Platform platform = platforms.get()) {
            Pass pass = new Pass(clause, troubles, platform);
            pass.run();
            return platform.changes();
        }
    }

    /** What befalls an executor in a pass. */
    private enum Trouble {
        /** After each step it is executed again, by the same executor and by a new one. */
        EXECUTED_AGAIN,
        /** Each call is made by a new executor, without the facts. */
        FORGETS,
        /** The answer to each change is lost. */
        LOSES_ANSWERS,
        /** The first call of each step is made by an interrupted thread. */
        INTERRUPTED
    }

    /** One upgrade from beginning to end. */
    private final class Pass {
        private final String clause;
        private final Set<Trouble> troubles;
        private final Platform platform;
        private StepExecutor executor;
        private int calls;
        private boolean over;

        Pass(String clause, Set<Trouble> troubles, Platform platform) {
            this.clause = clause;
            this.troubles = troubles;
            this.platform = platform;
            this.executor = platform.executor();
        }

        void run() {
            if (troubles.contains(Trouble.LOSES_ANSWERS)) {
                platform.loseNextAnswer();
            }
            for (EnvironmentRef environment : platform.observer().environments()) {
                upgrade(environment);
            }
            keepsSecrets(executor.toString());
        }

        private void upgrade(EnvironmentRef environment) {
            while (!over) {
                Optional<Step> next = next(environment);
                if (next.isEmpty()) {
                    return;
                }
                Step step = next.get();
                makeTrue(step);
                for (int look = 1; !over && look < LOOKS_FOR_AN_EFFECT && isMissing(step); look++) {
                    sleep(Duration.ofSeconds(1));
                }
                if (!over && isMissing(step)) {
                    violated("it said that it did what does not show: " + step.describe());
                }
                if (troubles.contains(Trouble.EXECUTED_AGAIN)) {
                    again(step, executor);
                    again(step, platform.executor());
                }
            }
        }

        private Optional<Step> next(EnvironmentRef environment) {
            EnvironmentPlan plan = plan(platform.observer().observe(environment));
            if (plan instanceof EnvironmentPlan.Blocked blocked) {
                violated("it left an environment that is blocked: " + blocked.blockers());
            }
            return plan.steps().stream().findFirst();
        }

        private EnvironmentPlan plan(Observation seen) {
            return UpgradePlanner.plan(List.of(seen), spec).environments().get(0);
        }

        private boolean isMissing(Step step) {
            return plan(platform.observer().observe(step.environment())).steps().stream()
                    .anyMatch(s -> s.id().equals(step.id()));
        }

        private void makeTrue(Step step) {
            Map<String, String> facts = Map.of();
            boolean interrupt = troubles.contains(Trouble.INTERRUPTED);
            while (!over) {
                int before = platform.changes();
                StepOutcome outcome = interrupt ? interrupted(step) : call(step, executor, facts);
                interrupt = false;
                if (troubles.contains(Trouble.LOSES_ANSWERS) && platform.changes() > before) {
                    platform.loseNextAnswer();
                }
                if (troubles.contains(Trouble.FORGETS)) {
                    executor = platform.executor();
                }
                if (outcome == null) {
                    continue;
                }
                facts = troubles.contains(Trouble.FORGETS) ? Map.of() : outcome.facts();
                if (outcome instanceof StepOutcome.Failed failed) {
                    violated("it failed to " + step.describe() + ": " + failed.message());
                } else if (outcome instanceof StepOutcome.InProgress progress) {
                    sleep(progress.lookAgainAfter());
                } else {
                    return;
                }
            }
        }

        /** A call in a thread that is interrupted already. */
        private @Nullable StepOutcome interrupted(Step step) {
            Thread.currentThread().interrupt();
            StepOutcome outcome = call(step, executor, Map.of());
            boolean kept = Thread.interrupted();
            if (outcome != null && !kept) {
                violated("it swallowed an interrupt when it was to " + step.describe());
            }
            return outcome;
        }

        private void again(Step step, StepExecutor by) {
            if (over) {
                return;
            }
            int before = platform.changes();
            StepOutcome outcome = call(step, by, Map.of());
            if (platform.changes() > before) {
                violated("it did again what was done: " + step.describe());
            } else if (outcome != null && !outcome.isDone()) {
                violated("it did not find that it was done already to " + step.describe() + ": " + outcome);
            }
        }

        /** One call; null if it was interrupted. */
        private @Nullable StepOutcome call(Step step, StepExecutor by, Map<String, String> facts) {
            if (++calls > MOST_CALLS) {
                violated("it came to no end in " + MOST_CALLS + " calls, the last to " + step.describe());
                return null;
            }
            StepContext context = new StepContext(seen(step), facts);
            long began = System.nanoTime();
            try {
                StepOutcome outcome = by.execute(step, context);
                keepsSecrets(outcome.toString());
                return outcome;
            } catch (InterruptedException e) {
                keepsSecrets(withCauses(e));
                if (!troubles.contains(Trouble.INTERRUPTED)) {
                    violated("it threw InterruptedException, and nobody interrupted it");
                }
                return null;
            } catch (RuntimeException e) {
                // Any executor may be behind the interface.
                keepsSecrets(withCauses(e));
                violated("it threw " + e.getClass().getName() + " when it was to " + step.describe());
                return null;
            } finally {
                Duration took = Duration.ofNanos(System.nanoTime() - began);
                if (took.compareTo(SOON) > 0) {
                    violated("a call to " + step.describe() + " took " + took.toSeconds()
                            + " s: it sat and waited instead of saying when to look again");
                }
            }
        }

        /** The look is the contract's: an interrupt is meant for the executor. */
        private Observation seen(Step step) {
            boolean interrupted = Thread.interrupted();
            try {
                return platform.observer().observe(step.environment());
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        private void sleep(Duration duration) {
            try {
                platform.timer().sleep(duration);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                violated("the check itself was interrupted");
            }
        }

        private void keepsSecrets(String text) {
            if (platform.secrets().stream().anyMatch(text::contains)) {
                violated("a secret shows in what it returned, threw or is called");
            }
        }

        private void violated(String what) {
            over = true;
            violations.add(clause + ": " + what + ".");
        }
    }

    private static String withCauses(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static final class SimulatedPlatform implements Platform {
        private final UnaryOperator<StepExecutor> around;
        private final SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");
        private boolean losesNextAnswer;

        SimulatedPlatform(UnaryOperator<StepExecutor> around) {
            this.around = around;
            world.addPostgres(world.addEnvironment("test"), "13", "DEFAULT", InstanceStatus.ATTACHED);
            world.chooseFaults(step -> fault());
        }

        private synchronized Optional<SimulatedWorld.Fault> fault() {
            boolean lost = losesNextAnswer;
            losesNextAnswer = false;
            return lost ? Optional.of(SimulatedWorld.Fault.LOSE_ANSWER) : Optional.empty();
        }

        @Override
        public Observer observer() {
            return world;
        }

        @Override
        public StepExecutor executor() {
            return around.apply(world);
        }

        @Override
        public Timer timer() {
            return world;
        }

        @Override
        public int changes() {
            return world.changes().size();
        }

        @Override
        public synchronized void loseNextAnswer() {
            losesNextAnswer = true;
        }
    }
}
