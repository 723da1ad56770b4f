package io.github.divio4j.upgrade.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.upgrade.DatabaseFacts;
import io.github.divio4j.upgrade.DatabaseFacts.Fence;
import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradePlanner.TargetAfterRollback;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.UpgradeSpec.OldInstance;
import io.github.divio4j.upgrade.UpgradeSpec.Verification;
import io.github.divio4j.upgrade.UpgradeSpec.WritesPolicy;
import io.github.divio4j.upgrade.run.RunReport.EnvironmentResult;
import io.github.divio4j.upgrade.run.RunReport.Result;
import io.github.divio4j.upgrade.testing.SimulatedCrash;
import io.github.divio4j.upgrade.testing.SimulatedWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Runs on a platform that gives no access to its databases, and what the caller adds to it. */
class DatabaseWorkTest {

    private static final UpgradeSpec FENCED = UpgradeSpec.to("15")
            .writes(WritesPolicy.FENCE_REQUIRED)
            .oldInstance(OldInstance.KEEP)
            .build();

    private final SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");
    private final EnvironmentRef test = world.addEnvironment("test");
    private final MaintenanceMode maintenance = new MaintenanceMode();
    private final List<String> stoppedAt = new ArrayList<>();
    private int looks;

    DatabaseWorkTest() {
        world.addPostgres(test, "13", "DEFAULT", InstanceStatus.ATTACHED);
    }

    /** A switch of the application. */
    private final class MaintenanceMode implements WritesHook {
        private final Map<EnvironmentRef, Fence> on = new HashMap<>();
        private @Nullable RuntimeException refuses;
        private boolean broken;

        private void tell(EnvironmentRef environment) {
            Observation now = world.observe(environment);
            stoppedAt.add(on.containsKey(environment) + " with " + now.backups().size() + " backups and "
                    + now.deployments().size() + " deployments");
        }

        @Override
        public Optional<Fence> fence(EnvironmentRef environment) {
            looks++;
            return Optional.ofNullable(on.get(environment));
        }

        @Override
        public void stop(EnvironmentRef environment, String token) {
            if (refuses != null) {
                throw refuses;
            }
            if (!broken) {
                tell(environment);
                on.putIfAbsent(environment, new Fence(token, world.now(), true));
            }
        }

        @Override
        public void resume(EnvironmentRef environment) {
            if (refuses != null) {
                throw refuses;
            }
            tell(environment);
            on.remove(environment);
        }
    }

    /** The platform, which knows nothing of the inside of databases. */
    private final Observer platform = new Observer() {
        @Override
        public List<EnvironmentRef> environments() {
            return world.environments();
        }

        @Override
        public Observation observe(EnvironmentRef environment) {
            return world.observe(environment).with(DatabaseFacts.NONE, Map.of());
        }
    };

    private final StepExecutor orders = (step, context) -> {
        assertThat(step.kind().isInsideDatabase()).as("%s", step.kind()).isFalse();
        return world.execute(step, context);
    };

    private UpgradeRunner runner(DatabaseWork work) {
        return UpgradeRunner.builder(work.around(platform), work.around(orders))
                .timer(world)
                .build();
    }

    private EnvironmentResult run(DatabaseWork work, UpgradeSpec spec) throws InterruptedException {
        return runner(work).run(spec).environment(test).orElseThrow();
    }

    // A hook

    @Test
    void aHookStopsTheWritesBeforeTheBackupAndUntilTheApplicationHasMoved() throws InterruptedException {
        assertThat(run(maintenance.asDatabaseWork(), FENCED).result()).isEqualTo(Result.UPGRADED);

        assertThat(stoppedAt)
                .containsExactly("false with 0 backups and 0 deployments", "true with 1 backups and 1 deployments");
        assertThat(maintenance.on).isEmpty();
        assertThat(world.observe(test).backups())
                .singleElement()
                .satisfies(backup -> assertThat(backup.note().fence()).isNotNull());
    }

