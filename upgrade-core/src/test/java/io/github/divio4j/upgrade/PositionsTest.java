package io.github.divio4j.upgrade;

import static io.github.divio4j.upgrade.Position.IDS;
import static io.github.divio4j.upgrade.Position.PREFIX;
import static io.github.divio4j.upgrade.Position.SOURCE_ID;
import static io.github.divio4j.upgrade.Position.TARGET_ID;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.upgrade.EnvironmentPlan.Blocked;
import io.github.divio4j.upgrade.EnvironmentPlan.Ready;
import io.github.divio4j.upgrade.EnvironmentPlan.UpToDate;
import io.github.divio4j.upgrade.Observation.Backup;
import io.github.divio4j.upgrade.Observation.Deployment;
import io.github.divio4j.upgrade.Observation.Instance;
import io.github.divio4j.upgrade.Observation.Restore;
import io.github.divio4j.upgrade.UpgradeSpec.OldInstance;
import io.github.divio4j.upgrade.UpgradeSpec.Provisioning;
import io.github.divio4j.upgrade.UpgradeSpec.Restoring;
import io.github.divio4j.upgrade.UpgradeSpec.Verification;
import io.github.divio4j.upgrade.UpgradeSpec.WritesPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every combination of where source and target are and what became of backup, restore and deployment: whether an upgrade
 * leads there or not, there is a plan or a reason why not, and a plan keeps its promises to the end.
 */
@Tag("large")
class PositionsTest {

    private static final UpgradeSpec DELETE = UpgradeSpec.to("15").build();
    private static final UpgradeSpec DOWNLOAD_AND_KEEP =
            UpgradeSpec.to("15").downloadBackup().oldInstance(OldInstance.KEEP).build();

    /** The token of the fence that the backups were begun under. */
    private static final String FENCE = "fence";

    private static final Instant BEFORE = Instant.parse("2026-01-01T11:30:00Z");
    private static final Instant LONG_AGO = Instant.parse("2026-01-01T06:00:00Z");

    /** One reading of the catalogue for all positions: for a plan of one environment it is most of the work. */
    private static final ServiceVersions VERSIONS = new ServiceVersions(Position.CATALOGUE);

    private static final List<Function<Position, EnvironmentPlan>> WAYS = List.of(
            position -> new UpgradePath(position.seen(), DELETE, 0, VERSIONS).plan(),
            position -> new UpgradePath(position.seen(), DOWNLOAD_AND_KEEP, 0, VERSIONS).plan(),
            position -> new RollbackPath(position.seen(), DELETE, 0, VERSIONS, false).plan(),
            position -> new RollbackPath(position.seen(), DELETE, 0, VERSIONS, true).plan());

    private static final UpgradeSpec FENCED = UpgradeSpec.to("15")
            .writes(WritesPolicy.FENCE_REQUIRED)
            .verification(Verification.CHECKSUMS)
            .preflight()
            .analyze()
            .build();
    private static final UpgradeSpec PROVEN = UpgradeSpec.to("15")
            .provisioning(Provisioning.BY_DEPLOYMENT)
            .restoring(Restoring.BY_UPLOAD)
            .build();

    private static final UpgradeSpec STOPPED =
            UpgradeSpec.to("15").writes(WritesPolicy.FENCE_REQUIRED).build();
    private static final List<Function<Position, EnvironmentPlan>> STOPPED_WAYS = List.of(
            position -> new UpgradePath(position.seen(), STOPPED, 0, VERSIONS).plan(),
            position -> new RollbackPath(position.seen(), STOPPED, 0, VERSIONS, true).plan());

    private static final List<Function<Position, EnvironmentPlan>> OTHER_WAYS = List.of(
            position -> new UpgradePath(position.seen(), FENCED, 0, VERSIONS).plan(),
            position -> new UpgradePath(position.seen(), PROVEN, 0, VERSIONS).plan(),
            position -> new RollbackPath(position.seen(), FENCED, 0, VERSIONS, false).plan(),
            position -> new RollbackPath(position.seen(), FENCED, 0, VERSIONS, true).plan());

