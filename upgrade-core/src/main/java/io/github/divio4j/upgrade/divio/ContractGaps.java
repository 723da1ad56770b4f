package io.github.divio4j.upgrade.divio;

import io.github.divio4j.client.ContractCheck;
import io.github.divio4j.client.ContractReport;
import io.github.divio4j.upgrade.Step;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which kinds of steps the platform does not support, by its own description. Several calls that the manual needs are
 * shown by no public source: what the platform contradicts must be known before the first step, not in the middle.
 */
final class ContractGaps {

    private ContractGaps() {}

    /**
     * Finds the gaps.
     *
     * @param trustUnknown whether a restore may be asked for although the platform does not say that it takes the target: one
     *     that ignored the target would overwrite the source
     */
    static Map<Step.Kind, String> of(ContractReport report, boolean trustUnknown) {
        Map<Step.Kind, String> gaps = new EnumMap<>(Step.Kind.class);
        for (Step.Kind kind : Step.Kind.values()) {
            String call = call(kind);
            if (call == null) {
                continue;
            }
            int space = call.indexOf(' ');
            ContractCheck check = report.find(call.substring(0, space), call.substring(space + 1))
                    .orElseThrow(() -> new IllegalStateException("the client does not know " + call));
            String gap = gap(kind, check, trustUnknown);
            if (gap != null) {
                gaps.put(kind, gap);
            }
        }
        return gaps;
    }

    private static @Nullable String gap(Step.Kind kind, ContractCheck check, boolean trustUnknown) {
        return switch (check.status()) {
            case CONFIRMED -> null;
            case MISSING, DIFFERENT -> "its description says " + check + ".";
            case UNKNOWN ->
                kind == Step.Kind.RESTORE && !trustUnknown
                        ? "it does not say whether it restores into another instance (" + check
                                + "), and a restore that ignored the target would overwrite the source. If you know that"
                                + " it does, say so (trustAssumedRestore)."
                        : null;
        };
    }

    /** The call that a kind of step is done by; null for what the platform has no part in. */
    private static @Nullable String call(Step.Kind kind) {
        return switch (kind) {
            case ADD_SERVICE -> "POST /apps/v3/service-instances/";
            case PROVISION -> "POST /apps/v3/service-instances/{id}/provision/";
            case PREFLIGHT, FENCE_WRITES, VERIFY, ANALYZE, LIFT_FENCE -> null;
            case UPLOAD_BACKUP -> "POST /apps/v3/backups/upload/";
            case BACK_UP, CLAIM_TARGET -> "POST /apps/v3/backups/";
            case RESTORE -> "POST /apps/v3/backup-restores/";
            case RENAME_PREFIX -> "PATCH /apps/v3/service-instances/{id}/";
            case DETACH -> "POST /apps/v3/service-instances/{id}/detach/";
            case ATTACH -> "POST /apps/v3/service-instances/{id}/attach/";
            case DEPLOY -> "POST /apps/v3/deployments/";
            case DOWNLOAD_BACKUP -> "POST /apps/v3/backup-downloads/";
            case DELETE_SERVICE -> "DELETE /apps/v3/service-instances/{id}/";
        };
    }
}
