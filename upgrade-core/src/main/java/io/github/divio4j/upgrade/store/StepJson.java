package io.github.divio4j.upgrade.store;

import io.github.divio4j.upgrade.CatalogueService;
import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceRef;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.StepId;
import io.github.divio4j.upgrade.UpgradeSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A step as JSON: each field of its record under its name, except the environment, which the surrounding object tells; and
 * a description for people, which is not read.
 */
final class StepJson {

    private StepJson() {}

    static Map<String, Object> write(Step step) {
        Map<String, Object> fields = new TreeMap<>();
        fields.put("id", step.id().text());
        fields.put("kind", step.kind().name());
        fields.put("description", step.describe());
        fields.putAll(
                switch (step.kind()) {
                    case ADD_SERVICE -> {
                        Step.AddService add = (Step.AddService) step;
                        yield Map.of("target", instance(add.target()), "regionId", add.regionId());
                    }
                    case CLAIM_TARGET -> {
                        Step.ClaimTarget claim = (Step.ClaimTarget) step;
                        yield Map.of("source", instance(claim.source()), "target", instance(claim.target()));
                    }
                    case PROVISION -> Map.of("target", instance(((Step.Provision) step).target()));
                    case PREFLIGHT -> {
                        Step.Preflight preflight = (Step.Preflight) step;
                        yield Map.of("source", instance(preflight.source()), "target", instance(preflight.target()));
                    }
                    case FENCE_WRITES -> Map.of("source", instance(((Step.FenceWrites) step).source()));
                    case BACK_UP -> {
                        Step.BackUp backUp = (Step.BackUp) step;
                        yield Map.of(
                                "source", instance(backUp.source()),
                                "unusable", List.copyOf(backUp.unusable()));
                    }
                    case UPLOAD_BACKUP -> {
                        Step.UploadBackup upload = (Step.UploadBackup) step;
                        yield Map.of(
                                "source", instance(upload.source()),
                                "target", instance(upload.target()),
                                "backUp", upload.backUp().text());
                    }
                    case RESTORE -> restore((Step.Restore) step);
                    case VERIFY -> {
                        Step.Verify verify = (Step.Verify) step;
                        yield Map.of(
                                "source", instance(verify.source()),
                                "target", instance(verify.target()),
                                "level", verify.level().name());
                    }
                    case ANALYZE -> Map.of("target", instance(((Step.Analyze) step).target()));
                    case RENAME_PREFIX -> {
                        Step.RenamePrefix rename = (Step.RenamePrefix) step;
                        yield Map.of("instance", instance(rename.instance()), "to", rename.to());
                    }
                    case DETACH -> Map.of("instance", instance(((Step.Detach) step).instance()));
                    case ATTACH -> Map.of("instance", instance(((Step.Attach) step).instance()));
                    case LIFT_FENCE -> Map.of("source", instance(((Step.LiftFence) step).source()));
                    case DEPLOY -> deploy((Step.Deploy) step);
                    case DOWNLOAD_BACKUP -> {
                        Step.DownloadBackup download = (Step.DownloadBackup) step;
                        yield Map.of(
                                "source", instance(download.source()),
                                "backUp", download.backUp().text());
                    }
                    case DELETE_SERVICE -> {
                        Step.DeleteService delete = (Step.DeleteService) step;
                        yield Map.of(
                                "instance", instance(delete.instance()),
                                "successor", instance(delete.successor()));
                    }
                });
        return fields;
    }

    private static Map<String, @Nullable Object> restore(Step.Restore restore) {
        Map<String, @Nullable Object> fields = new TreeMap<>();
        StepId upload = restore.upload();
        fields.put("source", instance(restore.source()));
        fields.put("target", instance(restore.target()));
        fields.put("backUp", restore.backUp().text());
        fields.put("upload", upload == null ? null : upload.text());
        return fields;
    }