    @Test
    void whatWasStoppedWhenTheProcessDiedAfterTheDeploymentIsLetGoByTheNextRun() throws InterruptedException {
        world.crashAfterNext(Step.Kind.DEPLOY);
        try {
            run(maintenance.asDatabaseWork(), FENCED);
        } catch (SimulatedCrash expected) {
            assertThat(maintenance.on).isNotEmpty();
        }
        world.sleep(Duration.ofMinutes(1));

        EnvironmentResult result = run(maintenance.asDatabaseWork(), FENCED);

        assertThat(result.result()).isEqualTo(Result.UPGRADED);
        assertThat(maintenance.on).isEmpty();
    }

    @Test
    void afterAFailedDeploymentTheApplicationStaysStopped() throws InterruptedException {
        world.failNext(Step.Kind.DEPLOY);

        assertThat(run(maintenance.asDatabaseWork(), FENCED).result()).isEqualTo(Result.FAILED);

        assertThat(maintenance.on).containsOnlyKeys(test);
        assertThat(world.observe(test).deployedPrefixes()).containsExactly("DEFAULT");
    }

    @Test
    void theReportTellsHowLongTheApplicationCouldNotWrite() throws InterruptedException {
        EnvironmentResult result = run(maintenance.asDatabaseWork(), FENCED);

        assertThat(result.unprotected()).isNull();
        assertThat(result.writesRefused()).isNotNull();
        assertThat(result.writesRefused().from())
                .isBeforeOrEqualTo(world.observe(test).backups().get(0).startedAt());
        assertThat(result.writesRefused().until())
                .isEqualTo(world.observe(test).deployments().get(0).endedAt());
    }

    @Test
    void theReportSaysOfAnEnvironmentLeftBehindItsFenceThatItIs() throws InterruptedException {
        world.failNext(Step.Kind.BACK_UP);

        EnvironmentResult result = run(maintenance.asDatabaseWork(), FENCED);

        assertThat(result.result()).isEqualTo(Result.FAILED);
        assertThat(result.trueNow()).endsWith("DEFAULT refuses writes.");
        assertThat(run(maintenance.asDatabaseWork(), FENCED).result()).isEqualTo(Result.UPGRADED);
    }

    @Test
    void theWayBackLetsTheApplicationWriteAgain() throws InterruptedException {
        world.failNext(Step.Kind.BACK_UP);
        run(maintenance.asDatabaseWork(), FENCED);

        RunReport report = runner(maintenance.asDatabaseWork()).rollback(FENCED, TargetAfterRollback.KEEP);

        assertThat(report.environment(test).orElseThrow().result()).isEqualTo(Result.ROLLED_BACK);
        assertThat(maintenance.on).isEmpty();
    }

    @Test
    void aHookThatFailsEndsTheRunBeforeTheBackup() throws InterruptedException {
        maintenance.refuses = new IllegalStateException("the load balancer is away");

        EnvironmentResult result = run(maintenance.asDatabaseWork(), FENCED);

        assertThat(result.result()).isEqualTo(Result.FAILED);
        assertThat(result.detail())
                .contains("the hook that stops writes failed: the load balancer is away", "its writes may be stopped");
        assertThat(world.observe(test).backups()).isEmpty();
    }

    @Test
    void aHookThatDoesNotStopTheWritesIsNotBelieved() throws InterruptedException {
        maintenance.broken = true;

        EnvironmentResult result = run(maintenance.asDatabaseWork(), FENCED);

        assertThat(result.detail()).contains("returned, and does not say that those to this database are stopped");
        assertThat(world.observe(test).backups()).isEmpty();
    }

    @Test
    void aHookThatFailsOnTheWayBackLeavesTheFenceToTheNextRun() throws InterruptedException {
        world.failNext(Step.Kind.BACK_UP);
        run(maintenance.asDatabaseWork(), FENCED);
        maintenance.refuses = new IllegalStateException("the load balancer is away");

        EnvironmentResult result = runner(maintenance.asDatabaseWork())
                .rollback(FENCED, TargetAfterRollback.KEEP)
                .environment(test)
                .orElseThrow();

        assertThat(result.result()).isEqualTo(Result.FAILED);
        assertThat(result.trueNow()).contains("DEFAULT refuses writes");
        maintenance.refuses = null;
        runner(maintenance.asDatabaseWork()).rollback(FENCED, TargetAfterRollback.KEEP);
        assertThat(maintenance.on).isEmpty();
    }

