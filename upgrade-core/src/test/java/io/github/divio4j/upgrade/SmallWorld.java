package io.github.divio4j.upgrade;

import io.github.divio4j.upgrade.UpgradeSpec.OldInstance;
import io.github.divio4j.upgrade.UpgradeSpec.Provisioning;
import io.github.divio4j.upgrade.UpgradeSpec.Restoring;
import io.github.divio4j.upgrade.UpgradeSpec.Verification;
import io.github.divio4j.upgrade.UpgradeSpec.WritesPolicy;
import io.github.divio4j.upgrade.testing.SimulatedWorld;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The description of a small world in which every environment waits for its upgrade; {@link #build} makes it. */
record SmallWorld(
        List<String> environments,
        String from,
        int to,
        String prefix,
        Set<Foreign> foreign,
        OldInstance oldInstance,
        Manner manner) {

    private static final List<List<String>> ENVIRONMENTS =
            List.of(List.of("test"), List.of("live", "test"), List.of("test", "live", "stage-1"));

    /** What an environment may hold beside the database to upgrade. */
    enum Foreign {
        STORAGE_UNDER_DEFAULT,
        MYSQL,
        NEWER_POSTGRES
    }

    /** How the upgrade is done, and of how many steps it consists before the source is deleted. */
    enum Manner {
        AS_IN_THE_MANUAL(8),
        FENCED(12),
        BY_PROVEN_CALLS(13);

        final int steps;

        Manner(int steps) {
            this.steps = steps;
        }
    }

    /** All small worlds. */
    static List<SmallWorld> all() {
        List<SmallWorld> worlds = new ArrayList<>();
        for (List<String> environments : ENVIRONMENTS) {
            for (String from : List.of("9.6", "13", "15")) {
                for (int to = from.equals("9.6") ? 13 : Integer.parseInt(from) + 1; to <= 18; to++) {
                    for (String prefix : List.of("DEFAULT", "MAIN")) {
                        for (Set<Foreign> foreign : subsetsOfForeign()) {
                            for (OldInstance oldInstance : OldInstance.values()) {
                                worlds.add(new SmallWorld(
                                        environments,
                                        from,
                                        to,
                                        prefix,
                                        foreign,
                                        oldInstance,
                                        Manner.values()[worlds.size() % Manner.values().length]));
                            }
                        }
                    }
                }
            }
        }
        return worlds;
    }

    private static List<Set<Foreign>> subsetsOfForeign() {
        List<Set<Foreign>> subsets = new ArrayList<>();
        for (int bits = 0; bits < 1 << Foreign.values().length; bits++) {
            Set<Foreign> subset = EnumSet.noneOf(Foreign.class);
            for (Foreign foreign : Foreign.values()) {
                if ((bits & 1 << foreign.ordinal()) != 0) {
                    subset.add(foreign);
                }
            }
            subsets.add(subset);
        }
        return subsets;
    }

    SimulatedWorld build() {
        SimulatedWorld world =
                SimulatedWorld.create("shop", "9.6", "10", "11", "12", "13", "14", "15", "16", "17", "18");
        for (String slug : environments) {
            EnvironmentRef environment = world.addEnvironment(slug);
            world.addPostgres(environment, from, prefix, InstanceStatus.ATTACHED);
            if (foreign.contains(Foreign.STORAGE_UNDER_DEFAULT)) {
                world.addInstance(environment, "Object Storage", "STORAGE", "DEFAULT", InstanceStatus.ATTACHED);
            }
            if (foreign.contains(Foreign.MYSQL)) {
                world.addInstance(
                        environment, "MySQL Database 8", Observation.DATABASE, "BLOG", InstanceStatus.ATTACHED);
            }
            if (foreign.contains(Foreign.NEWER_POSTGRES)) {
                world.addPostgres(environment, Integer.toString(to + 1), "ANALYTICS", InstanceStatus.ATTACHED);
            }
        }
        return world;
    }

    UpgradeSpec spec() {
        UpgradeSpec.Builder spec = UpgradeSpec.to(Integer.toString(to)).oldInstance(oldInstance);
        return switch (manner) {
            case AS_IN_THE_MANUAL -> spec.build();
            case FENCED ->
                spec.writes(WritesPolicy.FENCE_REQUIRED)
                        .verification(Verification.CHECKSUMS)
                        .preflight()
                        .analyze()
                        .build();
            case BY_PROVEN_CALLS ->
                spec.provisioning(Provisioning.BY_DEPLOYMENT)
                        .restoring(Restoring.BY_UPLOAD)
                        .build();
        };
    }

    /** The instances that an environment must hold after the upgrade, as {@link SimulatedWorld#instances} writes them. */
    List<String> expectedInstances() {
        List<String> expected = new ArrayList<>();
        expected.add("PostgreSQL Database " + to + " (" + prefix + ") ATTACHED");
        if (oldInstance == OldInstance.KEEP) {
            expected.add("PostgreSQL Database " + from + " (OLD) DETACHED");
        }
        if (foreign.contains(Foreign.STORAGE_UNDER_DEFAULT)) {
            expected.add("Object Storage (DEFAULT) ATTACHED");
        }
        if (foreign.contains(Foreign.MYSQL)) {
            expected.add("MySQL Database 8 (BLOG) ATTACHED");
        }
        if (foreign.contains(Foreign.NEWER_POSTGRES)) {
            expected.add("PostgreSQL Database " + (to + 1) + " (ANALYTICS) ATTACHED");
        }
        return expected.stream().sorted().toList();
    }
}