    private static Map<String, @Nullable Object> deploy(Step.Deploy deploy) {
        Map<String, @Nullable Object> fields = new TreeMap<>();
        InstanceRef from = deploy.from();
        fields.put("from", from == null ? null : instance(from));
        fields.put("to", instance(deploy.to()));
        fields.put("attachesFrom", deploy.attachesFrom());
        return fields;
    }

    private static Map<String, Object> instance(InstanceRef ref) {
        Map<String, Object> service = new TreeMap<>();
        service.put("id", ref.service().id());
        service.put("name", ref.service().name());
        service.put("identifier", ref.service().identifier());
        Map<String, Object> fields = new TreeMap<>();
        fields.put("role", ref.role().name());
        fields.put("prefix", ref.prefix());
        fields.put("service", service);
        return fields;
    }

    static Step read(Json json, EnvironmentRef environment) {
        StepId id = json.at("id").read(StepId::new);
        return switch (json.at("kind").word(Step.Kind.class)) {
            case ADD_SERVICE ->
                new Step.AddService(
                        id,
                        environment,
                        instance(json.at("target")),
                        json.at("regionId").text());
            case CLAIM_TARGET ->
                new Step.ClaimTarget(id, environment, instance(json.at("source")), instance(json.at("target")));
            case PROVISION -> new Step.Provision(id, environment, instance(json.at("target")));
            case PREFLIGHT ->
                new Step.Preflight(id, environment, instance(json.at("source")), instance(json.at("target")));
            case FENCE_WRITES -> new Step.FenceWrites(id, environment, instance(json.at("source")));
            case BACK_UP ->
                new Step.BackUp(
                        id,
                        environment,
                        instance(json.at("source")),
                        new HashSet<>(json.at("unusable").list(Json::text)));
            case UPLOAD_BACKUP ->
                new Step.UploadBackup(
                        id,
                        environment,
                        instance(json.at("source")),
                        instance(json.at("target")),
                        json.at("backUp").read(StepId::new));
            case RESTORE -> {
                Json upload = json.at("upload");
                yield new Step.Restore(
                        id,
                        environment,
                        instance(json.at("source")),
                        instance(json.at("target")),
                        json.at("backUp").read(StepId::new),
                        upload.isThere() ? upload.read(StepId::new) : null);
            }
            case VERIFY ->
                new Step.Verify(
                        id,
                        environment,
                        instance(json.at("source")),
                        instance(json.at("target")),
                        json.at("level").word(UpgradeSpec.Verification.class));
            case ANALYZE -> new Step.Analyze(id, environment, instance(json.at("target")));
            case RENAME_PREFIX ->
                new Step.RenamePrefix(
                        id,
                        environment,
                        instance(json.at("instance")),
                        json.at("to").text());
            case DETACH -> new Step.Detach(id, environment, instance(json.at("instance")));
            case ATTACH -> new Step.Attach(id, environment, instance(json.at("instance")));
            case LIFT_FENCE -> new Step.LiftFence(id, environment, instance(json.at("source")));
            case DEPLOY -> {
                Json from = json.at("from");
                yield new Step.Deploy(
                        id,
                        environment,
                        from.isThere() ? instance(from) : null,
                        instance(json.at("to")),
                        json.at("attachesFrom").flag());
            }
            case DOWNLOAD_BACKUP ->
                new Step.DownloadBackup(
                        id,
                        environment,
                        instance(json.at("source")),
                        json.at("backUp").read(StepId::new));
            case DELETE_SERVICE ->
                new Step.DeleteService(id, environment, instance(json.at("instance")), instance(json.at("successor")));
        };
    }

    private static InstanceRef instance(Json json) {
        Json service = json.at("service");
        return new InstanceRef(
                json.at("role").word(InstanceRef.Role.class),
                new CatalogueService(
                        service.at("id").text(),
                        service.at("name").text(),
                        service.at("identifier").textOrNull()),
                json.at("prefix").text());
    }
}
