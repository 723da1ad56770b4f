package io.github.divio4j.upgrade.run;

import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.testing.SimulatedWorld;
import java.util.List;

/** The kinds of the steps of an ordinary upgrade, for tests that go through them. */
final class KindsOfAnUpgrade {

    private KindsOfAnUpgrade() {}

    static List<Step.Kind> all() {
        SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");
        world.addPostgres(world.addEnvironment("live"), "13", "DEFAULT", InstanceStatus.ATTACHED);
        return UpgradeRunner.builder(world, world)
                .build()
                .plan(UpgradeSpec.to("15").build())
                .steps()
                .stream()
                .map(Step::kind)
                .distinct()
                .toList();
    }

    static List<Step.Kind> allButTheLast() {
        return all().subList(0, all().size() - 1);
    }
}
