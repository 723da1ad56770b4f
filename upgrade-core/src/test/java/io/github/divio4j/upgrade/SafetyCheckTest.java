package io.github.divio4j.upgrade;

import static io.github.divio4j.upgrade.Position.ENVIRONMENT;
import static io.github.divio4j.upgrade.Position.IDS;
import static io.github.divio4j.upgrade.Position.SOURCE_ID;
import static io.github.divio4j.upgrade.Position.TARGET_ID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.divio4j.upgrade.InstanceRef.Role;
import io.github.divio4j.upgrade.Observation.Backup;
import io.github.divio4j.upgrade.Observation.Instance;
import io.github.divio4j.upgrade.Observation.Restore;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is refused right before a step would act, and why. */
class SafetyCheckTest {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    private static final InstanceRef SOURCE = new InstanceRef(Role.SOURCE, Position.OLDER, "DEFAULT");
    private static final InstanceRef RETIRED = SOURCE.withPrefix("OLD");
    private static final InstanceRef TARGET = new InstanceRef(Role.TARGET, Position.NEWER, "NEW");
    private static final InstanceRef PROMOTED = TARGET.withPrefix("DEFAULT");

    private static final List<Backup> BACKUPS = List.of(new Backup(
            "backup",
            new OperationNote(IDS.backUp(), SOURCE_ID),
            OperationState.SUCCEEDED,
            NOW.minusSeconds(60),
            null));
    private static final List<Restore> RESTORES = List.of(restore(OperationState.SUCCEEDED));

    private static final Step.Deploy DEPLOY = new Step.Deploy(IDS.deploy(), ENVIRONMENT, RETIRED, PROMOTED, false);
    private static final Step.DeleteService DELETE =
            new Step.DeleteService(IDS.deleteService(), ENVIRONMENT, RETIRED, PROMOTED);

    private static Restore restore(OperationState state) {
        return new Restore("restore", new OperationNote(IDS.restore(), TARGET_ID), "backup", state, NOW);
    }

    private static Instance source(String prefix, InstanceStatus status) {
        return Position.instance(SOURCE_ID, Position.OLDER, Observation.DATABASE, prefix, status);
    }

    private static Instance target(String prefix, InstanceStatus status) {
        return Position.instance(TARGET_ID, Position.NEWER, Observation.DATABASE, prefix, status);
    }

    private static Observation seen(Instance... instances) {
        return seen(BACKUPS, RESTORES, Set.of("DEFAULT"), instances);
    }

    private static Observation seen(
            List<Backup> backups, List<Restore> restores, @Nullable Set<String> deployed, Instance... instances) {
        return new Observation(
                ENVIRONMENT, NOW, Position.CATALOGUE, List.of(instances), backups, restores, List.of(), deployed);
    }

    private static Observation moved(List<Backup> backups, List<Restore> restores, @Nullable Set<String> deployed) {
        return seen(
                backups,
                restores,
                deployed,
                source("OLD", InstanceStatus.DETACHED),
                target("DEFAULT", InstanceStatus.ATTACHED));
    }

    private static void assertRefused(Step step, Observation now, String why) {
        assertThat(SafetyCheck.violation(step, now))
                .hasValueSatisfying(v -> assertThat(v).contains(why));
    }

    private static void assertMayBeDone(Step step, Observation now) {
        assertThat(SafetyCheck.violation(step, now)).isEmpty();
    }

    @Test
    void nothingIsAddedUnderAPrefixThatADatabaseCarries() {
        Step add = new Step.AddService(IDS.addService(), ENVIRONMENT, TARGET, "region-1");

        assertMayBeDone(add, seen(source("DEFAULT", InstanceStatus.ATTACHED)));
        assertRefused(add, seen(source("NEW", InstanceStatus.ATTACHED)), "NEW is carried by another database");
    }

