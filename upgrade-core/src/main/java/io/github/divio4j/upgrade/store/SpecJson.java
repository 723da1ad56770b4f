package io.github.divio4j.upgrade.store;

import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.UpgradeSpec.OldInstance;
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
        json.at("downloadBackup").ifThere(j -> {
            if (j.flag()) {
                spec.downloadBackup();
            }
        });
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
