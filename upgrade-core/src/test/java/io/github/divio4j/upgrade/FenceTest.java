package io.github.divio4j.upgrade;

import static io.github.divio4j.upgrade.Driving.complete;
import static io.github.divio4j.upgrade.Driving.executeToTheEnd;
import static io.github.divio4j.upgrade.Driving.plan;
import static io.github.divio4j.upgrade.Driving.planRollback;
import static io.github.divio4j.upgrade.Driving.runThrough;
import static io.github.divio4j.upgrade.Driving.runToTheEnd;
import static io.github.divio4j.upgrade.Driving.runUpTo;
import static io.github.divio4j.upgrade.InstanceStatus.ATTACHED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.divio4j.upgrade.Blocker.Reason;
import io.github.divio4j.upgrade.EnvironmentPlan.Blocked;
import io.github.divio4j.upgrade.EnvironmentPlan.Loss;
import io.github.divio4j.upgrade.EnvironmentPlan.Ready;
import io.github.divio4j.upgrade.EnvironmentPlan.UpToDate;
import io.github.divio4j.upgrade.UpgradePlanner.TargetAfterRollback;
import io.github.divio4j.upgrade.UpgradeSpec.OldInstance;
import io.github.divio4j.upgrade.UpgradeSpec.Verification;
import io.github.divio4j.upgrade.UpgradeSpec.WritesPolicy;
import io.github.divio4j.upgrade.run.StepOutcome;
import io.github.divio4j.upgrade.testing.SimulatedWorld;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The fence, the comparison and the statistics: when they are planned, what they prove, and what becomes of them. */
class FenceTest {

    private static final UpgradeSpec FENCED =
            UpgradeSpec.to("15").writes(WritesPolicy.FENCE_REQUIRED).build();
    private static final UpgradeSpec IF_POSSIBLE =
            UpgradeSpec.to("15").writes(WritesPolicy.FENCE_IF_POSSIBLE).build();
    private static final UpgradeSpec CHECKED = UpgradeSpec.to("15")
            .writes(WritesPolicy.FENCE_REQUIRED)
            .verification(Verification.CHECKSUMS)
            .analyze()
            .build();

    private final SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");
    private final EnvironmentRef test = world.addEnvironment("test");
    private final String source = world.addPostgres(test, "13", "DEFAULT", ATTACHED);

    private EnvironmentPlan planned(UpgradeSpec spec) {
        return plan(world, spec).environment(test).orElseThrow();
    }

    private EnvironmentPlan back() {
        return planRollback(world, FENCED, TargetAfterRollback.KEEP)
                .environment(test)
                .orElseThrow();
    }

    private static List<String> described(EnvironmentPlan plan) {
        return plan.steps().stream().map(Step::describe).toList();
    }

    private static Set<Reason> reasons(EnvironmentPlan plan) {
        return plan instanceof Blocked blocked
                ? blocked.blockers().stream().map(Blocker::reason).collect(java.util.stream.Collectors.toSet())
                : Set.of();
    }

    /** Somebody lets the application write again. */
    private void liftByHand() {
        InstanceRef ref = new InstanceRef(
                InstanceRef.Role.SOURCE,
                world.observe(test).catalogue().get(0),
                world.observe(test).instances().stream()
                        .filter(i -> i.id().equals(source))
                        .findFirst()
                        .orElseThrow()
                        .prefix());
        complete(world, new Step.LiftFence(Position.IDS.liftFence(), test, ref));
    }

    // The plan

    @Test
    void theFenceGoesUpBeforeTheBackupAndTheChecksComeBeforeTheCutover() {
        assertThat(described(planned(CHECKED)))
                .containsExactly(
                        "add PostgreSQL Database 15 (NEW)",
                        "provision PostgreSQL Database 15 (NEW)",
                        "refuse writes to PostgreSQL Database 13 (DEFAULT)",
                        "back up PostgreSQL Database 13 (DEFAULT)",
                        "restore the backup into PostgreSQL Database 15 (NEW)",
                        "compare PostgreSQL Database 15 (NEW) with PostgreSQL Database 13 (DEFAULT) (checksums)",
                        "collect statistics of PostgreSQL Database 15 (NEW)",
                        "rename PostgreSQL Database 13 (DEFAULT) to OLD",
                        "detach PostgreSQL Database 13 (OLD)",
                        "rename PostgreSQL Database 15 (NEW) to DEFAULT",
                        "deploy, which moves the application to PostgreSQL Database 15 (DEFAULT)",
                        "delete PostgreSQL Database 13 (OLD) (point of no return)");
    }

