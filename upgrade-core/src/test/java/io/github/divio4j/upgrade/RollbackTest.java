package io.github.divio4j.upgrade;

import static io.github.divio4j.upgrade.Driving.complete;
import static io.github.divio4j.upgrade.Driving.plan;
import static io.github.divio4j.upgrade.Driving.planRollback;
import static io.github.divio4j.upgrade.Driving.runThrough;
import static io.github.divio4j.upgrade.Driving.runToTheEnd;
import static io.github.divio4j.upgrade.Driving.runUpTo;
import static io.github.divio4j.upgrade.InstanceStatus.ATTACHED;
import static io.github.divio4j.upgrade.InstanceStatus.DETACHED;
import static io.github.divio4j.upgrade.InstanceStatus.NEW;
import static io.github.divio4j.upgrade.InstanceStatus.PROVISIONING;
import static io.github.divio4j.upgrade.InstanceStatus.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.upgrade.EnvironmentPlan.Blocked;
import io.github.divio4j.upgrade.EnvironmentPlan.Loss;
import io.github.divio4j.upgrade.EnvironmentPlan.Ready;
import io.github.divio4j.upgrade.EnvironmentPlan.UpToDate;
import io.github.divio4j.upgrade.UpgradePlanner.TargetAfterRollback;
import io.github.divio4j.upgrade.UpgradeSpec.OldInstance;
import io.github.divio4j.upgrade.report.Report;
import io.github.divio4j.upgrade.testing.SimulatedWorld;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The way back: from where, over which steps, and what it costs. */
class RollbackTest {

    private static final UpgradeSpec TO_15 =
            UpgradeSpec.to("15").oldInstance(OldInstance.KEEP).build();

    private final SimulatedWorld world = SimulatedWorld.create("shop", "13", "15", "17");
    private final EnvironmentRef test = world.addEnvironment("test");

    RollbackTest() {
        world.addPostgres(test, "13", "DEFAULT", ATTACHED);
    }

    private EnvironmentPlan back(TargetAfterRollback target) {
        return planRollback(world, TO_15, target).environment(test).orElseThrow();
    }

    private void goBack(TargetAfterRollback target) {
        for (int done = 0; back(target) instanceof Ready ready; done++) {
            assertThat(done).as("steps without an end").isLessThan(Driving.MANY);
            complete(world, ready.steps().get(0));
        }
        assertThat(world.violations()).isEmpty();
    }

    private static List<String> described(EnvironmentPlan plan) {
        return plan.steps().stream().map(Step::describe).toList();
    }

    @Test
    void anUpgradeThatWasNotBegunNeedsNoWayBack() {
        assertThat(back(TargetAfterRollback.KEEP))
                .isInstanceOfSatisfying(
                        UpToDate.class, plan -> assertThat(plan.reason()).contains("PostgreSQL Database 13 (DEFAULT)"));
    }

    @Test
    void aTargetThatWasNeverSetUpIsDeletedIfWished() {
        runThrough(world, TO_15, "add-service");

        assertThat(described(back(TargetAfterRollback.DELETE)))
                .containsExactly("delete PostgreSQL Database 15 (NEW) with what it holds");
        assertThat(back(TargetAfterRollback.KEEP)).isInstanceOf(UpToDate.class);
    }

    @Test
    void beforeTheDeploymentTheWayBackLosesNothingAndNeedsNoDeployment() {
        runUpTo(world, TO_15, Step.Kind.DEPLOY);

        EnvironmentPlan back = back(TargetAfterRollback.KEEP);

        assertThat(described(back))
                .containsExactly(
                        "rename PostgreSQL Database 15 (DEFAULT) to NEW",
                        "rename PostgreSQL Database 13 (OLD) to DEFAULT",
                        "attach PostgreSQL Database 13 (DEFAULT)");
        assertThat(((Ready) back).loss().kind()).isEqualTo(Loss.Kind.NOTHING);
        goBack(TargetAfterRollback.KEEP);
        assertThat(world.instances(test))
                .containsExactly(
                        "PostgreSQL Database 13 (DEFAULT) ATTACHED", "PostgreSQL Database 15 (NEW) PENDING_ATTACHMENT");
    }

