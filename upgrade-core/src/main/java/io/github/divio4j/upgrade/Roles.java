package io.github.divio4j.upgrade;

import io.github.divio4j.upgrade.InstanceRef.Role;
import io.github.divio4j.upgrade.Observation.Instance;
import org.jspecify.annotations.Nullable;

/**
 * Who is who in an environment.
 *
 * @param source the instance to leave, under whichever prefix it carries now
 * @param target the instance to move to; null if it is not there yet
 * @param prefix the original prefix, which the application knows
 * @param from the version of the source
 * @param sourceRef the source under the original prefix
 * @param targetRef the target under the staging prefix
 */
record Roles(
        Instance source,
        @Nullable Instance target,
        String prefix,
        PostgresVersion from,
        InstanceRef sourceRef,
        InstanceRef targetRef) {

    static Roles of(
            Instance source,
            CatalogueService sourceService,
            PostgresVersion from,
            @Nullable Instance target,
            CatalogueService targetService,
            String prefix,
            UpgradeSpec spec) {
        return new Roles(
                source,
                target,
                prefix,
                from,
                new InstanceRef(Role.SOURCE, sourceService, prefix),
                new InstanceRef(Role.TARGET, targetService, spec.stagingPrefix()));
    }

    /** Whether the source gave up the original prefix. */
    boolean sourceRenamed() {
        return !source.prefix().equals(prefix);
    }

    /** Whether the target carries the original prefix. */
    boolean targetPromoted() {
        return target != null && target.prefix().equals(prefix);
    }
}