    @Test
    void whatIsNotThereIsNotWorkedOn() {
        String sourceIsMissing = "PostgreSQL Database 13 (DEFAULT) is not there";
        String targetIsMissing = "PostgreSQL Database 15 (NEW) is not there";
        assertRefused(new Step.Provision(IDS.provision(), ENVIRONMENT, TARGET), seen(), targetIsMissing);
        assertRefused(new Step.BackUp(IDS.backUp(), ENVIRONMENT, SOURCE, Set.of()), seen(), sourceIsMissing);
        assertRefused(
                new Step.Restore(IDS.restore(), ENVIRONMENT, SOURCE, TARGET, IDS.backUp(), null),
                seen(),
                targetIsMissing);
        assertRefused(new Step.RenamePrefix(IDS.renameSource(), ENVIRONMENT, SOURCE, "OLD"), seen(), sourceIsMissing);
        assertRefused(new Step.Detach(IDS.detach(), ENVIRONMENT, SOURCE), seen(), sourceIsMissing);
        assertRefused(new Step.Attach(IDS.attachSource(), ENVIRONMENT, SOURCE), seen(), sourceIsMissing);
    }

    @Test
    void nothingIsRestoredOnceTheSourceGaveUpItsPrefix() {
        assertRefused(
                new Step.Restore(IDS.restore(), ENVIRONMENT, SOURCE, TARGET, IDS.backUp(), null),
                seen(source("OLD", InstanceStatus.ATTACHED), target("NEW", InstanceStatus.PENDING_ATTACHMENT)),
                "the prefixes may be swapped already");
    }

    @Test
    void nothingIsRenamedToAPrefixThatADatabaseCarries() {
        Step rename = new Step.RenamePrefix(IDS.renameTarget(), ENVIRONMENT, TARGET, "DEFAULT");
        Instance target = target("NEW", InstanceStatus.PENDING_ATTACHMENT);

        assertMayBeDone(rename, seen(target, source("OLD", InstanceStatus.PENDING_DETACHMENT)));
        assertRefused(
                rename,
                seen(target, source("DEFAULT", InstanceStatus.ATTACHED)),
                "DEFAULT is carried by another database");
    }

    @Test
    void onlyWhatIsDetachedOrAboutToBeIsAttached() {
        Step attach = new Step.Attach(IDS.attachSource(), ENVIRONMENT, SOURCE);

        assertMayBeDone(attach, seen(source("DEFAULT", InstanceStatus.DETACHED)));
        assertMayBeDone(attach, seen(source("DEFAULT", InstanceStatus.PENDING_DETACHMENT)));
        assertRefused(attach, seen(source("DEFAULT", InstanceStatus.ATTACHED)), "is ATTACHED; only what is detached");
    }

    @Test
    void nothingIsDeployedWithoutTheDatabaseToMoveTo() {
        Instance retired = source("OLD", InstanceStatus.PENDING_DETACHMENT);

        assertMayBeDone(DEPLOY, seen(retired, target("DEFAULT", InstanceStatus.PENDING_ATTACHMENT)));
        assertRefused(DEPLOY, seen(retired), "PostgreSQL Database 15 (DEFAULT) is not there");
    }

    @Test
    void anUpgradeIsNotDeployedWithoutItsSourceButAWayBackIsWithoutItsTarget() {
        assertRefused(
                DEPLOY,
                seen(target("DEFAULT", InstanceStatus.PENDING_ATTACHMENT)),
                "PostgreSQL Database 13 (OLD) is not there");
        Observation sourceAlone = seen(source("DEFAULT", InstanceStatus.PENDING_ATTACHMENT));
        assertMayBeDone(new Step.Deploy(IDS.deployBack(), ENVIRONMENT, TARGET, SOURCE, false), sourceAlone);
        assertMayBeDone(new Step.Deploy(IDS.deployBack(), ENVIRONMENT, null, SOURCE, false), sourceAlone);
    }

    @Test
    void theSourceIsDeletedWhenTheApplicationHasMovedAndItsDataToo() {
        assertMayBeDone(DELETE, moved(BACKUPS, RESTORES, Set.of("DEFAULT")));
    }

    @Test
    void nothingIsDeletedWithoutItsSuccessor() {
        assertRefused(DELETE, seen(), "PostgreSQL Database 13 (OLD) is not there");
        assertRefused(
                DELETE, seen(source("OLD", InstanceStatus.DETACHED)), "PostgreSQL Database 15 (DEFAULT) is not there");
    }

    @Test
    void nothingIsDeletedInFavourOfItself() {
        assertRefused(
                new Step.DeleteService(IDS.deleteService(), ENVIRONMENT, RETIRED, RETIRED),
                moved(BACKUPS, RESTORES, Set.of("DEFAULT")),
                "only when the other has its place");
    }

