package io.github.divio4j.upgrade.run;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.upgrade.Blocker;
import io.github.divio4j.upgrade.ChangedPlan;
import io.github.divio4j.upgrade.DatabaseFacts;
import io.github.divio4j.upgrade.EnvironmentPlan;
import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.OperationState;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.run.Schedule.Injection;
import io.github.divio4j.upgrade.testing.SimulatedWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The simulation finds what breaks a safety rule, whichever one it is: each test plants a defect. */
@Tag("large")
class PlantedDefectsTest {

    private static final long SEED = 7;
    private static final int BOUND = 500;

    /** Plays schedules until one shows something that must never happen; all that it showed. */
    private static List<String> found(Defect defect, String expected) {
        for (int number = 0; number < BOUND; number++) {
            Verdict verdict = Simulation.play(SEED, number, defect, new HashSet<>());
            List<String> wrong = Stream.concat(verdict.violations().stream(), verdict.stuck().stream())
                    .toList();
            if (wrong.stream().anyMatch(w -> w.contains(expected))) {
                assertThat(verdict.toString()).contains(expected);
                return wrong;
            }
        }
        throw new AssertionError("none of " + BOUND + " schedules shows that " + expected);
    }

    private interface Execution {
        StepOutcome execute(StepExecutor sound, SimulatedWorld world, Step step, StepContext context)
                throws InterruptedException;
    }

    private static Defect executor(Execution execution) {
        return new Defect() {
            @Override
            public StepExecutor executor(StepExecutor sound, SimulatedWorld world) {
                return (step, context) -> execution.execute(sound, world, step, context);
            }
        };
    }

    private static Defect planning(UnaryOperator<Run.Planning> change, Injection... needs) {
        return new Defect() {
            @Override
            public Set<Injection> needs() {
                return Set.of(needs);
            }

            @Override
            public Run.Planning planning(Run.Planning sound) {
                return change.apply(sound);
            }
        };
    }

    private static Defect eachPlan(BiFunction<Observation, EnvironmentPlan, EnvironmentPlan> change) {
        return planning(sound ->
                (seen, spec) -> ChangedPlan.of(sound.plan(seen, spec), plan -> change.apply(of(seen, plan), plan)));
    }

    private static Observation of(Collection<Observation> all, EnvironmentPlan plan) {
        return all.stream()
                .filter(o -> o.environment().equals(plan.environment()))
                .findFirst()
                .orElseThrow();
    }

    private static void deleteSource(SimulatedWorld world, Step step) {
        world.observe(step.environment()).instances().stream()
                .filter(i -> i.prefix().equals("OLD"))
                .forEach(i -> world.removeInstance(i.id()));
    }

    private static Step.BackUp asIfNoneWereUsable(Step.BackUp step, SimulatedWorld world) {
        Set<String> unusable = new HashSet<>();
        world.observe(step.environment()).backups().forEach(b -> unusable.add(b.id()));
        return new Step.BackUp(step.id(), step.environment(), step.source(), unusable);
    }

    @Test
    void aRestoreIntoWhatTheApplicationSees() {
        Defect defect = executor((sound, world, step, context) -> step instanceof Step.Restore r
                ? sound.execute(
                        new Step.Restore(r.id(), r.environment(), r.source(), r.source(), r.backUp(), r.upload()),
                        context)
                : sound.execute(step, context));

        assertThat(found(defect, "which the application can see"))
                .anyMatch(w -> w.contains("a restore was begun into instance-"));
    }

    @Test
    void aDeletionBeforeTheDeploymentHasEnded() {
        Defect defect = executor((sound, world, step, context) -> {
            StepOutcome outcome = sound.execute(step, context);
            if (step.kind() == Step.Kind.DEPLOY && outcome instanceof StepOutcome.InProgress) {
                deleteSource(world, step);
            }
            return outcome;
        });

        found(defect, "which the application uses");
    }

    private static StepOutcome executeAndFailFirstDeployment(
            StepExecutor sound, SimulatedWorld world, Step step, StepContext context) throws InterruptedException {
        if (step.kind() == Step.Kind.DEPLOY
                && world.observe(step.environment()).deployments().isEmpty()) {
            world.failNext(Step.Kind.DEPLOY);
        }
        return sound.execute(step, context);
    }

