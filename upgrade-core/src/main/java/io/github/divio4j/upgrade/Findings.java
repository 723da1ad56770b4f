package io.github.divio4j.upgrade;

import static java.util.stream.Collectors.joining;

import io.github.divio4j.upgrade.Blocker.Reason;
import io.github.divio4j.upgrade.EnvironmentPlan.Blocked;
import io.github.divio4j.upgrade.Observation.Instance;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects what stands in the way in one environment, and knows how to speak of what was seen there. */
final class Findings {

    private final Observation seen;
    private final List<Blocker> blockers = new ArrayList<>(0);

    Findings(Observation seen) {
        this.seen = seen;
    }

    boolean isEmpty() {
        return blockers.isEmpty();
    }

    boolean has(Reason reason) {
        return blockers.stream().anyMatch(b -> b.reason() == reason);
    }

    Blocked blocked() {
        return new Blocked(seen.environment(), blockers);
    }

    void block(Reason reason, String message, String remedy) {
        blockers.add(new Blocker(reason, seen.environment(), message, remedy));
    }

    void blockTaken(String prefix, Instance by, String kind, String setting) {
        boolean unused = by.status() == InstanceStatus.NEW || by.status() == InstanceStatus.DETACHED;
        block(
                Reason.PREFIX_TAKEN,
                "The " + kind + " prefix " + prefix + " is carried by " + describe(by)
                        + ", which is not part of this upgrade.",
                "Rename " + (unused ? "or delete " : "") + "that instance"
                        + (kind.equals("original")
                                ? "."
                                : ", or choose another " + kind + " prefix (" + setting + ")."));
    }

    void blockIfUnknown(@Nullable Instance instance) {
        if (instance != null && instance.status() == InstanceStatus.UNKNOWN) {
            block(
                    Reason.UNKNOWN_STATUS,
                    "The platform says that " + describe(instance) + " is \"" + instance.statusText()
                            + "\", which this version of divio4j does not know.",
                    "Wait and look again; if the status stays, look at the environment in Divio's control panel.");
        }
    }

    /** Nothing is changed while a deployment runs; it is waited for if it is the next step anyway. */
    void blockIfDeployingBefore(List<Step> steps) {
        if (!seen.isDeploying() || steps.isEmpty()) {
            return;
        }
        Step.Kind first = steps.get(0).kind();
        if (first != Step.Kind.DEPLOY && first != Step.Kind.DOWNLOAD_BACKUP) {
            blockDeploying();
        }
    }

    /** Names every step that the platform does not support; nothing is begun that could not be ended. */
    void blockUnsupported(List<Step> steps) {
        if (seen.unsupported().isEmpty()) {
            return;
        }
        Set<Step.Kind> named = EnumSet.noneOf(Step.Kind.class);
        for (Step step : steps) {
            String reason = seen.unsupported().get(step.kind());
            // What is not known is the field for the target, which this one does not need.
            boolean byUpload = step instanceof Step.Restore restore && restore.upload() != null;
            if (reason != null && !byUpload && named.add(step.kind())) {
                block(
                        Reason.CALL_NOT_SUPPORTED,
                        (step.kind().isInsideDatabase() ? "Nothing here can " : "The platform cannot be asked to ")
                                + step.describe() + ": " + reason,
                        remedyFor(step.kind()));
            }
        }
    }

    private static String remedyFor(Step.Kind kind) {
        return switch (kind) {
            case FENCE_WRITES, LIFT_FENCE ->
                "Give access to the database or a hook that stops the writes; or let them go on (writes).";
            case PREFLIGHT -> "Give access to the databases; or do without the preflight (preflight).";
            case VERIFY -> "Give access to the databases; or do without the comparison (verification).";
            case ANALYZE -> "Give access to the databases; or collect the statistics yourself (analyze).";
            case PROVISION ->
                "Provision by deployment (provisioning); or do this step in Divio's control panel and start again.";
            case RESTORE -> "Restore by upload (restoring); or do this step in Divio's control panel and start again.";
            case ADD_SERVICE,
                    CLAIM_TARGET,
                    BACK_UP,
                    UPLOAD_BACKUP,
                    RENAME_PREFIX,
                    DETACH,
                    ATTACH,
                    DEPLOY,
                    DOWNLOAD_BACKUP,
                    DELETE_SERVICE -> "Update divio4j; or do this step in Divio's control panel and start again.";
        };
    }

    /** What is blocked while its fence is up stays read-only until somebody acts, and somebody should know. */
    void noteFence(Instance source) {
        DatabaseFacts.Fence fence = seen.databases().fence(source);
        if (fence != null && !blockers.isEmpty()) {
            block(
                    Reason.WRITES_REFUSED,
                    describe(source) + " refuses writes since " + fence.since() + ", for this upgrade.",
                    "Go on with the upgrade; or roll back (planRollback), which allows them again.");
        }
    }

    void blockDeploying() {
        if (!has(Reason.DEPLOYMENT_RUNNING)) {
            block(
                    Reason.DEPLOYMENT_RUNNING,
                    "A deployment of the environment runs.",
                    "Wait until it has ended; nothing is added, renamed, detached or deleted meanwhile.");
        }
    }

    String describe(Instance instance) {
        return seen.service(instance.serviceId()).map(CatalogueService::name).orElse(instance.type()) + " ("
                + instance.prefix() + ")";
    }

    String describe(List<Instance> instances) {
        return instances.stream().map(this::describe).sorted().collect(joining(", "));
    }

    String describeInstances() {
        return seen.instances().isEmpty() ? "no service instances at all" : describe(seen.instances());
    }
}
