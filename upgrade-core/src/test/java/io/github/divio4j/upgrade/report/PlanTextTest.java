package io.github.divio4j.upgrade.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.UpgradePlan;
import io.github.divio4j.upgrade.UpgradePlanner;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.testing.SimulatedWorld;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class PlanTextTest {

    private final SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");

    private EnvironmentRef environment(String slug, String version) {
        EnvironmentRef environment = world.addEnvironment(slug);
        world.addPostgres(environment, version, "DEFAULT", InstanceStatus.ATTACHED);
        return environment;
    }

    private String textOf(UpgradeSpec spec) {
        UpgradePlan plan = UpgradePlanner.plan(
                world.environments().stream().map(world::observe).toList(), spec);
        return Report.of(plan).text();
    }

    @Test
    void aPlanIsOneLineForEachStepAndOneForWhatNeedsNone() {
        environment("live", "13");
        environment("test", "13");
        environment("done", "15");
        environment("other", "13");
        world.addEnvironment("empty");
        UpgradeSpec spec =
                UpgradeSpec.to("15").wave("test", "done", "empty").wave("live").build();

        assertThat(textOf(spec)).isEqualTo("""
                        Plan: 2 environments to PostgreSQL 15, 18 steps
                           1. test   add PostgreSQL Database 15 (NEW)
                           2. test   provision PostgreSQL Database 15 (NEW)
                           3. live   add PostgreSQL Database 15 (NEW)
                           4. live   provision PostgreSQL Database 15 (NEW)
                           5. test   back up PostgreSQL Database 13 (DEFAULT)
                           6. test   restore the backup into PostgreSQL Database 15 (NEW)
                           7. test   rename PostgreSQL Database 13 (DEFAULT) to OLD
                           8. test   detach PostgreSQL Database 13 (OLD)
                           9. test   rename PostgreSQL Database 15 (NEW) to DEFAULT
                          10. test   deploy, which moves the application to PostgreSQL Database 15 (DEFAULT)
                          11. test   delete PostgreSQL Database 13 (OLD) (point of no return)
                          12. live   back up PostgreSQL Database 13 (DEFAULT)
                          13. live   restore the backup into PostgreSQL Database 15 (NEW)
                          14. live   rename PostgreSQL Database 13 (DEFAULT) to OLD
                          15. live   detach PostgreSQL Database 13 (OLD)
                          16. live   rename PostgreSQL Database 15 (NEW) to DEFAULT
                          17. live   deploy, which moves the application to PostgreSQL Database 15 (DEFAULT)
                          18. live   delete PostgreSQL Database 13 (OLD) (point of no return)
                              done   up to date: PostgreSQL Database 15 (DEFAULT) is on PostgreSQL 15 already.
                              empty  blocked: It has no PostgreSQL instance; it has no service instances at all. \
                        Leave it out, or add a PostgreSQL 15 instance yourself.
                              other  left alone: it is in none of the waves.
                        """);
    }

    @Test
    void aPlanWithoutStepsSaysSo() {
        assertThat(textOf(UpgradeSpec.to("15").build())).isEqualTo("Plan: 0 environments to PostgreSQL 15, 0 steps\n");
    }

    @Test
    void theTextIsTheSameInEveryLocale() {
        environment("test", "13");
        String text = textOf(UpgradeSpec.to("15").build());
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            assertThat(textOf(UpgradeSpec.to("15").build())).isEqualTo(text);
        } finally {
            Locale.setDefault(before);
        }
    }
}