    @Test
    void aSourceThatIsCleanedUpAfterAFailedDeployment() {
        Defect defect = executor((sound, world, step, context) -> {
            StepOutcome outcome = executeAndFailFirstDeployment(sound, world, step, context);
            if (step.kind() == Step.Kind.DEPLOY && outcome instanceof StepOutcome.Failed) {
                deleteSource(world, step);
            }
            return outcome;
        });

        found(defect, "which the application uses");
    }

    @Test
    void anUpgradeThatIsTakenForDoneAfterAFailedDeployment() {
        Defect defect = new Defect() {
            @Override
            public StepExecutor executor(StepExecutor sound, SimulatedWorld world) {
                return (step, context) -> executeAndFailFirstDeployment(sound, world, step, context);
            }

            @Override
            public Run.Planning planning(Run.Planning sound) {
                return eachPlan((seen, plan) -> {
                            Observation.Deployment latest = seen.latestDeployment();
                            boolean failed = latest != null && latest.state() == OperationState.FAILED;
                            return failed && plan instanceof EnvironmentPlan.Ready
                                    ? new EnvironmentPlan.UpToDate(plan.environment(), "It was deployed.")
                                    : plan;
                        })
                        .planning(sound);
            }
        };

        found(defect, "is said to be up to date (It was deployed.), but the application uses");
    }

    @Test
    void aPostWhoseAnswerWasLostIsSentAgain() {
        Defect defect = new Defect() {
            @Override
            public Set<Injection> needs() {
                return Set.of(Injection.LOSE_ANSWER);
            }

            @Override
            public StepExecutor executor(StepExecutor sound, SimulatedWorld world) {
                boolean[] lost = new boolean[1];
                return (step, context) -> {
                    Step sent = lost[0] && step instanceof Step.BackUp b ? asIfNoneWereUsable(b, world) : step;
                    StepOutcome outcome = sound.execute(sent, context);
                    lost[0] =
                            step.kind() == Step.Kind.BACK_UP && outcome.facts().containsKey("answer");
                    return outcome;
                };
            }
        };

        found(defect, "was sent again after its answer was lost");
    }

    @Test
    void aChangeWhileADeploymentRuns() {
        Defect defect = planning(
                sound -> (seen, spec) -> sound.plan(
                        seen.stream()
                                .map(PlantedDefectsTest::withoutRunningDeployment)
                                .toList(),
                        spec),
                Injection.DEPLOYED_BY_OTHERS);

        found(defect, "changed something while a deployment ran");
    }

    private static Observation withoutRunningDeployment(Observation seen) {
        return new Observation(
                seen.environment(),
                seen.observedAt(),
                seen.catalogue(),
                seen.instances(),
                seen.backups(),
                seen.restores(),
                seen.deployments().stream()
                        .filter(d -> d.state() != OperationState.RUNNING)
                        .toList(),
                seen.deployedPrefixes(),
                seen.unsupported(),
                seen.downloads(),
                seen.databases());
    }

    @Test
    void aStaleBackupThatIsUsed() {
        Defect defect = planning(
                sound -> (seen, spec) -> {
                    UpgradeSpec.Builder lenient =
                            UpgradeSpec.to("15").oldInstance(spec.oldInstance()).maximumBackupAge(Duration.ofDays(9));
                    return sound.plan(seen, lenient.build());
                },
                Injection.STUCK);

        found(defect, "which is too old");
    }

    @Test
    void aSecondBackupWhileOneRuns() {
        Defect defect = executor((sound, world, step, context) -> {
            boolean again = world.observe(step.environment()).backups().size() == 1;
            return sound.execute(again && step instanceof Step.BackUp b ? asIfNoneWereUsable(b, world) : step, context);
        });

        found(defect, "a second backup was begun while one ran");
    }

    @Test
    void aSecondTarget() {
        Defect defect = executor((sound, world, step, context) -> {
            if (step.kind() == Step.Kind.PROVISION) {
                Observation seen = world.observe(step.environment());
                if (seen.databaseAt("KEPT").isEmpty()) {
                    world.addPostgres(step.environment(), "15", "KEPT", InstanceStatus.NEW);
                }
            }
            return sound.execute(step, context);
        });

        found(defect, "a second target was added");
    }

