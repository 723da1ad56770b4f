package io.github.divio4j.upgrade.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.run.UpgradeRunner;
import io.github.divio4j.upgrade.testing.SimulatedWorld;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MicrometerListenerTest {

    private final SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private void run(UpgradeSpec spec) throws InterruptedException {
        UpgradeRunner.builder(world, world)
                .timer(world)
                .listener(MicrometerListener.of(registry))
                .build()
                .run(spec);
    }

    private void addLive() {
        EnvironmentRef live = world.addEnvironment("live");
        world.addPostgres(live, "13", "DEFAULT", InstanceStatus.ATTACHED);
    }

    @Test
    void stepsAreTimedAndCountedByKindAndOutcome() throws InterruptedException {
        addLive();
        run(UpgradeSpec.to("15").build());

        assertThat(registry.get("divio4j.upgrade.step")
                        .tags("kind", "back_up", "outcome", "done")
                        .timer()
                        .totalTime(TimeUnit.SECONDS))
                .isGreaterThanOrEqualTo(60);
        assertThat(registry.get("divio4j.upgrade.step")
                        .tags("kind", "rename_prefix")
                        .timer()
                        .count())
                .isEqualTo(2);
        assertThat(registry.get("divio4j.upgrade.poll")
                        .tags("kind", "restore")
                        .counter()
                        .count())
                .isGreaterThan(3);
        assertThat(registry.get("divio4j.upgrade.environment")
                        .tags("result", "upgraded")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("divio4j.upgrade.unprotected").timer().count()).isEqualTo(1);
    }

    @Test
    void aFenceShowsAsTheTimeInWhichWritesWereRefused() throws InterruptedException {
        addLive();
        run(UpgradeSpec.withoutLoss("15").build());

        assertThat(registry.get("divio4j.upgrade.writes.refused").timer().totalTime(TimeUnit.SECONDS))
                .isGreaterThan(100);
        assertThat(registry.find("divio4j.upgrade.unprotected").timer()).isNull();
    }

    @Test
    void aFailedStepHasAnOutcomeOfItsOwn() throws InterruptedException {
        addLive();
        world.failNext(Step.Kind.RESTORE);
        run(UpgradeSpec.to("15").build());

        assertThat(registry.get("divio4j.upgrade.step")
                        .tags("kind", "restore", "outcome", "failed")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("divio4j.upgrade.environment")
                        .tags("result", "failed")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void noTagNamesAnEnvironment() throws InterruptedException {
        addLive();
        run(UpgradeSpec.to("15").build());

        assertThat(registry.getMeters())
                .isNotEmpty()
                .flatExtracting((Meter m) -> m.getId().getTags())
                .extracting(Tag::getValue)
                .doesNotContain("live", "shop", "shop/live");
    }
}
