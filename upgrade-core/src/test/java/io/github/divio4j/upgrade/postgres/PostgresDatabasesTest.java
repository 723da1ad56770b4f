package io.github.divio4j.upgrade.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.divio4j.upgrade.DatabaseFacts;
import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.StepId;
import io.github.divio4j.upgrade.UpgradePlanner;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.run.StepContext;
import io.github.divio4j.upgrade.run.StepOutcome;
import io.github.divio4j.upgrade.testing.SimulatedWorld;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What is said where there is no way to a database, or it does not answer. */
class PostgresDatabasesTest {

    private final SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");
    private final EnvironmentRef test = world.addEnvironment("test");
    private final Set<String> asked = new HashSet<>();

    /** A database that does not answer. */
    private static class Away implements DataSource {
        @Override
        public Connection getConnection() throws SQLException {
            throw new SQLException("connection refused", "08001");
        }

        @Override
        public Connection getConnection(String user, String password) throws SQLException {
            return getConnection();
        }

        @Override
        public PrintWriter getLogWriter() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void setLogWriter(PrintWriter writer) {}

        @Override
        public void setLoginTimeout(int seconds) {}

        @Override
        public int getLoginTimeout() {
            return 0;
        }

        @Override
        public Logger getParentLogger() {
            throw new UnsupportedOperationException();
        }

        @Override
        public <T> T unwrap(Class<T> type) throws SQLException {
            throw new SQLException("not a wrapper");
        }

        @Override
        public boolean isWrapperFor(Class<?> type) {
            return false;
        }
    }

    private static final DataSource AWAY = new Away();

    private final PostgresDatabases nowhere = PostgresDatabases.through((environment, instance) -> {
        asked.add(instance.prefix());
        return Optional.empty();
    });
    private final PostgresDatabases away = PostgresDatabases.through((environment, instance) -> Optional.of(AWAY));

    private Step fence() {
        UpgradeSpec spec = UpgradeSpec.withoutLoss("15").build();
        return UpgradePlanner.plan(List.of(world.observe(test)), spec).steps().stream()
                .filter(s -> s.kind() == Step.Kind.FENCE_WRITES)
                .findFirst()
                .orElseThrow();
    }

    private static StepOutcome.Failed failed(PostgresDatabases databases, Step step, Observation seen)
            throws InterruptedException {
        StepOutcome outcome = databases.execute(step, StepContext.of(seen));
        while (outcome instanceof StepOutcome.InProgress) {
            Thread.onSpinWait();
            outcome = databases.execute(step, StepContext.of(seen));
        }
        return (StepOutcome.Failed) outcome;
    }

    @Test
    void withoutAnyWayNothingCanBeDoneAndItIsSaidToWhich() {
        world.addPostgres(test, "13", "DEFAULT", InstanceStatus.ATTACHED);

        assertThat(nowhere.unsupported(world.observe(test)))
                .containsOnlyKeys(
                        Step.Kind.PREFLIGHT,
                        Step.Kind.FENCE_WRITES,
                        Step.Kind.VERIFY,
                        Step.Kind.ANALYZE,
                        Step.Kind.LIFT_FENCE)
                .containsValue("there is no way to DEFAULT (DatabaseAccess).");
        assertThat(away.unsupported(world.observe(test))).isEmpty();
    }

    @Test
    void onlyPostgresIsAskedFor() {
        world.addPostgres(test, "13", "DEFAULT", InstanceStatus.ATTACHED);
        world.addPostgres(test, "15", "NEW", InstanceStatus.NEW);
        world.addInstance(test, "MySQL Database 8", Observation.DATABASE, "BLOG", InstanceStatus.ATTACHED);
        world.addInstance(test, "Object Storage", "STORAGE", "FILES", InstanceStatus.ATTACHED);

        assertThat(nowhere.look(world.observe(test))).isEqualTo(DatabaseFacts.NONE);
        assertThat(asked).containsExactly("DEFAULT");
    }

    @Test
    void whatTheApplicationUsesAndDoesNotAnswerCannotBeToldOf() {
        world.addPostgres(test, "13", "DEFAULT", InstanceStatus.ATTACHED);

        assertThatThrownBy(() -> away.look(world.observe(test)))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("Connection refused");
    }

    @Test
    void whatNobodyUsesAndDoesNotAnswerIsLeftOut() {
        world.addPostgres(test, "13", "OLD", InstanceStatus.DETACHED);

        assertThat(away.look(world.observe(test))).isEqualTo(DatabaseFacts.NONE);
    }

    @Test
    void aStepFailsWithTheWordsOfTheDatabase() throws InterruptedException {
        world.addPostgres(test, "13", "DEFAULT", InstanceStatus.ATTACHED);

        StepOutcome.Failed failed = failed(away, fence(), world.observe(test));

        assertThat(failed.message()).contains("Connection refused");
        assertThat(failed.mayRetry()).isTrue();
    }

    @Test
    void aStepFailsWhereThereIsNoWay() throws InterruptedException {
        world.addPostgres(test, "13", "DEFAULT", InstanceStatus.ATTACHED);

        assertThat(failed(nowhere, fence(), world.observe(test)).message())
                .isEqualTo("There is no way to PostgreSQL Database 13 (DEFAULT) (DatabaseAccess).");
    }

    @Test
    void whatIsForThePlatformIsRefused() {
        world.addPostgres(test, "13", "DEFAULT", InstanceStatus.ATTACHED);
        Step add = UpgradePlanner.plan(
                        List.of(world.observe(test)), UpgradeSpec.to("15").build())
                .steps()
                .get(0);

        assertThatThrownBy(() -> away.execute(add, StepContext.of(world.observe(test))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatAnEarlierRunHasBegunEndsBeforeALaterOneBeginsAnything() throws Exception {
        world.addPostgres(test, "13", "DEFAULT", InstanceStatus.ATTACHED);
        Observation seen = world.observe(test);
        CountDownLatch answers = new CountDownLatch(1);
        AtomicInteger connections = new AtomicInteger();
        PostgresDatabases slow = PostgresDatabases.through((environment, instance) -> Optional.of(new Away() {
            @Override
            public Connection getConnection() throws SQLException {
                connections.incrementAndGet();
                try {
                    answers.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return super.getConnection();
            }
        }));
        Step.FenceWrites fence = (Step.FenceWrites) fence();
        StepId liftId = new StepId("shop/test/lift-fence/DEFAULT/13-15");
        Step lift = new Step.LiftFence(liftId, test, fence.source());

        slow.execute(fence, new StepContext(seen, Map.of(), "earlier", null));
        StepOutcome waits = slow.execute(lift, new StepContext(seen, Map.of(), "later", null));

        assertThat(waits)
                .isInstanceOfSatisfying(
                        StepOutcome.InProgress.class,
                        progress -> assertThat(progress.state()).isEqualTo("writes are being stopped"));
        answers.countDown();
        assertThat(failed(slow, lift, seen).message()).contains("Connection refused");
        assertThat(connections).hasValueGreaterThan(1);
    }
}