    @Test
    void behindAFenceNothingCanBeLost() {
        assertThat(((Ready) planned(FENCED)).loss().kind()).isEqualTo(Loss.Kind.NOTHING);
        assertThat(((Ready) planned(UpgradeSpec.to("15").build())).loss().kind())
                .isEqualTo(Loss.Kind.UNPROTECTED_WINDOW);
    }

    @Test
    void aFenceIfPossibleIsLeftOutWhereItIsNotPossible() {
        assertThat(described(planned(IF_POSSIBLE))).contains("refuse writes to PostgreSQL Database 13 (DEFAULT)");

        world.refuse(Step.Kind.FENCE_WRITES, "nobody has access.");

        assertThat(described(planned(IF_POSSIBLE))).noneMatch(s -> s.startsWith("refuse"));
        assertThat(planned(FENCED))
                .isInstanceOfSatisfying(
                        Blocked.class,
                        blocked -> assertThat(blocked.blockers().get(0).toString())
                                .contains(
                                        "Nothing here can refuse writes to PostgreSQL Database 13 (DEFAULT): nobody has access.",
                                        "a hook that stops the writes"));
    }

    @Test
    void whereThereIsNoFenceNothingIsCompared() {
        world.refuse(Step.Kind.FENCE_WRITES, "nobody has access.");
        UpgradeSpec spec = UpgradeSpec.to("15")
                .writes(WritesPolicy.FENCE_IF_POSSIBLE)
                .verification(Verification.COUNTS)
                .build();

        assertThat(described(planned(spec))).noneMatch(s -> s.startsWith("compare"));
    }

    @Test
    void whatThePlatformIsNotAskedForIsNamedByWhatCannotBeDone() {
        world.refuse(Step.Kind.VERIFY, "nobody has access.");
        world.refuse(Step.Kind.ANALYZE, "nobody has access.");

        assertThat(reasons(planned(CHECKED))).containsExactly(Reason.CALL_NOT_SUPPORTED);
        assertThat(((Blocked) planned(CHECKED)).blockers()).hasSize(2);
    }

    // What is behind the fence

    @Test
    void behindAFenceABackupDoesNotGrowOld() {
        runUpTo(world, FENCED, Step.Kind.RESTORE);

        world.sleep(Duration.ofHours(9));

        assertThat(planned(FENCED).steps().get(0).kind()).isEqualTo(Step.Kind.RESTORE);
    }

    @Test
    void aBackupFromBeforeTheFenceIsNotUsed() {
        runUpTo(world, UpgradeSpec.to("15").build(), Step.Kind.RESTORE);

        assertThat(described(planned(FENCED)).subList(0, 2))
                .containsExactly(
                        "refuse writes to PostgreSQL Database 13 (DEFAULT)",
                        "back up PostgreSQL Database 13 (DEFAULT)");
    }

    @Test
    void aBackupThatRunsFromBeforeTheFenceIsWaitedForBeforeTheApplicationIsStopped() {
        Driving.executeOnce(world, runUpTo(world, UpgradeSpec.to("15").build(), Step.Kind.BACK_UP));

        assertThat(reasons(planned(FENCED))).containsExactly(Reason.BACKUP_RUNNING);

        world.sleep(Duration.ofMinutes(1));
        assertThat(planned(FENCED).steps().get(0).kind()).isEqualTo(Step.Kind.FENCE_WRITES);
    }

    @Test
    void aFenceThatWasLiftedAndRaisedAgainIsAnotherFence() {
        runUpTo(world, FENCED, Step.Kind.RENAME_PREFIX);
        liftByHand();
        world.write(test);
        runThrough(world, FENCED, "fence-writes");

        assertThat(described(planned(FENCED)).subList(0, 2))
                .containsExactly(
                        "back up PostgreSQL Database 13 (DEFAULT)",
                        "restore the backup into PostgreSQL Database 15 (NEW)");
    }