    @Test
    void afterTheDeploymentTheWayBackDeploysAndSaysWhatItLoses() {
        runToTheEnd(world, TO_15);
        String moved = world.now().toString();
        world.sleep(Duration.ofHours(3));

        EnvironmentPlan back = back(TargetAfterRollback.KEEP);

        assertThat(described(back))
                .containsExactly(
                        "rename PostgreSQL Database 15 (DEFAULT) to NEW",
                        "detach PostgreSQL Database 15 (NEW)",
                        "rename PostgreSQL Database 13 (OLD) to DEFAULT",
                        "attach PostgreSQL Database 13 (DEFAULT)",
                        "deploy, which moves the application to PostgreSQL Database 13 (DEFAULT)");
        assertThat(((Ready) back).loss().kind()).isEqualTo(Loss.Kind.WRITES_SINCE_SWITCH);
        assertThat(((Ready) back).loss().since()).isNotNull().isBeforeOrEqualTo(moved);
        assertThat(Report.of(planRollback(world, TO_15)).text())
                .startsWith("Plan: 1 environment back from PostgreSQL 15, 5 steps\n")
                .contains("loses what was written to PostgreSQL 15 (DEFAULT) since 2026-01-01T");
        goBack(TargetAfterRollback.KEEP);
        assertThat(world.instances(test))
                .containsExactly("PostgreSQL Database 13 (DEFAULT) ATTACHED", "PostgreSQL Database 15 (NEW) DETACHED");
    }

    @Test
    void theApplicationFindsItsRowsAgainAfterTheWayBack() {
        world.write(test);
        world.write(test);
        runToTheEnd(world, TO_15);
        world.write(test);

        goBack(TargetAfterRollback.KEEP);

        assertThat(world.rowsSeenByApplication(test)).isEqualTo(2);
    }

    @Test
    void theTargetIsDeletedAtTheEndIfWished() {
        runToTheEnd(world, TO_15);

        goBack(TargetAfterRollback.DELETE);

        assertThat(world.instances(test)).containsExactly("PostgreSQL Database 13 (DEFAULT) ATTACHED");
    }

    @Test
    void aTargetThatWaitsForADeploymentIsAttachedAndDetachedBeforeItIsDeleted() {
        runThrough(world, TO_15, "restore");

        assertThat(described(back(TargetAfterRollback.DELETE)))
                .containsExactly(
                        "deploy, which attaches PostgreSQL Database 15 (NEW) so that it can be detached",
                        "detach PostgreSQL Database 15 (NEW)",
                        "deploy, which moves the application to PostgreSQL Database 13 (DEFAULT)",
                        "delete PostgreSQL Database 15 (NEW) with what it holds");
        goBack(TargetAfterRollback.DELETE);
        assertThat(world.instances(test)).containsExactly("PostgreSQL Database 13 (DEFAULT) ATTACHED");
    }

    @Test
    void aTargetThatIsBeingRestoredIsNotDeletedBeforeThatHasEnded() {
        Driving.executeOnce(world, runUpTo(world, TO_15, Step.Kind.RESTORE));

        assertThat(back(TargetAfterRollback.DELETE))
                .isInstanceOfSatisfying(
                        Blocked.class,
                        blocked -> assertThat(blocked.blockers())
                                .extracting(Blocker::reason)
                                .containsExactly(Blocker.Reason.RESTORE_RUNNING));
    }

    @Test
    void aTargetThatIsBeingProvisionedIsWaitedFor() {
        Driving.executeOnce(world, runUpTo(world, TO_15, Step.Kind.PROVISION));

        assertThat(back(TargetAfterRollback.DELETE))
                .isInstanceOfSatisfying(
                        Blocked.class,
                        blocked -> assertThat(blocked.blockers())
                                .extracting(Blocker::reason)
                                .containsExactly(Blocker.Reason.PROVISIONING_RUNNING));
    }

    @Test
    void somebodyElsesDatabaseAtTheStagingPrefixIsNeitherDetachedNorDeleted() {
        world.addPostgres(test, "15", "NEW", ATTACHED);

        assertThat(back(TargetAfterRollback.DELETE)).isInstanceOf(UpToDate.class);
    }

    @Test
    void theUpgradeAfterAWayBackMovesTheDataAgain() {
        world.write(test);
        runToTheEnd(world, TO_15);
        goBack(TargetAfterRollback.KEEP);
        world.write(test);

        assertThat(plan(world, TO_15).steps())
                .extracting(Step::kind)
                .containsSubsequence(Step.Kind.BACK_UP, Step.Kind.RESTORE, Step.Kind.ATTACH, Step.Kind.DEPLOY);
        runToTheEnd(world, TO_15);
        assertThat(world.rowsSeenByApplication(test)).isEqualTo(2);
        assertThat(world.violations()).isEmpty();
    }