    @Test
    void aBlockerThatIsNotTrue() {
        Defect defect = eachPlan((seen, plan) -> new EnvironmentPlan.Blocked(
                plan.environment(),
                List.of(new Blocker(
                        Blocker.Reason.SEVERAL_SOURCES, plan.environment(), "It has two sources.", "Name one."))));

        found(defect, "blocked by what is not true");
    }

    @Test
    void anEndThatNeverComes() {
        Defect defect = executor((sound, world, step, context) -> step.kind() == Step.Kind.DEPLOY
                ? new StepOutcome.InProgress(Duration.ofMinutes(30), "deploying", Map.of())
                : sound.execute(step, context));

        found(defect, "after 30 runs");
    }

    @Test
    void aDeletionWithoutItsStoredBackup() {
        found(withoutSteps(Step.Kind.DOWNLOAD_BACKUP), "and its backup is not stored");
    }

    // The fence

    private static Defect withoutSteps(Step.Kind... kinds) {
        return eachPlan((seen, plan) -> {
            if (!(plan instanceof EnvironmentPlan.Ready ready)) {
                return plan;
            }
            List<Step> steps = new ArrayList<>(ready.steps());
            steps.removeIf(s -> List.of(kinds).contains(s.kind()));
            return steps.isEmpty()
                    ? new EnvironmentPlan.UpToDate(plan.environment(), "Nothing is left.")
                    : new EnvironmentPlan.Ready(
                            ready.environment(),
                            ready.wave(),
                            ready.from(),
                            ready.to(),
                            ready.prefix(),
                            ready.inCutover(),
                            requireNonNull(ready.loss()),
                            steps);
        });
    }

    /** Runs believe of the databases what is not so. */
    private static Defect believing(Function<Observation, DatabaseFacts> belief) {
        return new Defect() {
            @Override
            public Observer observer(Observer sound) {
                return new Observer() {
                    @Override
                    public List<EnvironmentRef> environments() {
                        return sound.environments();
                    }

                    @Override
                    public Observation observe(EnvironmentRef environment) {
                        Observation seen = sound.observe(environment);
                        return seen.with(belief.apply(seen), Map.of());
                    }
                };
            }
        };
    }

    @Test
    void aFenceThatIsOnlyBelievedIn() {
        Defect defect = believing(seen -> new DatabaseFacts(
                seen.instances().stream()
                        .collect(Collectors.toMap(
                                Observation.Instance::id,
                                i -> new DatabaseFacts.Fence("word", seen.observedAt(), true))),
                seen.databases().verified(),
                seen.databases().analyzed()));

        found(defect, "a backup was restored that no fence has kept true");
    }

    @Test
    void aComparisonThatIsOnlyBelievedIn() {
        Defect defect = believing(seen -> new DatabaseFacts(
                seen.databases().fences(),
                seen.restores().stream()
                        .collect(Collectors.toMap(Observation.Restore::id, r -> UpgradeSpec.Verification.CHECKSUMS)),
                seen.databases().analyzed()));

        found(defect, "moves to a target which was not compared");
    }

    @Test
    void aFenceThatIsLiftedInTheMiddleOfAnUpgrade() {
        Defect defect = executor((sound, world, step, context) -> {
            StepOutcome outcome = sound.execute(step, context);
            if (step instanceof Step.RenamePrefix rename && rename.to().equals("OLD")) {
                sound.execute(
                        new Step.LiftFence(
                                step.id(), step.environment(), rename.instance().withPrefix("OLD")),
                        context);
            }
            return outcome;
        });

        found(defect, "was lifted in the middle of an upgrade");
    }

    @Test
    void anApplicationThatIsLeftBehindItsFenceOnTheWayBack() {
        found(
                new Defect() {
                    @Override
                    public Set<Injection> needs() {
                        return Set.of(Injection.TURNED_ROUND);
                    }

                    @Override
                    public Run.Planning planning(Run.Planning sound) {
                        return withoutSteps(Step.Kind.LIFT_FENCE).planning(sound);
                    }
                },
                "the application cannot write");
    }
}
