package io.github.divio4j.examples.temporal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.SavedPlan;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradePlanner;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.run.StepContext;
import io.github.divio4j.upgrade.run.StepExecutor;
import io.github.divio4j.upgrade.run.StepOutcome;
import io.github.divio4j.upgrade.store.PlanFile;
import io.github.divio4j.upgrade.testing.SimulatedWorld;
import io.temporal.testserver.TestServer;
import io.temporal.worker.WorkerFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Order, gates, reports and failures, on Temporal's test server and a simulated platform. */
@Timeout(60)
class TemporalUpgradeTest {

    private static final UpgradeSpec TO_15 = UpgradeSpec.to("15").build();

    private final SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");
    private final EnvironmentRef live = environment("live");
    private final EnvironmentRef test = environment("test");
    private final SavedPlan plan = plan();

    @TempDir
    private Path folder;

    private TestServer.PortBoundTestServer server;
    private String address;
    private TemporalUpgrade temporal;
    private WorkerFactory worker;

    @BeforeEach
    void start() throws Exception {
        int port = freePort();
        server = TestServer.createPortBoundServer(port);
        address = "127.0.0.1:" + port;
        temporal = TemporalUpgrade.connect(address, "default");
        worker = temporal.work(world, new Impatient(), true);
    }

    @AfterEach
    void stop() {
        worker.shutdownNow();
        worker.awaitTermination(5, TimeUnit.SECONDS);
        temporal.close();
        server.close();
    }

    /** Lets virtual time pass instead of waiting. */
    private final class Impatient implements StepExecutor {
        @Override
        public StepOutcome execute(Step step, StepContext context) {
            StepOutcome outcome = world.execute(step, context);
            if (outcome instanceof StepOutcome.InProgress progress) {
                world.sleep(progress.lookAgainAfter());
                return new StepOutcome.InProgress(Duration.ofMillis(20), progress.state(), progress.facts());
            }
            return outcome;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private EnvironmentRef environment(String slug) {
        EnvironmentRef environment = world.addEnvironment(slug);
        world.addPostgres(environment, "13", "DEFAULT", InstanceStatus.ATTACHED);
        return environment;
    }

    private SavedPlan plan() {
        var observations = world.environments().stream().map(world::observe).toList();
        return SavedPlan.of(UpgradePlanner.plan(observations, TO_15), observations);
    }

    private static Settings settings(boolean gates, int longestHistory) {
        return new Settings(gates, 5, longestHistory);
    }

    private String reportOnce(Predicate<String> expected) throws Exception {
        String report = temporal.report("shop", plan);
        while (!expected.test(report)) {
            Thread.sleep(50);
            report = temporal.report("shop", plan);
        }
        return report;
    }

    @Test
    void preparesAllAndThenMigratesWaveAfterWave() throws Exception {
        temporal.start("shop", plan, settings(false, 2_000));

        assertThat(temporal.await("shop"))
                .extracting(EnvironmentWorkflow.Result::toString)
                .containsExactly(
                        "shop/test UPGRADED: Nothing is left to do.", "shop/live UPGRADED: Nothing is left to do.");
        assertThat(world.violations()).isEmpty();
        assertThat(world.instances(live)).containsExactly("PostgreSQL Database 15 (DEFAULT) ATTACHED");
        List<String> changes = world.changes();
        assertThat(changes.subList(0, 4)).allMatch(c -> c.contains("/add") || c.contains("/provision"));
        assertThat(changes.subList(4, 11)).allMatch(c -> c.startsWith("shop/test/"));
        assertThat(changes.subList(11, 18)).allMatch(c -> c.startsWith("shop/live/"));
    }

    @Test
    void aWaveWaitsForItsApprovalAndTheReportSaysSo() throws Exception {
        temporal.start("shop", plan, settings(true, 2_000));

        String report = reportOnce(r -> r.contains("now: wave 0") && r.contains("prepared, waiting for its turn"));
        assertThat(report).contains("shop/test:\n    add PostgreSQL Database 15 (NEW): done\n");
        assertThat(world.changes()).noneMatch(c -> c.contains("back-up"));

        temporal.approve("shop", 0);
        temporal.approve("shop", 1);
        assertThat(temporal.await("shop")).allMatch(r -> r.kind() == EnvironmentWorkflow.Kind.UPGRADED);
    }

    @Test
    void aStoppedWaveAndThoseAfterItAreNotMigrated() throws Exception {
        temporal.start("shop", plan, settings(true, 2_000));
        reportOnce(r -> r.contains("now: wave 0"));

        temporal.stop("shop", 0);

        assertThat(temporal.await("shop")).allMatch(r -> r.kind() == EnvironmentWorkflow.Kind.NOT_FINISHED);
        assertThat(world.changes()).noneMatch(c -> c.contains("back-up"));
    }

    @Test
    void aLongHistoryGoesOnInANewWorkflow() throws Exception {
        temporal.start("shop", plan, settings(false, 40));

        assertThat(temporal.await("shop")).allMatch(r -> r.kind() == EnvironmentWorkflow.Kind.UPGRADED);
        assertThat(world.changes()).doesNotHaveDuplicates();
    }

    @Test
    void whatHasLeftThePlanIsNotTouchedAndHoldsBackLaterWaves() throws Exception {
        world.addPostgres(test, "15", "NEW", InstanceStatus.ATTACHED);

        temporal.start("shop", plan, settings(false, 2_000));

        assertThat(temporal.await("shop"))
                .extracting(EnvironmentWorkflow.Result::kind)
                .containsExactly(EnvironmentWorkflow.Kind.FAILED, EnvironmentWorkflow.Kind.NOT_FINISHED);
        assertThat(world.changes()).allMatch(c -> c.startsWith("shop/live/"));
    }

    @Test
    void anUpgradeThatIsUnderWayIsNotStartedTwice() throws Exception {
        temporal.start("shop", plan, settings(true, 2_000));

        assertThatThrownBy(() -> temporal.start("shop", plan, settings(true, 2_000)))
                .isInstanceOf(TemporalException.class)
                .hasMessage("An upgrade of shop is under way already, so none was started. Ask for its report.");
    }

    @Test
    void whereNothingAnswersItSaysSoInOneSentenceWithExitCode2() throws Exception {
        Path file = folder.resolve("plan.json");
        PlanFile.write(file, plan);
        String nowhere = "127.0.0.1:" + freePort();
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        int code = TemporalMain.run(
                List.of("start", "--application", "shop", "--temporal", nowhere, "--plan", file.toString()),
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));

        assertThat(code).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines("Temporal does not answer at " + nowhere
                        + ": nothing was started and nothing was changed. Start it, or say where it is (--temporal"
                        + " HOST:PORT), and try again.");
    }

    @Test
    void aCommandThatIsNotKnownIsRefused() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        int code = TemporalMain.run(
                List.of("start", "--colour", "red"), System.out, new PrintStream(err, true, StandardCharsets.UTF_8));

        assertThat(code).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("The option --colour is not known");
    }
}
