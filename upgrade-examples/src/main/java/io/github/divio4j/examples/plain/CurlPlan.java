package io.github.divio4j.examples.plain;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceRef;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.OperationNote;
import io.github.divio4j.upgrade.OperationState;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.StepId;
import io.github.divio4j.upgrade.UpgradePlan;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A plan as the HTTP calls that it comes to, for people who want to see them, or to make them by hand; nothing is done. What is not known
 * before a call was answered is a shell variable, such as {@code $TEST_BACKUP}; so is the token, {@code $DIVIO_API_TOKEN}.
 */
public final class CurlPlan {

    private final String base;
    private final Map<EnvironmentRef, Observation> seen = new HashMap<>();
    private final Map<String, String> ids = new HashMap<>();
    private final List<String> lines = new ArrayList<>();

    private CurlPlan(URI base, Collection<Observation> observations) {
        this.base = base.toString().replaceAll("/+$", "") + "/apps/v3/";
        observations.forEach(o -> seen.put(o.environment(), o));
    }

    /**
     * Prints a plan.
     *
     * @param base the address of the API, such as {@code https://api.divio.com}
     * @param observations those that the plan was made from
     * @return comments and commands of a shell, in the order of the plan
     */
    public static List<String> of(UpgradePlan plan, Collection<Observation> observations, URI base) {
        CurlPlan printed = new CurlPlan(base, observations);
        int number = 0;
        for (Step step : plan.steps()) {
            printed.lines.add("# " + ++number + ". " + step.environment() + ": " + step.describe());
            printed.print(step);
        }
        return List.copyOf(printed.lines);
    }

    private void print(Step step) {
        EnvironmentRef environment = step.environment();
        switch (step.kind()) {
            case ADD_SERVICE -> {
                Step.AddService add = (Step.AddService) step;
                post(
                        "service-instances/",
                        "environment",
                        environment.id(),
                        "region",
                        add.regionId(),
                        "service",
                        add.target().service().id(),
                        "prefix",
                        add.target().prefix());
                comment(instance(step, add.target()) + " is the instance that is there now with this prefix: GET "
                        + base + "service-instances/?environment=" + environment.id());
            }
            case PROVISION -> post(path(step, ((Step.Provision) step).target()) + "provision/");
            case CLAIM_TARGET -> {
                Step.ClaimTarget claim = (Step.ClaimTarget) step;
                String source = instance(step, claim.source());
                backUp(step, source, new OperationNote(step.id(), source).claiming(instance(step, claim.target())));
            }
            case BACK_UP -> {
                String source = instance(step, ((Step.BackUp) step).source());
                backUp(step, source, new OperationNote(step.id(), source));
            }
            case RESTORE -> restore((Step.Restore) step);
            case RENAME_PREFIX -> {
                Step.RenamePrefix rename = (Step.RenamePrefix) step;
                call("PATCH", path(step, rename.instance()), "{\"prefix\":\"" + rename.to() + "\"}");
            }
            case DETACH -> post(path(step, ((Step.Detach) step).instance()) + "detach/");
            case ATTACH -> post(path(step, ((Step.Attach) step).instance()) + "attach/");
            case DEPLOY -> {
                post("deployments/", "environment", environment.id());
                comment("go on when it has ended: GET " + base + "deployments/UUID-OF-THE-ANSWER/");
            }
            case DELETE_SERVICE -> call("DELETE", path(step, ((Step.DeleteService) step).instance()), null);
            case UPLOAD_BACKUP, DOWNLOAD_BACKUP ->
                comment(
                        "several calls and the transfer of a file: see backups/upload/ and backup-downloads/ in the manual");
            case PREFLIGHT, FENCE_WRITES, VERIFY, ANALYZE, LIFT_FENCE ->
                comment("no HTTP call: this is done inside the database");
        }
    }

    private void backUp(Step step, String source, OperationNote note) {
        call(
                "POST",
                "backups/",
                "{\"environment\":\"" + step.environment().id() + "\",\"services\":[\"" + source
                        + "\"],\"trigger\":\"MANUAL\",\"notes\":\"" + note + "\"}");
        String backup = remember(step.id() + " backup", variable(step.environment(), "BACKUP"));
        String part = remember(step.id() + " part", variable(step.environment(), "BACKUP_PART"));
        comment(backup + " is the uuid of the answer; go on when it has ended: GET " + base + "backups/" + backup
                + "/; " + part + " is the one service instance backup in it");
    }

    private void restore(Step.Restore restore) {
        String target = instance(restore, restore.target());
        OperationNote note = new OperationNote(restore.id(), target);
        String parts = "\"service_instance_backup\":\"" + id(restore, restore.backUp(), "part") + "\""
                + (restore.upload() == null ? ",\"service_instance\":\"" + target + "\"" : "");
        call(
                "POST",
                "backup-restores/",
                "{\"backup\":\"" + id(restore, restore.backUp(), "backup") + "\",\"service_instance_restores\":[{"
                        + parts + "}],\"notes\":\"" + note + "\"}");
        comment("go on when it has ended: GET " + base + "backup-restores/UUID-OF-THE-ANSWER/");
    }

    /** The id of a backup, or of the part of it: known already, or the variable that its step has introduced. */
    private String id(Step step, StepId backUp, String what) {
        return ids.getOrDefault(
                backUp + " " + what,
                Objects.requireNonNull(seen.get(step.environment())).backups().stream()
                        .filter(b -> b.note().step().equals(backUp) && b.state() == OperationState.SUCCEEDED)
                        .reduce((earlier, later) -> later)
                        .map(b -> what.equals("backup") ? b.id() : String.valueOf(b.instanceBackupId()))
                        .orElse(""));
    }

    private String path(Step step, InstanceRef ref) {
        return "service-instances/" + instance(step, ref) + "/";
    }

    /** The id of an instance, whatever prefix it carries by then: known already, or a variable. */
    private String instance(Step step, InstanceRef ref) {
        String key = step.environment() + " " + ref.role();
        return remember(
                key,
                Objects.requireNonNull(seen.get(step.environment()))
                        .find(ref)
                        .map(Observation.Instance::id)
                        .orElse(variable(step.environment(), ref.role().name())));
    }

    private String remember(String key, String id) {
        return ids.computeIfAbsent(key, k -> id);
    }

    private static String variable(EnvironmentRef environment, String what) {
        return "$" + environment.slug().toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_") + "_" + what;
    }

    private void post(String path, String... fields) {
        StringBuilder json = new StringBuilder("{");
        for (int i = 0; i < fields.length; i += 2) {
            json.append(i == 0 ? "" : ",")
                    .append('"')
                    .append(fields[i])
                    .append("\":\"")
                    .append(fields[i + 1])
                    .append('"');
        }
        call("POST", path, json.append('}').toString());
    }

    private void call(String method, String path, @Nullable String json) {
        String body =
                json == null ? "" : " -H \"Content-Type: application/json\" -d \"" + json.replace("\"", "\\\"") + "\"";
        lines.add("curl -X " + method + " \"" + base + path + "\" -H \"Authorization: Token $DIVIO_API_TOKEN\"" + body);
    }

    private void comment(String text) {
        lines.add("#    " + text);
    }
}