    @Test
    void aFenceLiftedByHandInTheCutoverIsABlockerWithAWayBack() {
        runUpTo(world, FENCED, Step.Kind.DEPLOY);
        liftByHand();

        assertThat(planned(FENCED)).isInstanceOfSatisfying(Blocked.class, blocked -> {
            assertThat(reasons(blocked)).containsExactly(Reason.NOT_FENCED);
            assertThat(blocked.blockers().get(0).remedy()).contains("Roll back (planRollback), which loses nothing");
        });
        assertThat(back()).isInstanceOf(Ready.class);
    }

    /** What is seen if rows were written in spite of the fence. */
    private Observation breached() {
        Observation seen = world.observe(test);
        DatabaseFacts facts = seen.databases();
        DatabaseFacts.Fence fence = facts.fences().get(source);
        return seen.with(
                new DatabaseFacts(
                        java.util.Map.of(source, new DatabaseFacts.Fence(fence.token(), fence.since(), false)),
                        facts.verified(),
                        facts.analyzed()),
                java.util.Map.of());
    }

    @Test
    void aFenceThatDoesNotHoldProvesNothing() {
        runUpTo(world, FENCED, Step.Kind.RENAME_PREFIX);

        assertThat(UpgradePlanner.plan(List.of(breached()), FENCED).steps())
                .extracting(Step::kind)
                .startsWith(Step.Kind.FENCE_WRITES, Step.Kind.BACK_UP, Step.Kind.RESTORE);
    }

    @Test
    void aFenceThatDoesNotHoldIsLiftedOnTheWayBack() {
        runUpTo(world, FENCED, Step.Kind.RENAME_PREFIX);

        assertThat(UpgradePlanner.planRollback(List.of(breached()), FENCED, TargetAfterRollback.KEEP)
                        .steps())
                .extracting(Step::kind)
                .containsExactly(Step.Kind.LIFT_FENCE);
    }

    // The checks

    @Test
    void whatIsRestoredAgainIsComparedAgain() {
        runUpTo(world, CHECKED, Step.Kind.RENAME_PREFIX);
        liftByHand();
        runThrough(world, CHECKED, "restore");

        assertThat(planned(CHECKED).steps().get(0).kind()).isEqualTo(Step.Kind.VERIFY);
    }

    @Test
    void aComparisonOfMoreIsOneOfLess() {
        runUpTo(world, CHECKED, Step.Kind.RENAME_PREFIX);
        UpgradeSpec counts = UpgradeSpec.to("15")
                .writes(WritesPolicy.FENCE_REQUIRED)
                .verification(Verification.COUNTS)
                .build();

        assertThat(planned(counts).steps().get(0).kind()).isEqualTo(Step.Kind.RENAME_PREFIX);
    }

    @Test
    void aDifferenceKeepsTheApplicationWhereItIs() {
        world.write(test);
        Step verify = runUpTo(world, CHECKED, Step.Kind.VERIFY);
        liftByHand();
        world.write(test);

        assertThat(executeToTheEnd(world, verify))
                .isInstanceOfSatisfying(
                        StepOutcome.Failed.class,
                        failed -> assertThat(failed.mayRetry()).isFalse());
    }

    @Test
    void inTheCutoverWhatWasNotComparedIsABlocker() {
        runUpTo(world, FENCED, Step.Kind.DEPLOY);

        assertThat(reasons(planned(CHECKED))).contains(Reason.NOT_VERIFIED);
    }

    @Test
    void whatWasNotComparedIsNotDeleted() {
        runUpTo(world, FENCED, Step.Kind.DELETE_SERVICE);

        assertThat(planned(CHECKED))
                .isInstanceOfSatisfying(
                        UpToDate.class,
                        plan -> assertThat(plan.reason())
                                .contains("is not deleted, because nothing shows that it was compared"));
    }

    // Its end

    @Test
    void theFenceStaysUpAfterTheApplicationHasMoved() {
        runToTheEnd(
                world,
                UpgradeSpec.to("15")
                        .writes(WritesPolicy.FENCE_REQUIRED)
                        .oldInstance(OldInstance.KEEP)
                        .build());

        assertThat(world.observe(test).databases().fences()).containsOnlyKeys(source);
        assertThat(world.refusesWrites(test)).isFalse();
    }

