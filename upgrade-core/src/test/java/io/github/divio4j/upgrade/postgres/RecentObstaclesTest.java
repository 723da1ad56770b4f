package io.github.divio4j.upgrade.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.upgrade.DatabaseFacts;
import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.PostgresVersion;
import io.github.divio4j.upgrade.testing.SimulatedWorld;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecentObstaclesTest {

    private static final DatabaseFacts.Preflight FAILED = new DatabaseFacts.Preflight(
            PostgresVersion.parse("15"), List.of(new DatabaseFacts.Obstacle("A table has OIDs.", "Drop them.")));

    private final SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");
    private final EnvironmentRef test = world.addEnvironment("test");
    private final String source = world.addPostgres(test, "13", "DEFAULT", InstanceStatus.ATTACHED);
    private final RecentObstacles recent = new RecentObstacles();

    private void found() {
        recent.found(world.observe(test).databaseAt("DEFAULT").orElseThrow(), FAILED);
    }

    private Map<String, DatabaseFacts.Preflight> look() {
        Observation seen = world.observe(test);
        return recent.of(seen);
    }

    @Test
    void nothingIsKnownBeforeAnythingWasFound() {
        assertThat(look()).isEmpty();
    }

    @Test
    void whatWasFoundIsKnownToTheLooksThatFollow() {
        found();

        assertThat(look()).containsExactly(Map.entry(source, FAILED));
        world.sleep(RecentObstacles.KEPT_FOR);
        assertThat(look()).containsExactly(Map.entry(source, FAILED));
    }

    @Test
    void whatTookLongToFindIsNotTooOldForTheFirstLook() {
        found();
        world.sleep(Duration.ofHours(1));

        assertThat(look()).containsExactly(Map.entry(source, FAILED));
    }

    @Test
    void afterAWhileItIsToBeLookedForAgain() {
        found();
        look();
        world.sleep(RecentObstacles.KEPT_FOR.plusMillis(1));

        assertThat(look()).isEmpty();
    }
}
