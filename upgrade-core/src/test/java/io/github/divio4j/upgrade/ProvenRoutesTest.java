package io.github.divio4j.upgrade;

import static io.github.divio4j.upgrade.Driving.complete;
import static io.github.divio4j.upgrade.Driving.plan;
import static io.github.divio4j.upgrade.Driving.runThrough;
import static io.github.divio4j.upgrade.Driving.runUpTo;
import static io.github.divio4j.upgrade.InstanceStatus.ATTACHED;
import static io.github.divio4j.upgrade.InstanceStatus.NEW;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.upgrade.Blocker.Reason;
import io.github.divio4j.upgrade.EnvironmentPlan.Blocked;
import io.github.divio4j.upgrade.EnvironmentPlan.Ready;
import io.github.divio4j.upgrade.UpgradeSpec.Provisioning;
import io.github.divio4j.upgrade.UpgradeSpec.Restoring;
import io.github.divio4j.upgrade.testing.SimulatedWorld;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Upgrades that provision by deploying and restore by uploading. */
class ProvenRoutesTest {

    private static final UpgradeSpec BY_DEPLOYMENT =
            UpgradeSpec.to("15").provisioning(Provisioning.BY_DEPLOYMENT).build();
    private static final UpgradeSpec BY_UPLOAD =
            UpgradeSpec.to("15").restoring(Restoring.BY_UPLOAD).build();

    private final SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");
    private final EnvironmentRef test = world.addEnvironment("test");

    ProvenRoutesTest() {
        world.addPostgres(test, "13", "DEFAULT", ATTACHED);
    }

    private EnvironmentPlan planned(UpgradeSpec spec) {
        return plan(world, spec).environment(test).orElseThrow();
    }

    private static List<String> described(EnvironmentPlan plan) {
        return plan.steps().stream().map(Step::describe).toList();
    }

    // By deployment

    @Test
    void aTargetIsClaimedAttachedAndTakenAwayAgainBeforeItIsFilled() {
        assertThat(described(planned(BY_DEPLOYMENT)).subList(0, 7))
                .containsExactly(
                        "add PostgreSQL Database 15 (NEW)",
                        "claim PostgreSQL Database 15 (NEW) by the note of a backup of PostgreSQL Database 13 (DEFAULT)",
                        "deploy, which attaches PostgreSQL Database 15 (NEW) so that it can be detached",
                        "detach PostgreSQL Database 15 (NEW)",
                        "deploy, which moves the application to PostgreSQL Database 13 (DEFAULT)",
                        "back up PostgreSQL Database 13 (DEFAULT)",
                        "restore the backup into PostgreSQL Database 15 (NEW)");
    }

    @Test
    void aTargetThatSomebodyHadAttachedBeforeItWasClaimedIsNotTaken() {
        runThrough(world, BY_DEPLOYMENT, "add-service");
        world.deploy(test);
        world.sleep(Duration.ofMinutes(1));

        assertThat(((Blocked) planned(BY_DEPLOYMENT)).blockers())
                .extracting(Blocker::reason)
                .containsExactly(Reason.TARGET_VISIBLE);
    }

    @Test
    void aClaimIsForOneInstanceOnly() {
        runThrough(world, BY_DEPLOYMENT, "claim-target");
        world.removeInstance(world.observe(test).databaseAt("NEW").orElseThrow().id());
        world.addPostgres(test, "15", "NEW", ATTACHED);

        assertThat(((Blocked) planned(BY_DEPLOYMENT)).blockers())
                .extracting(Blocker::reason)
                .containsExactly(Reason.TARGET_VISIBLE);
    }

    @Test
    void aBackupThatRunsIsWaitedForBeforeAnotherOneClaimsATarget() {
        Driving.executeOnce(world, runUpTo(world, BY_DEPLOYMENT, Step.Kind.BACK_UP));
        world.removeInstance(world.observe(test).databaseAt("NEW").orElseThrow().id());

        assertThat(((Blocked) planned(BY_DEPLOYMENT)).blockers())
                .extracting(Blocker::reason)
                .containsExactly(Reason.BACKUP_RUNNING);

        world.sleep(Duration.ofMinutes(1));
        assertThat(planned(BY_DEPLOYMENT)).isInstanceOf(Ready.class);
    }

    @Test
    void whatIsNotNewIsNotClaimed() {
        Step claim = plan(world, BY_DEPLOYMENT).steps().get(1);
        world.addPostgres(test, "15", "NEW", ATTACHED);

        assertThat(SafetyCheck.violation(claim, world.observe(test)))
                .contains("PostgreSQL Database 15 (NEW) is ATTACHED; only what is new is claimed");
    }

    @Test
    void aBackupFromBeforeTheDeploymentsIsTakenAgain() {
        runUpTo(world, UpgradeSpec.to("15").build(), Step.Kind.RESTORE);
        world.removeInstance(world.observe(test).databaseAt("NEW").orElseThrow().id());
        world.addPostgres(test, "15", "NEW", NEW);

        EnvironmentPlan plan = planned(BY_DEPLOYMENT);

        assertThat(plan.steps()).extracting(Step::kind).contains(Step.Kind.BACK_UP);
        plan.steps().forEach(step -> complete(world, step));
        assertThat(world.violations()).isEmpty();
    }

    @Test
    void whatThePlatformCannotProvisionIsNoMatterThen() {
        world.refuse(Step.Kind.PROVISION, "there is no such call.");

        assertThat(planned(UpgradeSpec.to("15").build()))
                .isInstanceOfSatisfying(
                        Blocked.class,
                        blocked -> assertThat(blocked.blockers().get(0).remedy())
                                .contains("Provision by deployment (provisioning)"));
        assertThat(planned(BY_DEPLOYMENT)).isInstanceOf(Ready.class);
    }

    // By upload

    @Test
    void theBackupBecomesOneOfTheTargetBeforeItIsRestored() {
        assertThat(described(planned(BY_UPLOAD)).subList(2, 5))
                .containsExactly(
                        "back up PostgreSQL Database 13 (DEFAULT)",
                        "upload the backup as one of PostgreSQL Database 15 (NEW)",
                        "restore the backup into PostgreSQL Database 15 (NEW)");
    }

    @Test
    void aCopyOfAnotherBackupIsNotRestored() {
        runUpTo(world, BY_UPLOAD, Step.Kind.RESTORE);

        world.sleep(Duration.ofHours(2));

        assertThat(planned(BY_UPLOAD).steps())
                .extracting(Step::kind)
                .startsWith(Step.Kind.BACK_UP, Step.Kind.UPLOAD_BACKUP, Step.Kind.RESTORE);
    }

    @Test
    void aCopyForAnotherTargetIsNotRestored() {
        runUpTo(world, BY_UPLOAD, Step.Kind.RESTORE);
        world.removeInstance(world.observe(test).databaseAt("NEW").orElseThrow().id());
        runThrough(world, BY_UPLOAD, "provision");

        assertThat(planned(BY_UPLOAD).steps().get(0).kind()).isEqualTo(Step.Kind.UPLOAD_BACKUP);
    }

    @Test
    void aRestoreThatCannotNameItsTargetIsNoMatterThen() {
        world.refuse(Step.Kind.RESTORE, "the field for the target is not known.");

        assertThat(planned(UpgradeSpec.to("15").build()))
                .isInstanceOfSatisfying(
                        Blocked.class,
                        blocked -> assertThat(blocked.blockers().get(0).remedy())
                                .contains("Restore by upload (restoring)"));
        assertThat(planned(BY_UPLOAD)).isInstanceOf(Ready.class);
    }
}
