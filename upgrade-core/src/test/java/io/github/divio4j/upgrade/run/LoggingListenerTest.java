package io.github.divio4j.upgrade.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradePlan;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.testing.SimulatedWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LoggingListenerTest {

    private final SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");
    private final List<String> lines = new ArrayList<>();

    /** A logger that keeps lines from a level on. */
    private System.Logger logger(System.Logger.Level from) {
        return new System.Logger() {
            @Override
            public String getName() {
                return "test";
            }

            @Override
            public boolean isLoggable(Level level) {
                return level.getSeverity() >= from.getSeverity();
            }

            @Override
            public void log(Level level, @Nullable ResourceBundle bundle, String message, @Nullable Throwable thrown) {
                lines.add(level + " " + message);
            }

            @Override
            public void log(Level level, @Nullable ResourceBundle bundle, String format, Object @Nullable ... more) {
                lines.add(level + " " + format);
            }
        };
    }

    private void run(String slug, RunListener listener) throws InterruptedException {
        EnvironmentRef environment = world.addEnvironment(slug);
        world.addPostgres(environment, "13", "DEFAULT", InstanceStatus.ATTACHED);
        UpgradeRunner.builder(world, world)
                .timer(world)
                .listener(listener)
                .build()
                .run(UpgradeSpec.to("15").build());
    }

    @Test
    void aRunIsALineForEachEvent() throws InterruptedException {
        run("live", RunListener.logging(logger(System.Logger.Level.INFO)));

        assertThat(lines)
                .contains(
                        "INFO planned: UpgradePlan[1 environments, 9 steps, 0 blockers]",
                        "INFO shop/live: begins to back up PostgreSQL Database 13 (DEFAULT)",
                        "INFO wave 1 ended")
                .anyMatch(l -> l.startsWith("INFO shop/live: UPGRADED: "));
        assertThat(lines).noneMatch(l -> l.startsWith("DEBUG"));
    }

    @Test
    void looksAreForDebugging() throws InterruptedException {
        run("live", RunListener.logging(logger(System.Logger.Level.DEBUG)));

        assertThat(lines).anyMatch(l -> l.matches("DEBUG shop/live: backing up for \\d+ s"));
    }

    @Test
    void aFailureIsAnErrorThatSaysWhatIsTrueNow() throws InterruptedException {
        world.failNext(Step.Kind.RESTORE);

        run("live", RunListener.logging(logger(System.Logger.Level.WARNING)));

        assertThat(lines).hasSize(2);
        assertThat(lines.get(0))
                .startsWith("ERROR shop/live: failed to restore the backup")
                .endsWith("The application runs as before.");
        assertThat(lines.get(1)).startsWith("WARNING shop/live: FAILED: ").contains("Next: Run again");
    }

    @Test
    void noNameBeginsALine() throws InterruptedException {
        run("li\nve", RunListener.logging(logger(System.Logger.Level.DEBUG)));

        assertThat(lines).anyMatch(l -> l.contains("shop/li\\nve")).noneMatch(l -> l.contains("\n"));
    }

    @Test
    void severalListenersAreToldInTheirOrder() throws InterruptedException {
        List<String> told = new ArrayList<>();
        RunListener first = telling("first", told);
        RunListener second = telling("second", told);

        run("live", RunListener.all(first, second));

        assertThat(told).containsSubsequence("first planned", "second planned", "first ended", "second ended");
    }

    private static RunListener telling(String name, List<String> told) {
        return new RunListener() {
            @Override
            public void planned(UpgradePlan plan) {
                told.add(name + " planned");
            }

            @Override
            public void environmentEnded(RunReport.EnvironmentResult result) {
                told.add(name + " ended");
            }
        };
    }
}
