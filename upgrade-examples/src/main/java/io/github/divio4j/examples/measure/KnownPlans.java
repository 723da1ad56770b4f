package io.github.divio4j.examples.measure;

import io.github.divio4j.upgrade.Blocker;
import io.github.divio4j.upgrade.CatalogueService;
import io.github.divio4j.upgrade.EnvironmentPlan;
import io.github.divio4j.upgrade.EnvironmentPlan.Blocked;
import io.github.divio4j.upgrade.EnvironmentPlan.Loss;
import io.github.divio4j.upgrade.EnvironmentPlan.Ready;
import io.github.divio4j.upgrade.EnvironmentPlan.UpToDate;
import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceRef;
import io.github.divio4j.upgrade.InstanceRef.Role;
import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.Observation.Backup;
import io.github.divio4j.upgrade.Observation.Deployment;
import io.github.divio4j.upgrade.Observation.Instance;
import io.github.divio4j.upgrade.Observation.Restore;
import io.github.divio4j.upgrade.OperationNote;
import io.github.divio4j.upgrade.OperationState;
import io.github.divio4j.upgrade.PostgresVersion;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.StepId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Observed environments whose plan is known, because they were made for it: {@link #allocate} writes the plan of each down without
 * looking at anything, which is the least that a plan can cost.
 */
final class KnownPlans {
    /** Where an environment is in its upgrade from 13 to 15. */
    enum Position {
        FRESH,
        PROVISIONED,
        BACKED_UP,
        RESTORED,
        SOURCE_RENAMED,
        UP_TO_DATE,
        TARGET_IN_USE,
        SEVERAL_SOURCES
    }

    private static final CatalogueService OLDER = new CatalogueService("svc-13", "PostgreSQL Database 13", null);
    private static final CatalogueService NEWER = new CatalogueService("svc-15", "PostgreSQL Database 15", null);
    private static final CatalogueService STORAGE = new CatalogueService("svc-s3", "Object Storage", null);
    private static final List<CatalogueService> CATALOGUE = List.of(
            OLDER,
            NEWER,
            new CatalogueService("svc-17", "PostgreSQL Database 17", null),
            new CatalogueService("svc-mysql", "MySQL Database 8", null),
            STORAGE);

    private static final PostgresVersion FROM = PostgresVersion.parse("13");
    private static final PostgresVersion TO = PostgresVersion.parse("15");
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Loss WINDOW = new Loss(Loss.Kind.UNPROTECTED_WINDOW, null);
    private static final String[] SLUGS = {"live", "test", "stage"};

    private final Position[] positions;
    private final List<Observation> observations;

    /**
     * Makes environments of applications with three each: of 20, 14 are fresh, 3 in the middle, 2 up to date and 1 blocked.
     *
     * @param count how many
     */
    KnownPlans(int count) {
        positions = new Position[count];
        observations = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            positions[i] = position(i);
            observations.add(observation(i, positions[i]));
        }
    }

    private static Position position(int number) {
        int cycle = number / 20;
        return switch (Math.floorMod(number * 7 + cycle, 20)) {
            case 0 -> cycle % 2 == 0 ? Position.PROVISIONED : Position.BACKED_UP;
            case 1 -> Position.RESTORED;
            case 2 -> Position.SOURCE_RENAMED;
            case 3, 4 -> Position.UP_TO_DATE;
            case 5 -> cycle % 2 == 0 ? Position.TARGET_IN_USE : Position.SEVERAL_SOURCES;
            default -> Position.FRESH;
        };
    }

    /** The observations, application by application; the environments of each are not in the order of a plan. */
    List<Observation> observations() {
        return observations;
    }

    private static Observation observation(int number, Position position) {
        EnvironmentRef environment = new EnvironmentRef(
                String.format(Locale.ROOT, "shop-%06d", number / SLUGS.length),
                id("e", number),
                SLUGS[number % SLUGS.length]);
        List<Instance> instances = new ArrayList<>();
        instances.add(instance(id("f", number), STORAGE, "STORAGE", "DEFAULT", InstanceStatus.ATTACHED));
        String source = id("a", number);
        String target = id("b", number);
        switch (position) {
            case FRESH -> instances.add(database(source, OLDER, "DEFAULT", InstanceStatus.ATTACHED));
            case PROVISIONED, BACKED_UP, RESTORED -> {
                instances.add(database(source, OLDER, "DEFAULT", InstanceStatus.ATTACHED));
                instances.add(database(target, NEWER, "NEW", InstanceStatus.PENDING_ATTACHMENT));
            }
            case SOURCE_RENAMED -> {
                instances.add(database(source, OLDER, "OLD", InstanceStatus.PENDING_DETACHMENT));
                instances.add(database(target, NEWER, "NEW", InstanceStatus.PENDING_ATTACHMENT));
            }
            case UP_TO_DATE -> instances.add(database(target, NEWER, "DEFAULT", InstanceStatus.ATTACHED));
            case TARGET_IN_USE -> {
                instances.add(database(source, OLDER, "DEFAULT", InstanceStatus.ATTACHED));
                instances.add(database(target, NEWER, "NEW", InstanceStatus.ATTACHED));
            }
            case SEVERAL_SOURCES -> {
                instances.add(database(source, OLDER, "DEFAULT", InstanceStatus.ATTACHED));
                instances.add(database(target, OLDER, "REPORTS", InstanceStatus.ATTACHED));
            }
        }
        boolean backedUp =
                position == Position.BACKED_UP || position == Position.RESTORED || position == Position.SOURCE_RENAMED;
        boolean restored = backedUp && position != Position.BACKED_UP;
        return new Observation(
                environment,
                NOW,
                CATALOGUE,
                instances,
                backedUp
                        ? List.of(new Backup(
                                id("c", number),
                                new OperationNote(stepId(environment, "back-up"), source),
                                OperationState.SUCCEEDED,
                                NOW.minusSeconds(600),
                                id("9", number)))
                        : List.of(),
                restored
                        ? List.of(new Restore(
                                id("d", number),
                                new OperationNote(stepId(environment, "restore"), target),
                                id("c", number),
                                OperationState.SUCCEEDED,
                                NOW.minusSeconds(300)))
                        : List.of(),
                List.of(new Deployment(id("8", number), OperationState.SUCCEEDED, NOW.minusSeconds(86_400))),
                Set.of("DEFAULT"));
    }

    private static String id(String kind, int number) {
        return kind + String.format(Locale.ROOT, "f6b2a10-0c3d-4d5e-8f70-%012d", number);
    }

    private static Instance database(String id, CatalogueService service, String prefix, InstanceStatus status) {
        return instance(id, service, Observation.DATABASE, prefix, status);
    }

    private static Instance instance(
            String id, CatalogueService service, String type, String prefix, InstanceStatus status) {
        return new Instance(id, service.id(), type, prefix, status, status.name(), "region-1");
    }

    private static StepId stepId(EnvironmentRef environment, String step) {
        return new StepId(environment.application() + "/" + environment.slug() + "/" + step + "/DEFAULT/13-15");
    }

    /**
     * What a plan holds.
     *
     * @param environments the result for each environment
     * @param steps the steps of all of them
     */
    record Result(List<EnvironmentPlan> environments, List<Step> steps) {}

    /** Allocates what the planner gives for all environments, and computes nothing. */
    Result allocate() {
        List<EnvironmentPlan> environments = new ArrayList<>(positions.length);
        List<Step> steps = new ArrayList<>(positions.length * 9);
        for (int i = 0; i < positions.length; i++) {
            EnvironmentPlan plan = allocate(observations.get(i).environment(), positions[i]);
            environments.add(plan);
            steps.addAll(plan.steps());
        }
        return new Result(environments, steps);
    }

    private static EnvironmentPlan allocate(EnvironmentRef environment, Position position) {
        return switch (position) {
            case FRESH -> fresh(environment);
            case PROVISIONED -> provisioned(environment);
            case BACKED_UP -> backedUp(environment);
            case RESTORED -> restored(environment);
            case SOURCE_RENAMED -> sourceRenamed(environment);
            case UP_TO_DATE ->
                new UpToDate(environment, "PostgreSQL Database 15 (DEFAULT) is on PostgreSQL 15 already.");
            case TARGET_IN_USE ->
                blocked(
                        environment,
                        Blocker.Reason.TARGET_VISIBLE,
                        "PostgreSQL Database 15 (NEW) is ATTACHED: the application can see it, and a restore would overwrite it under"
                                + " its hands.",
                        "Detach it, deploy and delete it; or choose another staging prefix (stagingPrefix).");
            case SEVERAL_SOURCES ->
                blocked(
                        environment,
                        Blocker.Reason.SEVERAL_SOURCES,
                        "It has several databases older than PostgreSQL 15: PostgreSQL Database 13 (DEFAULT), PostgreSQL Database"
                                + " 13 (REPORTS).",
                        "Name the one to upgrade by its prefix (sourcePrefix) or id (sourceInstance); do the others one after"
                                + " the other.");
        };
    }

    private static EnvironmentPlan blocked(
            EnvironmentRef environment, Blocker.Reason reason, String message, String remedy) {
        return new Blocked(environment, List.of(new Blocker(reason, environment, message, remedy)));
    }

    private static EnvironmentPlan ready(EnvironmentRef environment, boolean inCutover, Step... steps) {
        return new Ready(
                environment,
                environment.slug().equals("live") ? 1 : 0,
                FROM,
                TO,
                "DEFAULT",
                inCutover,
                WINDOW,
                List.of(steps));
    }

    private static EnvironmentPlan fresh(EnvironmentRef environment) {
        InstanceRef source = new InstanceRef(Role.SOURCE, OLDER, "DEFAULT");
        InstanceRef target = new InstanceRef(Role.TARGET, NEWER, "NEW");
        InstanceRef retired = new InstanceRef(Role.SOURCE, OLDER, "OLD");
        InstanceRef promoted = new InstanceRef(Role.TARGET, NEWER, "DEFAULT");
        StepId backUp = stepId(environment, "back-up");
        return ready(
                environment,
                false,
                new Step.AddService(stepId(environment, "add-service"), environment, target, "region-1"),
                new Step.Provision(stepId(environment, "provision"), environment, target),
                new Step.BackUp(backUp, environment, source, Set.of()),
                new Step.Restore(stepId(environment, "restore"), environment, source, target, backUp, null),
                new Step.RenamePrefix(stepId(environment, "rename-source"), environment, source, "OLD"),
                new Step.Detach(stepId(environment, "detach"), environment, retired),
                new Step.RenamePrefix(stepId(environment, "rename-target"), environment, target, "DEFAULT"),
                new Step.Deploy(stepId(environment, "deploy"), environment, retired, promoted, false),
                new Step.DeleteService(stepId(environment, "delete-service"), environment, retired, promoted));
    }

    private static EnvironmentPlan provisioned(EnvironmentRef environment) {
        InstanceRef source = new InstanceRef(Role.SOURCE, OLDER, "DEFAULT");
        InstanceRef target = new InstanceRef(Role.TARGET, NEWER, "NEW");
        InstanceRef retired = new InstanceRef(Role.SOURCE, OLDER, "OLD");
        InstanceRef promoted = new InstanceRef(Role.TARGET, NEWER, "DEFAULT");
        StepId backUp = stepId(environment, "back-up");
        return ready(
                environment,
                false,
                new Step.BackUp(backUp, environment, source, Set.of()),
                new Step.Restore(stepId(environment, "restore"), environment, source, target, backUp, null),
                new Step.RenamePrefix(stepId(environment, "rename-source"), environment, source, "OLD"),
                new Step.Detach(stepId(environment, "detach"), environment, retired),
                new Step.RenamePrefix(stepId(environment, "rename-target"), environment, target, "DEFAULT"),
                new Step.Deploy(stepId(environment, "deploy"), environment, retired, promoted, false),
                new Step.DeleteService(stepId(environment, "delete-service"), environment, retired, promoted));
    }

    private static EnvironmentPlan backedUp(EnvironmentRef environment) {
        InstanceRef source = new InstanceRef(Role.SOURCE, OLDER, "DEFAULT");
        InstanceRef target = new InstanceRef(Role.TARGET, NEWER, "NEW");
        InstanceRef retired = new InstanceRef(Role.SOURCE, OLDER, "OLD");
        InstanceRef promoted = new InstanceRef(Role.TARGET, NEWER, "DEFAULT");
        return ready(
                environment,
                false,
                new Step.Restore(
                        stepId(environment, "restore"),
                        environment,
                        source,
                        target,
                        stepId(environment, "back-up"),
                        null),
                new Step.RenamePrefix(stepId(environment, "rename-source"), environment, source, "OLD"),
                new Step.Detach(stepId(environment, "detach"), environment, retired),
                new Step.RenamePrefix(stepId(environment, "rename-target"), environment, target, "DEFAULT"),
                new Step.Deploy(stepId(environment, "deploy"), environment, retired, promoted, false),
                new Step.DeleteService(stepId(environment, "delete-service"), environment, retired, promoted));
    }

    private static EnvironmentPlan restored(EnvironmentRef environment) {
        InstanceRef source = new InstanceRef(Role.SOURCE, OLDER, "DEFAULT");
        InstanceRef target = new InstanceRef(Role.TARGET, NEWER, "NEW");
        InstanceRef retired = new InstanceRef(Role.SOURCE, OLDER, "OLD");
        InstanceRef promoted = new InstanceRef(Role.TARGET, NEWER, "DEFAULT");
        return ready(
                environment,
                false,
                new Step.RenamePrefix(stepId(environment, "rename-source"), environment, source, "OLD"),
                new Step.Detach(stepId(environment, "detach"), environment, retired),
                new Step.RenamePrefix(stepId(environment, "rename-target"), environment, target, "DEFAULT"),
                new Step.Deploy(stepId(environment, "deploy"), environment, retired, promoted, false),
                new Step.DeleteService(stepId(environment, "delete-service"), environment, retired, promoted));
    }

    private static EnvironmentPlan sourceRenamed(EnvironmentRef environment) {
        InstanceRef target = new InstanceRef(Role.TARGET, NEWER, "NEW");
        InstanceRef retired = new InstanceRef(Role.SOURCE, OLDER, "OLD");
        InstanceRef promoted = new InstanceRef(Role.TARGET, NEWER, "DEFAULT");
        return ready(
                environment,
                true,
                new Step.RenamePrefix(stepId(environment, "rename-target"), environment, target, "DEFAULT"),
                new Step.Deploy(stepId(environment, "deploy"), environment, retired, promoted, false),
                new Step.DeleteService(stepId(environment, "delete-service"), environment, retired, promoted));
    }
}