    @Test
    void aWayBackThatIsTurnedRoundKeepsWhatWasWrittenSinceTheSwitch() {
        runToTheEnd(world, TO_15);
        world.write(test);
        EnvironmentPlan back = back(TargetAfterRollback.KEEP);
        back.steps().subList(0, back.steps().size() - 1).forEach(step -> complete(world, step));

        runToTheEnd(world, TO_15);

        assertThat(world.rowsSeenByApplication(test)).isEqualTo(1);
        assertThat(world.instances(test))
                .containsExactly("PostgreSQL Database 13 (OLD) DETACHED", "PostgreSQL Database 15 (DEFAULT) ATTACHED");
        assertThat(world.violations()).isEmpty();
    }

    @Test
    void aTargetOfOursThatSomebodysDeploymentShowedTheApplicationIsWithdrawnAndFilledAgain() {
        runThrough(world, TO_15, "restore");
        world.deploy(test);
        world.sleep(Duration.ofMinutes(1));
        world.write(test);

        assertThat(described(plan(world, TO_15).environment(test).orElseThrow()))
                .startsWith(
                        "detach PostgreSQL Database 15 (NEW)",
                        "deploy, which moves the application to PostgreSQL Database 13 (DEFAULT)",
                        "back up PostgreSQL Database 13 (DEFAULT)",
                        "restore the backup into PostgreSQL Database 15 (NEW)");
        runToTheEnd(world, TO_15);
        assertThat(world.rowsSeenByApplication(test)).isEqualTo(1);
        assertThat(world.violations()).isEmpty();
    }

    @Test
    void theWayBackFromAManualUpgradeNeedsItsPrefixToBeNamed() {
        SimulatedWorld manual = SimulatedWorld.create("shop", "13", "15");
        EnvironmentRef live = manual.addEnvironment("live");
        manual.addPostgres(live, "13", "OLD", DETACHED);
        manual.addPostgres(live, "15", "DEFAULT", ATTACHED);

        assertThat(planRollback(manual, TO_15).blockers())
                .extracting(Blocker::reason)
                .containsExactly(Blocker.Reason.ORIGINAL_PREFIX_UNKNOWN);
        UpgradeSpec named = UpgradeSpec.to("15").sourcePrefix("DEFAULT").build();
        assertThat(planRollback(manual, named).steps()).hasSize(5);
    }

    @Test
    void theWayBackKnowsATargetServiceThatWasNamedByItsId() {
        UpgradeSpec named = UpgradeSpec.to("15")
                .targetService(world.addService("PostgreSQL Next"))
                .oldInstance(OldInstance.KEEP)
                .build();
        runToTheEnd(world, named);

        assertThat(described(planRollback(world, named, TargetAfterRollback.KEEP)
                        .environment(test)
                        .orElseThrow()))
                .startsWith("rename PostgreSQL Next (DEFAULT) to NEW", "detach PostgreSQL Next (NEW)");
    }

    @Test
    void aTargetOfOursThatSomebodysDeploymentShowedTheApplicationIsDeletedOnceTheApplicationHasLeftIt() {
        runThrough(world, TO_15, "restore");
        world.deploy(test);
        world.sleep(Duration.ofMinutes(1));

        assertThat(described(back(TargetAfterRollback.DELETE)))
                .containsExactly(
                        "detach PostgreSQL Database 15 (NEW)",
                        "deploy, which moves the application to PostgreSQL Database 13 (DEFAULT)",
                        "delete PostgreSQL Database 15 (NEW) with what it holds");
    }

    @Test
    void aTargetIsNotDeletedWhileItIsNotKnownWhatTheApplicationWasDeployedWith() {
        runToTheEnd(world, TO_15);
        goBack(TargetAfterRollback.KEEP);
        Observation seen = world.observe(test);
        Observation unsure = new Observation(
                test,
                seen.observedAt(),
                seen.catalogue(),
                seen.instances(),
                seen.backups(),
                seen.restores(),
                seen.deployments(),
                null);

        assertThat(UpgradePlanner.planRollback(List.of(unsure), TO_15, TargetAfterRollback.DELETE)
                        .environments())
                .singleElement()
                .isInstanceOfSatisfying(
                        UpToDate.class,
                        plan -> assertThat(plan.reason())
                                .contains("PostgreSQL Database 15 (NEW) stays, DETACHED, because nothing shows"));
    }

