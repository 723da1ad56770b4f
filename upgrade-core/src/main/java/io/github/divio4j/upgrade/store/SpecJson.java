package io.github.divio4j.upgrade.store;

import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.UpgradeSpec.OldInstance;
import io.github.divio4j.upgrade.UpgradeSpec.Provisioning;
import io.github.divio4j.upgrade.UpgradeSpec.Restoring;
import io.github.divio4j.upgrade.UpgradeSpec.Verification;
import io.github.divio4j.upgrade.UpgradeSpec.WritesPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A spec as JSON: each setting under the name of its getter. A setting that is not there has its default, so that files stay
 * readable when settings are added. Functions are no part of a saved plan.
 */
final class SpecJson {

    private SpecJson() {}

    static Map<String, Object> write(UpgradeSpec spec) {
        Map<String, Object> fields = new TreeMap<>();
        fields.put("targetVersion", spec.targetVersion().toString());
        fields.put("targetServiceId", spec.targetServiceId());
        fields.put("sourcePrefix", spec.sourcePrefix());
        fields.put("stagingPrefix", spec.stagingPrefix());
        fields.put("retiredPrefix", spec.retiredPrefix());
        fields.put("maximumBackupAge", spec.maximumBackupAge().toString());
        fields.put("writes", spec.writes().name());
        fields.put("verification", spec.verification().name());
        fields.put("preflight", spec.preflight());
        fields.put("analyze", spec.analyze());
        fields.put("provisioning", spec.provisioning().name());
        fields.put("restoring", spec.restoring().name());
        fields.put("deadline", spec.deadline().toString());
        Map<String, Object> deadlines = new TreeMap<>();
        spec.deadlines().forEach((kind, time) -> deadlines.put(kind.name(), time.toString()));
        fields.put("deadlines", deadlines);
        fields.put("oldInstance", spec.oldInstance().name());
        fields.put("sourceInstanceId", spec.sourceInstanceId());
        fields.put("downloadBackup", spec.downloadBackup());
        fields.put("retention", spec.retention().toString());
        fields.put("waves", spec.waves());
        return fields;
    }

    static UpgradeSpec read(Json json) {
        UpgradeSpec.Builder spec = json.at("targetVersion").read(UpgradeSpec::to);
        json.at("targetServiceId").ifThere(j -> spec.targetService(j.text()));
        json.at("sourcePrefix").ifThere(j -> j.read(spec::sourcePrefix));
        json.at("sourceInstanceId").ifThere(j -> spec.sourceInstance(j.text()));
        json.at("stagingPrefix").ifThere(j -> j.read(spec::stagingPrefix));
        json.at("retiredPrefix").ifThere(j -> j.read(spec::retiredPrefix));
        json.at("maximumBackupAge").ifThere(j -> j.read(age -> spec.maximumBackupAge(Duration.parse(age))));
        json.at("writes").ifThere(j -> spec.writes(j.word(WritesPolicy.class)));
        json.at("verification").ifThere(j -> spec.verification(j.word(Verification.class)));
        json.at("preflight").ifThere(j -> {
            if (j.flag()) {
                spec.preflight();
            }
        });
        json.at("analyze").ifThere(j -> {
            if (j.flag()) {
                spec.analyze();
            }
        });
        json.at("downloadBackup").ifThere(j -> {
            if (j.flag()) {
                spec.downloadBackup();
            }
        });
        json.at("provisioning").ifThere(j -> spec.provisioning(j.word(Provisioning.class)));
        json.at("restoring").ifThere(j -> spec.restoring(j.word(Restoring.class)));
        json.at("deadline").ifThere(j -> j.read(time -> spec.deadline(Duration.parse(time))));
        Json deadlines = json.at("deadlines");
        for (String kind : deadlines.texts().keySet()) {
            deadlines.at(kind).read(time -> spec.deadline(Step.Kind.valueOf(kind), Duration.parse(time)));
        }
        json.at("oldInstance").ifThere(j -> spec.oldInstance(j.word(OldInstance.class)));
        json.at("retention").ifThere(j -> {
            Duration time = j.read(Duration::parse);
            if (!time.isZero()) {
                j.make(() -> spec.deleteOldInstanceAfter(time));
            }
        });
        for (List<String> wave : json.at("waves").list(w -> w.list(Json::text))) {
            json.make(() -> spec.wave(wave.toArray(String[]::new)));
        }
        return json.make(spec::build);
    }
}