    @Test
    void aFenceOfAnotherInstanceIsNone() throws InterruptedException {
        maintenance.on.put(test, new Fence("another-instance.1", world.now(), true));

        assertThat(run(maintenance.asDatabaseWork(), FENCED).result()).isEqualTo(Result.FAILED);
        assertThat(world.observe(test).backups()).isEmpty();

        assertThat(maintenance.asDatabaseWork().look(world.observe(test)).fences())
                .isEmpty();
    }

    @Test
    void aHookComparesNothing() throws InterruptedException {
        UpgradeSpec spec = UpgradeSpec.to("15")
                .writes(WritesPolicy.FENCE_REQUIRED)
                .verification(Verification.COUNTS)
                .build();

        assertThat(run(maintenance.asDatabaseWork(), spec).detail())
                .contains("there is only a hook that stops writes, and no access to the databases");
    }

    // Looking

    @Test
    void whileThePlatformIsAtWorkNobodyLooksIntoTheDatabases() throws InterruptedException {
        run(maintenance.asDatabaseWork(), FENCED);

        assertThat(looks).isLessThan(20);
    }

    @Test
    void databasesThatCannotBeLookedAtAreLookedAtAgain() throws InterruptedException {
        DatabaseWork broken = new Broken(2);

        assertThat(run(broken, UpgradeSpec.to("15").build()).result()).isEqualTo(Result.UPGRADED);
    }

    /** Databases that cannot be reached for some looks after the first. */
    private static final class Broken implements DatabaseWork {
        private final DatabaseWork none = DatabaseWork.none();
        private int failures;
        private boolean looked;

        Broken(int failures) {
            this.failures = failures;
        }

        @Override
        public Map<Step.Kind, String> unsupported(Observation seen) {
            return none.unsupported(seen);
        }

        @Override
        public DatabaseFacts look(Observation seen) {
            if (looked && failures-- > 0) {
                throw new IllegalStateException("no connection");
            }
            looked = true;
            return none.look(seen);
        }

        @Override
        public StepOutcome execute(Step step, StepContext context) throws InterruptedException {
            return none.execute(step, context);
        }
    }

    // Nobody

    @Test
    void withoutAccessWhatIsRequiredIsABlocker() throws InterruptedException {
        EnvironmentResult result = run(DatabaseWork.none(), FENCED);

        assertThat(result.result()).isEqualTo(Result.BLOCKED);
        assertThat(result.detail()).contains("no access to the databases was given");
        assertThat(world.changes()).isEmpty();
    }

    @Test
    void withoutAccessWhatIsWishedIfPossibleIsLeftOut() throws InterruptedException {
        UpgradeSpec spec = UpgradeSpec.to("15")
                .writes(WritesPolicy.FENCE_IF_POSSIBLE)
                .verification(Verification.CHECKSUMS)
                .build();

        assertThat(run(DatabaseWork.none(), spec).result()).isEqualTo(Result.UPGRADED);
    }

    // What is lost

    @Test
    void withoutAccessToTheDatabasesTheReportSaysThatNothingWasMeasured() throws InterruptedException {
        DatabaseFacts.Retired retired =
                run(DatabaseWork.none(), UpgradeSpec.to("15").build()).retired();

        assertThat(retired).isNotNull();
        assertThat(retired.lost()).isNull();
        assertThat(retired.sessions()).isNull();
        assertThat(retired.describe())
                .contains("not measured", "no access to the databases")
                .doesNotContain("0");
    }

    @Test
    void aHookThatStopsWritesMeasuresNothing() throws InterruptedException {
        DatabaseFacts.Retired retired =
                run(maintenance.asDatabaseWork(), FENCED).retired();

        assertThat(retired).isNotNull();
        assertThat(retired.describe()).contains("not measured", "only a hook that stops writes");
    }

    @Test
    void anApplicationThatHasNotMovedHasLeftNothing() throws InterruptedException {
        world.failNext(Step.Kind.RESTORE);

        assertThat(run(DatabaseWork.none(), UpgradeSpec.to("15").build()).retired())
                .isNull();
    }
}