    @Test
    void anApplicationThatCannotWriteIsToldOfBesideWhatBlocksIt() {
        runThrough(world, FENCED, "fence-writes");
        world.addPostgres(test, "13", "SEARCH", ATTACHED);
        UpgradeSpec spec = UpgradeSpec.to("15")
                .writes(WritesPolicy.FENCE_REQUIRED)
                .sourcePrefix("DEFAULT")
                .build();
        world.addInstance(test, "MySQL Database 8", Observation.DATABASE, "OLD", ATTACHED);

        assertThat(reasons(planned(spec))).containsExactlyInAnyOrder(Reason.PREFIX_TAKEN, Reason.WRITES_REFUSED);
    }

    @Test
    void whileADeploymentRunsTheFenceIsNoReasonToGiveUp() {
        runThrough(world, FENCED, "fence-writes");
        world.deploy(test);

        assertThat(((Blocked) planned(FENCED)).blockers())
                .extracting(Blocker::reason)
                .containsExactly(Reason.DEPLOYMENT_RUNNING, Reason.WRITES_REFUSED)
                .allMatch(Reason::passesByItself);
    }

    @Test
    void theWayBackLiftsTheFenceOnceTheSourceHasItsPrefixAgain() {
        runUpTo(world, FENCED, Step.Kind.DEPLOY);

        assertThat(described(back()))
                .containsExactly(
                        "rename PostgreSQL Database 15 (DEFAULT) to NEW",
                        "rename PostgreSQL Database 13 (OLD) to DEFAULT",
                        "attach PostgreSQL Database 13 (DEFAULT)",
                        "lift the fence of PostgreSQL Database 13 (DEFAULT)");
    }

    @Test
    void fromTheTargetTheWayBackLiftsTheFenceBeforeTheApplicationArrives() {
        runUpTo(world, FENCED, Step.Kind.DELETE_SERVICE);

        assertThat(described(back()))
                .containsSubsequence(
                        "lift the fence of PostgreSQL Database 13 (DEFAULT)",
                        "deploy, which moves the application to PostgreSQL Database 13 (DEFAULT)");
    }

    @Test
    void afterTheWayBackTheApplicationWrites() {
        runUpTo(world, FENCED, Step.Kind.BACK_UP);
        assertThat(world.refusesWrites(test)).isTrue();
        assertThatThrownBy(() -> world.write(test)).isInstanceOf(IllegalStateException.class);

        back().steps().forEach(step -> complete(world, step));

        assertThat(world.write(test)).isPositive();
        assertThat(world.violations()).isEmpty();
    }

    @Test
    void theFenceIsNotLiftedWhileTheSourceHasAnotherPrefix() {
        runUpTo(world, FENCED, Step.Kind.DEPLOY);
        Observation now = world.observe(test);
        Step lift = new Step.LiftFence(
                Position.IDS.liftFence(),
                test,
                new InstanceRef(InstanceRef.Role.SOURCE, now.catalogue().get(0), "DEFAULT"));

        assertThat(SafetyCheck.violation(lift, now)).contains("PostgreSQL Database 13 (DEFAULT) is not there");
    }

    @Test
    void theFenceOfWhatTheApplicationHasLeftIsLiftedOnlyIfItStopsTheApplication() {
        runUpTo(world, FENCED, Step.Kind.DELETE_SERVICE);
        Observation now = world.observe(test);
        DatabaseFacts facts = now.databases();
        Step lift = new Step.LiftFence(
                Position.IDS.liftFence(),
                test,
                new InstanceRef(InstanceRef.Role.SOURCE, now.catalogue().get(0), "OLD"));

        assertThat(SafetyCheck.violation(lift, now)).isPresent();
        assertThat(SafetyCheck.violation(
                        lift,
                        now.with(
                                new DatabaseFacts(
                                        facts.fences(),
                                        facts.verified(),
                                        facts.analyzed(),
                                        facts.preflights(),
                                        true,
                                        facts.retired()),
                                java.util.Map.of())))
                .isEmpty();
    }
}
