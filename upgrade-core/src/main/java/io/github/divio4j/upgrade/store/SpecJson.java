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
        Json targetServiceId = json.at("targetServiceId");
        if (targetServiceId.isThere()) {
            spec.targetService(targetServiceId.text());
        }
        Json sourcePrefix = json.at("sourcePrefix");
        if (sourcePrefix.isThere()) {
            sourcePrefix.read(spec::sourcePrefix);
        }
        Json stagingPrefix = json.at("stagingPrefix");
        if (stagingPrefix.isThere()) {
            stagingPrefix.read(spec::stagingPrefix);
        }
        Json retiredPrefix = json.at("retiredPrefix");
        if (retiredPrefix.isThere()) {
            retiredPrefix.read(spec::retiredPrefix);
        }
        Json maximumBackupAge = json.at("maximumBackupAge");
        if (maximumBackupAge.isThere()) {
            maximumBackupAge.read(age -> spec.maximumBackupAge(Duration.parse(age)));
        }
        Json oldInstance = json.at("oldInstance");
        if (oldInstance.isThere()) {
            spec.oldInstance(oldInstance.word(OldInstance.class));
        }
        Json retention = json.at("retention");
        if (retention.isThere()) {
            Duration time = retention.read(Duration::parse);
            if (!time.isZero()) {
                retention.make(() -> spec.deleteOldInstanceAfter(time));
            }
        }
        Json sourceInstanceId = json.at("sourceInstanceId");
        if (sourceInstanceId.isThere()) {
            spec.sourceInstance(sourceInstanceId.text());
        }
        Json downloadBackup = json.at("downloadBackup");
        if (downloadBackup.isThere() && downloadBackup.flag()) {
            spec.downloadBackup();
        }
        for (List<String> wave : json.at("waves").list(w -> w.list(Json::text))) {
            json.make(() -> spec.wave(wave.toArray(String[]::new)));
        }
        return json.make(spec::build);
    }
}
