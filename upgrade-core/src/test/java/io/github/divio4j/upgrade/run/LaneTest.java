package io.github.divio4j.upgrade.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.upgrade.Blocker;
import io.github.divio4j.upgrade.EnvironmentPlan;
import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.Observation.Backup;
import io.github.divio4j.upgrade.Observation.Restore;
import io.github.divio4j.upgrade.OperationNote;
import io.github.divio4j.upgrade.OperationState;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.StepId;
import io.github.divio4j.upgrade.UpgradePlanner;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.run.RunReport.Window;
import io.github.divio4j.upgrade.testing.SimulatedWorld;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a run concludes from a look at one environment. */
class LaneTest {

    private static final UpgradeSpec TO_15 = UpgradeSpec.to("15").build();
    private static final Instant EARLY = Instant.parse("2026-01-01T10:00:00Z");
    private static final Instant LATE = Instant.parse("2026-01-01T11:00:00Z");
    private static final Instant MOVED = Instant.parse("2026-01-01T12:00:00Z");

    private final SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");
    private final EnvironmentRef live = world.addEnvironment("live");
    private final String instance = world.addPostgres(live, "13", "DEFAULT", InstanceStatus.ATTACHED);

    private Lane lane(List<Backup> backups, List<Restore> restores) {
        Observation now = world.observe(live);
        return lane(new Observation(
                live, now.observedAt(), now.catalogue(), now.instances(), backups, restores, List.of(), null));
    }

    private static Lane lane(Observation seen) {
        EnvironmentPlan plan =
                UpgradePlanner.plan(List.of(seen), TO_15).environments().get(0);
        return new Lane(seen.environment(), 0, seen, plan);
    }

    private Backup backup(String id, Instant startedAt) {
        OperationNote note = new OperationNote(new StepId("shop/live/back-up/DEFAULT/13-15"), instance);
        return new Backup(id, note, OperationState.SUCCEEDED, startedAt, null);
    }

    private static Restore restore(String id, String backup, String into, OperationState state, Instant startedAt) {
        OperationNote note = new OperationNote(new StepId("shop/live/restore/DEFAULT/13-15"), into);
        return new Restore(id, note, backup, state, startedAt);
    }

    private static Restore good(String id, String backup, String into, Instant startedAt) {
        return restore(id, backup, into, OperationState.SUCCEEDED, startedAt);
    }

    // The unprotected window

    private final List<Backup> both = List.of(backup("early", EARLY), backup("late", LATE));

    @Test
    void theWindowBeginsWithTheBackupThatWasRestoredLast() {
        Lane lane =
                lane(both, List.of(good("first", "early", instance, EARLY), good("second", "late", instance, LATE)));

        lane.noteWindow(MOVED);

        assertThat(lane.unprotected).isEqualTo(new Window(LATE, MOVED));
    }

    @Test
    void aRestoreThatFailedBeginsNoWindow() {
        Lane lane = lane(
                both,
                List.of(
                        good("first", "early", instance, EARLY),
                        restore("second", "late", instance, OperationState.FAILED, LATE)));

        lane.noteWindow(MOVED);

        assertThat(lane.unprotected).isEqualTo(new Window(EARLY, MOVED));
    }

    @Test
    void aRestoreIntoADatabaseThatIsNotInUseBeginsNoWindow() {
        Lane lane =
                lane(both, List.of(good("first", "early", instance, EARLY), good("second", "late", "deleted", LATE)));

        lane.noteWindow(MOVED);

        assertThat(lane.unprotected).isEqualTo(new Window(EARLY, MOVED));
    }

    @Test
    void withoutATimeOfTheMoveThereIsNoWindow() {
        Lane lane = lane(both, List.of(good("first", "early", instance, EARLY)));

        lane.noteWindow(null);

        assertThat(lane.unprotected).isNull();
    }

    // The restored backup

    @Test
    void theRestoredBackupIsThatOfTheNewestRestore() {
        List<Restore> restores =
                List.of(good("first", "early", instance, EARLY), good("second", "late", instance, LATE));

        assertThat(lane(List.of(backup("late", LATE)), restores).holdsRestoredBackup())
                .isTrue();
        assertThat(lane(List.of(backup("early", EARLY)), restores).holdsRestoredBackup())
                .isFalse();
    }

    // The cutover

    private final EnvironmentPlan blocked = new EnvironmentPlan.Blocked(
            live, List.of(new Blocker(Blocker.Reason.DEPLOYMENT_RUNNING, live, "A deployment runs.", "Wait.")));

    private Lane inCutover() {
        world.observe(live).databaseAt("DEFAULT").ifPresent(i -> world.rename(i.id(), "OLD"));
        world.addPostgres(live, "15", "NEW", InstanceStatus.PENDING_ATTACHMENT);
        Observation now = world.observe(live);
        String target = now.databaseAt("NEW").orElseThrow().id();
        Lane lane = lane(new Observation(
                live,
                now.observedAt(),
                now.catalogue(),
                now.instances(),
                List.of(backup("backup", now.observedAt())),
                List.of(good("restore", "backup", target, now.observedAt())),
                List.of(),
                null));
        assertThat(lane.next().kind()).isEqualTo(Step.Kind.DETACH);
        return lane;
    }

    @Test
    void whatIsBlockedInTheMiddleOfItsCutoverIsStillThere() {
        Lane lane = inCutover();

        lane.see(lane.seen, blocked);

        assertThat(lane.mustReachDeployment()).isTrue();
    }

    @Test
    void whatIsBlockedBeforeItsCutoverIsNotInIt() {
        Lane lane = lane(world.observe(live));

        lane.see(lane.seen, blocked);

        assertThat(lane.mustReachDeployment()).isFalse();
    }

    @Test
    void whatIsUpToDateIsThroughWithItsCutover() {
        Lane lane = inCutover();

        lane.see(lane.seen, new EnvironmentPlan.UpToDate(live, "Done."));

        assertThat(lane.mustReachDeployment()).isFalse();
    }
}