    /** One choice for each part of a position; the parts are independent, so most combinations are unreachable. */
    private static void everyPosition(List<List<Instance>> foreigners, Consumer<Position> check) {
        List<List<Instance>> sources = choices(SOURCE_ID, Position.OLDER, PREFIX, "OLD", "NEW");
        List<List<Instance>> targets = choices(TARGET_ID, Position.NEWER, "NEW", PREFIX, "OLD");
        for (List<Instance> source : sources) {
            for (List<Instance> target : targets) {
                for (List<Instance> foreign : foreigners) {
                    List<Instance> instances = new ArrayList<>(source);
                    instances.addAll(target);
                    instances.addAll(foreign);
                    if (hasPrefixTwice(instances)) {
                        continue;
                    }
                    for (List<Backup> backups : BACKUPS) {
                        for (List<Restore> restores : RESTORES) {
                            for (List<Deployment> deployments : DEPLOYMENTS) {
                                for (Set<String> deployed : DEPLOYED) {
                                    check.accept(new Position(instances, backups, restores, deployments, deployed));
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    private static List<List<Instance>> choices(String id, CatalogueService service, String... prefixes) {
        List<List<Instance>> choices = new ArrayList<>();
        choices.add(List.of());
        for (String prefix : prefixes) {
            for (InstanceStatus status : InstanceStatus.values()) {
                choices.add(List.of(Position.instance(id, service, Observation.DATABASE, prefix, status)));
            }
        }
        return choices;
    }

    private static final List<List<Instance>> FOREIGN = List.of(
            List.of(),
            List.of(
                    Position.instance("files", Position.STORAGE, "STORAGE", PREFIX, InstanceStatus.ATTACHED),
                    Position.instance("blog", Position.MYSQL, Observation.DATABASE, "BLOG", InstanceStatus.ATTACHED),
                    Position.instance(
                            "reports", Position.NEWEST, Observation.DATABASE, "REPORTS", InstanceStatus.ATTACHED)),
            List.of(Position.instance("other", Position.MYSQL, Observation.DATABASE, "NEW", InstanceStatus.ATTACHED)),
            List.of(Position.instance(
                    "other", Position.NEWER, Observation.DATABASE, "SEARCH", InstanceStatus.ATTACHED)),
            List.of(Position.instance(
                    "other", Position.OLDER, Observation.DATABASE, "SEARCH", InstanceStatus.ATTACHED)));

    private static boolean hasPrefixTwice(List<Instance> instances) {
        List<String> prefixes = instances.stream()
                .filter(i -> i.type().equals(Observation.DATABASE))
                .map(Instance::prefix)
                .toList();
        return new LinkedHashSet<>(prefixes).size() < prefixes.size();
    }

    private static final List<List<Backup>> BACKUPS = List.of(
            List.of(),
            List.of(backup(OperationState.RUNNING, BEFORE)),
            List.of(backup(OperationState.FAILED, BEFORE)),
            List.of(backup(OperationState.SUCCEEDED, BEFORE)),
            List.of(backup(OperationState.SUCCEEDED, LONG_AGO)));

    private static Backup backup(OperationState state, Instant startedAt) {
        OperationNote note = new OperationNote(IDS.backUp(), SOURCE_ID, null, null, FENCE, null, null);
        return new Backup("backup", note, state, startedAt, "part");
    }

    private static final List<List<Restore>> RESTORES = List.of(
            List.of(),
            List.of(restore(OperationState.RUNNING)),
            List.of(restore(OperationState.FAILED)),
            List.of(restore(OperationState.SUCCEEDED)));

    private static Restore restore(OperationState state) {
        return new Restore(
                "restore", new OperationNote(IDS.restore(), TARGET_ID), "backup", state, BEFORE.plusSeconds(60));
    }

    private static final List<List<Deployment>> DEPLOYMENTS = List.of(
            List.of(),
            List.of(new Deployment("deployment", OperationState.RUNNING, null)),
            List.of(new Deployment("deployment", OperationState.FAILED, BEFORE.plusSeconds(200))),
            List.of(new Deployment("deployment", OperationState.SUCCEEDED, BEFORE.plusSeconds(200))),
            List.of(new Deployment("deployment", OperationState.SUCCEEDED, LONG_AGO)));

    private static final List<Set<String>> DEPLOYED =
            Arrays.asList(null, Set.of(), Set.of(PREFIX), Set.of(PREFIX, "NEW"), Set.of("OLD"));

    @Test
    void everyPositionHasAPlanOrAReasonAndEveryPlanKeepsItsPromises() {
        long[] counts = new long[4];
        everyPosition(FOREIGN, position -> check(position, WAYS, counts));
        print("", counts);
        assertThat(counts[0]).isGreaterThan(900_000);
        assertThat(counts[1]).isPositive();
    }

    /** Under a fence that the backup was begun under, under another one, and under none; with what was claimed, too. */
    @Test
    void soDoesEveryPositionWithAFenceAndByProvenCalls() {
        long[] counts = new long[4];
        everyPosition(FOREIGN.subList(0, 1), position -> {
            check(position, OTHER_WAYS, counts);
            check(position.fenced("other"), OTHER_WAYS, counts);
            check(position.fenced(FENCE), OTHER_WAYS, counts);
            check(position.fenced(FENCE).verified("restore", Verification.CHECKSUMS), OTHER_WAYS, counts);
            check(position.claimed(OperationState.SUCCEEDED), OTHER_WAYS, counts);
            check(position.claimed(OperationState.RUNNING), OTHER_WAYS, counts);
            // Once such a fence is lifted, only the backup's age tells that nothing was written, and an old one blocks
            // the deletion.
            if (position.seen().backups().stream().noneMatch(b -> b.startedAt().equals(LONG_AGO))) {
                check(position.stoppedByFences(), STOPPED_WAYS, counts);
                check(position.fenced(FENCE).stoppedByFences(), STOPPED_WAYS, counts);
            }
        });
        print(" with fences and claims", counts);
        assertThat(counts[0]).isGreaterThan(900_000);
        assertThat(counts[1]).isPositive();
    }

    private static void check(Position position, List<Function<Position, EnvironmentPlan>> ways, long[] counts) {
        counts[0]++;
        for (Function<Position, EnvironmentPlan> way : ways) {
            EnvironmentPlan plan = way.apply(position);
            if (plan instanceof Ready ready) {
                counts[1]++;
                counts[2] += walk(position, way, ready);
            } else if (plan instanceof Blocked blocked) {
                counts[3]++;
                assertEachBlockerNamesSomethingAndHasARemedy(blocked, position);
            } else {
                assertThat(plan).isInstanceOf(UpToDate.class);
            }
        }
    }

    private static void print(String what, long[] counts) {
        System.out.println("Positions" + what + ": " + counts[0] + " worlds, " + counts[1] + " plans, " + counts[2]
                + " prefixes of them, " + counts[3] + " times blocked");
    }

    private static void assertEachBlockerNamesSomethingAndHasARemedy(Blocked blocked, Position position) {
        for (Blocker blocker : blocked.blockers()) {
            if (!blocker.message().endsWith(".") || !blocker.remedy().endsWith(".")) {
                throw new AssertionError("in " + position + ": " + blocker);
            }
        }
    }

    /** Does the plan step by step; after each, a new plan must be the rest of it. */
    private static int walk(Position start, Function<Position, EnvironmentPlan> way, Ready plan) {
        Position position = start.copy();
        List<Step> rest = plan.steps();
        int prefixes = 0;
        try {
            while (!rest.isEmpty()) {
                position.apply(rest.get(0));
                prefixes++;
                EnvironmentPlan next = way.apply(position);
                if (!isRest(next.steps(), rest) || next instanceof Blocked) {
                    throw new AssertionError("after " + rest.get(0).id() + " expected "
                            + Driving.ids(rest.subList(1, rest.size())) + " but was "
                            + (next instanceof Blocked blocked ? blocked.blockers() : Driving.ids(next.steps()))
                            + " in " + position);
                }
                rest = next.steps();
            }
            if (!(way.apply(position) instanceof UpToDate)) {
                throw new AssertionError("not up to date in " + position);
            }
            return prefixes;
        } catch (AssertionError e) {
            throw new AssertionError("from " + start + " with " + Driving.ids(plan.steps()) + ": " + e.getMessage(), e);
        }
    }

    private static boolean isRest(List<Step> rest, List<Step> before) {
        if (rest.size() != before.size() - 1) {
            return false;
        }
        for (int i = 0; i < rest.size(); i++) {
            if (!rest.get(i).id().equals(before.get(i + 1).id())) {
                return false;
            }
        }
        return true;
    }

    /**
     * Goes forward some steps, back some steps, and so on: after every turn there is a plan in either direction, and both
     * lead to their end. With somebody's deployment at every turn there is at least the way back.
     */
    @Test
    void eitherWayCanBeTurnedRoundAfterEveryStep() {
        int[] turns = new int[1];
        for (boolean deployAtTurns : new boolean[] {false, true}) {
            for (int target = 2; target <= 3; target++) {
                turn(beforeTheUpgrade(), List.of(WAYS.get(0), WAYS.get(target)), 0, 4, deployAtTurns, turns);
                turn(
                        beforeTheUpgrade(),
                        List.of(OTHER_WAYS.get(0), OTHER_WAYS.get(target)),
                        0,
                        3,
                        deployAtTurns,
                        turns);
                turn(
                        beforeTheUpgrade(),
                        List.of(OTHER_WAYS.get(1), OTHER_WAYS.get(target)),
                        0,
                        3,
                        deployAtTurns,
                        turns);
            }
        }
        System.out.println("Positions: turned round at " + turns[0] + " places");
        assertThat(turns[0]).isGreaterThan(1_000);
    }

    private static Position beforeTheUpgrade() {
        return new Position(
                List.of(Position.instance(
                        SOURCE_ID, Position.OLDER, Observation.DATABASE, PREFIX, InstanceStatus.ATTACHED)),
                List.of(),
                List.of(),
                List.of(new Deployment("deployment", OperationState.SUCCEEDED, LONG_AGO)),
                Set.of(PREFIX));
    }

    private static void turn(
            Position start,
            List<Function<Position, EnvironmentPlan>> ways,
            int direction,
            int turnsLeft,
            boolean deployAtTurns,
            int[] turns) {
        Function<Position, EnvironmentPlan> way = ways.get(direction);
        EnvironmentPlan plan = way.apply(start);
        boolean tooLate =
                plan instanceof Blocked blocked && blocked.blockers().get(0).reason() == Blocker.Reason.SOURCE_GONE;
        if (tooLate && direction == 1) {
            return;
        }
        if (plan instanceof Blocked blocked) {
            // Somebody's deployment in the middle of a rollback may leave the application without any database.
            EnvironmentPlan back = ways.get(1).apply(start);
            if (!deployAtTurns || direction == 1 || !(back instanceof Ready)) {
                throw new AssertionError("in " + start + ": " + blocked.blockers());
            }
            return;
        }
        if (plan instanceof Ready ready) {
            walk(start, way, ready);
        }
        if (turnsLeft == 0) {
            return;
        }
        Position position = start.copy();
        for (int done = 0; done <= plan.steps().size(); done++) {
            turns[0]++;
            Position turned = position.copy();
            boolean harmless = turned.seen().instanceAt("NEW") == null;
            if (deployAtTurns && harmless) {
                turned.finishDeployment();
            }
            turn(turned, ways, 1 - direction, turnsLeft - 1, deployAtTurns, turns);
            if (done < plan.steps().size()) {
                position.apply(plan.steps().get(done));
            }
        }
    }
}