    @Test
    void nothingIsDeletedWhenItIsNotKnownWhatTheApplicationWasDeployedWith() {
        assertRefused(DELETE, moved(BACKUPS, RESTORES, null), "not known which databases");
    }

    @Test
    void theSourceIsNotDeletedWithoutABackupOfOurs() {
        assertRefused(DELETE, moved(List.of(), RESTORES, Set.of("DEFAULT")), "no backup of");
    }

    @Test
    void theSourceIsNotDeletedWithoutAFinishedRestore() {
        assertRefused(
                DELETE,
                moved(BACKUPS, List.of(restore(OperationState.RUNNING)), Set.of("DEFAULT")),
                "no finished restore");
    }

    @Test
    void aTargetIsDeletedOnTheWayBackOnlyIfItWasFilledByUsOrNeverSetUp() {
        Step delete = new Step.DeleteService(IDS.deleteTarget(), ENVIRONMENT, TARGET, SOURCE);
        Instance source = source("DEFAULT", InstanceStatus.ATTACHED);
        Instance target = target("NEW", InstanceStatus.DETACHED);
        Set<String> deployed = Set.of("DEFAULT");

        assertMayBeDone(delete, seen(BACKUPS, RESTORES, deployed, source, target));
        assertRefused(
                delete,
                seen(BACKUPS, List.of(), deployed, source, target),
                "nothing shows that divio4j has made or filled");
        assertMayBeDone(delete, seen(BACKUPS, List.of(), null, source, target("NEW", InstanceStatus.NEW)));
    }

    @Test
    void theApplicationHasMovedWhenItSeesTheOneAndNoLongerTheOther() {
        Instance promoted = target("DEFAULT", InstanceStatus.ATTACHED);

        assertThat(SafetyCheck.hasMoved(DEPLOY, seen(source("OLD", InstanceStatus.DETACHED), promoted)))
                .isTrue();
        assertThat(SafetyCheck.hasMoved(DEPLOY, seen(source("OLD", InstanceStatus.ATTACHED), promoted)))
                .isFalse();
        assertThat(SafetyCheck.hasMoved(DEPLOY, seen(source("OLD", InstanceStatus.DETACHED))))
                .isFalse();
    }

    @Test
    void aMoveOfAnUpgradeIsNotProvenWithoutItsSource() {
        assertThat(SafetyCheck.hasMoved(DEPLOY, seen(target("DEFAULT", InstanceStatus.ATTACHED))))
                .isFalse();
    }

    @Test
    void aWayBackIsProvenWithoutItsTarget() {
        Observation sourceAlone = seen(source("DEFAULT", InstanceStatus.ATTACHED));

        assertThat(SafetyCheck.hasMoved(
                        new Step.Deploy(IDS.deployBack(), ENVIRONMENT, TARGET, SOURCE, false), sourceAlone))
                .isTrue();
        assertThat(SafetyCheck.hasMoved(
                        new Step.Deploy(IDS.deployBack(), ENVIRONMENT, null, SOURCE, false), sourceAlone))
                .isTrue();
    }

    @Test
    void aDeploymentThatAttachesBothIsDoneWhenTheApplicationSeesBoth() {
        Step.Deploy first = new Step.Deploy(IDS.deployFirst(), ENVIRONMENT, RETIRED, PROMOTED, true);
        Instance source = source("OLD", InstanceStatus.ATTACHED);
        Instance target = target("DEFAULT", InstanceStatus.ATTACHED);

        assertThat(SafetyCheck.hasMoved(first, seen(source, target))).isTrue();
        assertThat(SafetyCheck.hasMoved(first, seen(target))).isFalse();
        assertThat(SafetyCheck.hasMoved(first, seen(source("OLD", InstanceStatus.PENDING_ATTACHMENT), target)))
                .isFalse();
        assertThat(SafetyCheck.hasMoved(first, seen(source, target("DEFAULT", InstanceStatus.PENDING_ATTACHMENT))))
                .isFalse();
    }

    @Test
    void aStepIsNotCheckedAgainstAnotherEnvironment() {
        Observation elsewhere = new Observation(
                new EnvironmentRef("shop", "environment-2", "live"),
                NOW,
                Position.CATALOGUE,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                null);

        assertThatThrownBy(() -> SafetyCheck.hasMoved(DEPLOY, elsewhere))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("shop/live");
    }
}
