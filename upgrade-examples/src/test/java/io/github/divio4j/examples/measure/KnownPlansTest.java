package io.github.divio4j.examples.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.upgrade.UpgradePlan;
import io.github.divio4j.upgrade.UpgradePlanner;
import io.github.divio4j.upgrade.UpgradeSpec;
import org.junit.jupiter.api.Test;

class KnownPlansTest {

    @Test
    void whatIsKnownIsWhatThePlannerFinds() {
        KnownPlans known = new KnownPlans(200);

        UpgradePlan plan =
                UpgradePlanner.plan(known.observations(), UpgradeSpec.to("15").build());

        assertThat(known.allocate().environments()).containsExactlyInAnyOrderElementsOf(plan.environments());
        assertThat(known.allocate().steps()).containsExactlyInAnyOrderElementsOf(plan.steps());
    }
}