    @Test
    void aTargetThatIsToBeKeptStaysWithoutAnExcuse() {
        runToTheEnd(world, TO_15);
        goBack(TargetAfterRollback.KEEP);

        assertThat(back(TargetAfterRollback.KEEP))
                .isInstanceOfSatisfying(
                        UpToDate.class, plan -> assertThat(plan.reason()).endsWith("(NEW) stays, DETACHED."));
    }

    @Test
    void aTargetThatWasNeverSetUpAndHasTheOriginalPrefixIsDeletedThereOrRenamedBack() {
        EnvironmentRef live = world.addEnvironment("live");
        world.addPostgres(live, "13", "OLD", ATTACHED);
        world.addPostgres(live, "15", "DEFAULT", NEW);
        UpgradeSpec named = UpgradeSpec.to("15").sourcePrefix("DEFAULT").build();

        assertThat(described(planRollback(world, named, TargetAfterRollback.DELETE)
                        .environment(live)
                        .orElseThrow()))
                .startsWith(
                        "delete PostgreSQL Database 15 (DEFAULT) with what it holds",
                        "rename PostgreSQL Database 13 (OLD) to DEFAULT");
        assertThat(described(planRollback(world, named, TargetAfterRollback.KEEP)
                        .environment(live)
                        .orElseThrow()))
                .startsWith(
                        "rename PostgreSQL Database 15 (DEFAULT) to NEW",
                        "rename PostgreSQL Database 13 (OLD) to DEFAULT");
    }

    @Test
    void anApplicationThatWasDeployedWhileItsDatabaseWasRenamedIsDeployedAgain() {
        EnvironmentRef live = world.addEnvironment("live");
        String source = world.addPostgres(live, "13", "DEFAULT", ATTACHED);
        UpgradeSpec named = UpgradeSpec.to("15").sourcePrefix("DEFAULT").build();
        world.rename(source, "OLD");
        world.deploy(live);
        world.sleep(Duration.ofMinutes(1));

        assertThat(described(planRollback(world, named).environment(live).orElseThrow()))
                .containsExactly(
                        "rename PostgreSQL Database 13 (OLD) to DEFAULT",
                        "deploy, which moves the application to PostgreSQL Database 13 (DEFAULT)");
    }

    // Blockers

    private List<Blocker.Reason> reasons() {
        return planRollback(world, TO_15).blockers().stream()
                .map(Blocker::reason)
                .toList();
    }

    @Test
    void ofSeveralSourcesOneHasToBeNamed() {
        world.addPostgres(test, "13", "MAIN", ATTACHED);

        assertThat(reasons()).containsExactly(Blocker.Reason.SEVERAL_SOURCES);
    }

    @Test
    void aSourceOfWhichNothingTellsItsPrefixBlocks() {
        String source = world.observe(test).instances().get(0).id();
        world.rename(source, "OLD");

        assertThat(reasons()).containsExactly(Blocker.Reason.ORIGINAL_PREFIX_UNKNOWN);
    }

    @Test
    void aDatabaseWhoseVersionCannotBeToldBlocks() {
        world.addInstance(test, "PostgreSQL Shared", Observation.DATABASE, "MAIN", ATTACHED);

        assertThat(reasons()).containsExactly(Blocker.Reason.UNKNOWN_VERSION);
    }

    @Test
    void aStatusThatIsNotKnownBlocks() {
        EnvironmentRef live = world.addEnvironment("live");
        world.addPostgres(live, "13", "DEFAULT", UNKNOWN);
        world.addPostgres(test, "15", "NEW", UNKNOWN);

        assertThat(reasons()).containsExactly(Blocker.Reason.UNKNOWN_STATUS, Blocker.Reason.UNKNOWN_STATUS);
    }

    @Test
    void thereIsNoWayBackToWhatTheApplicationNeverRanOn() {
        EnvironmentRef live = world.addEnvironment("live");
        world.addPostgres(live, "13", "DEFAULT", PROVISIONING);

        assertThat(reasons()).containsExactly(Blocker.Reason.SOURCE_NOT_ATTACHED);
    }

    @Test
    void aDeploymentIsWaitedFor() {
        runUpTo(world, TO_15, Step.Kind.DEPLOY);
        world.deploy(test);

        assertThat(reasons()).containsExactly(Blocker.Reason.DEPLOYMENT_RUNNING);
    }

    @Test
    void aCallThatThePlatformDoesNotSupportBlocks() {
        runUpTo(world, TO_15, Step.Kind.DEPLOY);
        world.refuse(Step.Kind.ATTACH, "there is no such call.");

        assertThat(reasons()).containsExactly(Blocker.Reason.CALL_NOT_SUPPORTED);
    }
}
