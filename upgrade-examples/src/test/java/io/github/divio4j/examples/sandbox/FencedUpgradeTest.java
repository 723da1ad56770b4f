package io.github.divio4j.examples.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.divio4j.client.DivioClient;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradePlanner.TargetAfterRollback;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.divio.DivioUpgrade;
import io.github.divio4j.upgrade.postgres.DatabaseAddress;
import io.github.divio4j.upgrade.postgres.PostgresDatabases;
import io.github.divio4j.upgrade.run.RunReport;
import io.github.divio4j.upgrade.run.StepOutcome;
import io.github.divio4j.upgrade.run.UpgradeRunner;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real databases are upgraded while the application writes all the time, behind a fence. */
@Timeout(180)
class FencedUpgradeTest {

    private static final int SOME = 20;

    private static final UpgradeSpec WITHOUT_LOSS = UpgradeSpec.to("15")
            .writes(UpgradeSpec.WritesPolicy.FENCE_REQUIRED)
            .verification(UpgradeSpec.Verification.CHECKSUMS)
            .preflight()
            .analyze()
            .oldInstance(UpgradeSpec.OldInstance.KEEP)
            .build();

    private final Sandbox sandbox = Sandbox.builder()
            .environments(List.of("test"))
            .speed(20)
            .rows(2_000)
            .writeRate(100)
            .start();
    private final DivioClient divio = DivioClient.builder()
            .baseUrl(sandbox.baseUrl())
            .token(sandbox.token())
            .build();

    @AfterEach
    void stop() {
        divio.close();
        sandbox.close();
    }

    /** What a new process knows: what the platform and the databases tell. */
    private DivioUpgrade upgrade() {
        return DivioUpgrade.builder(divio, sandbox.applicationSlug())
                .pollInterval(Duration.ofMillis(200))
                .databases(PostgresDatabases.through((environment, instance) -> sandbox.dsn(instance.id())
                                .map(PostgresDsn::parse)
                                .map(LocalDatabases::dataSource))
                        .rehearsing((environment, instance) ->
                                DatabaseAddress.parse(sandbox.dsn(instance.id()).orElseThrow())))
                .build();
    }

    private void awaitOrders() throws InterruptedException {
        int known = sandbox.orderBook("test").acknowledgedOrders().size();
        SandboxJvm.until(() -> sandbox.orderBook("test").acknowledgedOrders().size() >= known + SOME);
    }

    private Connection connect(String prefix) throws SQLException {
        String dsn = sandbox.instances("test").stream()
                .filter(i -> i.prefix().equals(prefix) && i.summary().contains("PostgreSQL"))
                .findFirst()
                .flatMap(i -> sandbox.dsn(i.id()))
                .orElseThrow();
        return PostgresDsn.parse(dsn).connect("test");
    }

    private List<Long> orders(String prefix) throws SQLException {
        try (var connection = connect(prefix)) {
            return Content.column(connection, "SELECT number FROM orders WHERE number >= " + OrderBook.FIRST_NUMBER)
                    .stream()
                    .map(Long::valueOf)
                    .toList();
        }
    }

    private void assertNoOrderIsLost() throws SQLException {
        // In this order: an order is in the database before its user has heard of it.
        List<Long> acknowledged = sandbox.orderBook("test").acknowledgedOrders();
        assertThat(orders("DEFAULT")).containsAll(acknowledged).doesNotHaveDuplicates();
    }

    @Test
    void everyAcknowledgedOrderIsInTheNewDatabase() throws Exception {
        awaitOrders();

        RunReport report = upgrade().runner().build().run(WITHOUT_LOSS);

        assertThat(report.succeeded()).as(report.toString()).isTrue();
        awaitOrders();
        assertNoOrderIsLost();
        assertThat(report.environments()).singleElement().satisfies(e -> {
            assertThat(e.unprotected()).isNull();
            assertThat(e.writesRefused()).isNotNull();
            assertThat(e.retired()).isNotNull();
            assertThat(e.retired().lost()).isNotNull();
            assertThat(e.retired().lost().none()).isTrue();
            assertThat(e.retired().describe()).startsWith("Lost writes: none. Measured: ");
        });
        assertThat(sandbox.orderBook("test").failedReads()).isZero();
        assertThat(report.steps())
                .extracting(s -> s.step().kind())
                .containsSubsequence(
                        Step.Kind.PREFLIGHT,
                        Step.Kind.FENCE_WRITES,
                        Step.Kind.BACK_UP,
                        Step.Kind.RESTORE,
                        Step.Kind.VERIFY,
                        Step.Kind.ANALYZE);
    }

    @Test
    void whatWouldBreakTheRestoreBlocksTheUpgradeUntilItIsGone() throws Exception {
        run("DEFAULT", "CREATE TABLE rates (id bigint PRIMARY KEY, rate integer)");
        // A dump is restored with an empty search path, in which the function does not find its table.
        run(
                "DEFAULT",
                "CREATE FUNCTION rate_of(bigint) RETURNS integer LANGUAGE sql IMMUTABLE"
                        + " AS 'SELECT rate FROM rates WHERE id = $1'");
        run("DEFAULT", "CREATE INDEX by_rate ON documents (rate_of(id))");

        RunReport blocked = upgrade().runner().build().run(WITHOUT_LOSS);

        assertThat(blocked.environments()).singleElement().satisfies(e -> {
            assertThat(e.result()).isEqualTo(RunReport.Result.BLOCKED);
            assertThat(e.detail()).contains("C12", "public.by_rate");
        });
        awaitOrders();

        run("DEFAULT", "DROP INDEX by_rate");
        RunReport report = upgrade().runner().build().run(WITHOUT_LOSS);

        assertThat(report.succeeded()).as(report.toString()).isTrue();
        assertNoOrderIsLost();
    }

    private void run(String prefix, String sql) throws SQLException {
        try (var connection = connect(prefix);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The end of a process. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private UpgradeRunner dyingAfter(Step.Kind kind) {
        DivioUpgrade upgrade = upgrade();
        return UpgradeRunner.builder(upgrade.observer(), (step, context) -> {
                    StepOutcome outcome = upgrade.executor().execute(step, context);
                    if (step.kind() == kind && outcome.isDone()) {
                        throw new Killed();
                    }
                    return outcome;
                })
                .build();
    }

    @Test
    void theNextProcessKnowsThatNothingWasFoundInTheWay() {
        assertThatThrownBy(() -> dyingAfter(Step.Kind.PREFLIGHT).run(WITHOUT_LOSS))
                .isInstanceOf(Killed.class);

        assertThat(upgrade().runner().build().plan(WITHOUT_LOSS).steps().get(0).kind())
                .isEqualTo(Step.Kind.FENCE_WRITES);
    }

    @Test
    void theNextProcessFindsTheFenceAndTheWayBackLiftsIt() throws Exception {
        awaitOrders();
        try {
            dyingAfter(Step.Kind.FENCE_WRITES).run(WITHOUT_LOSS);
        } catch (Killed expected) {
            int refused = sandbox.orderBook("test").acknowledgedOrders().size();
            SandboxJvm.until(() -> sandbox.orderBook("test").failedWrites() > SOME);
            assertThat(sandbox.orderBook("test").acknowledgedOrders()).hasSizeLessThanOrEqualTo(refused + 1);
        }

        RunReport report = upgrade().runner().build().rollback(WITHOUT_LOSS, TargetAfterRollback.DELETE);

        assertThat(report.succeeded()).as(report.toString()).isTrue();
        awaitOrders();
        assertNoOrderIsLost();
    }

    @Test
    void theNextProcessGoesOnBehindTheSameFenceAndBelievesTheComparison() throws Exception {
        awaitOrders();
        try {
            dyingAfter(Step.Kind.VERIFY).run(WITHOUT_LOSS);
        } catch (Killed expected) {
            assertThat(sandbox.orderBook("test").failedWrites()).isPositive();
        }

        RunReport report = upgrade().runner().build().run(WITHOUT_LOSS);

        assertThat(report.succeeded()).as(report.toString()).isTrue();
        assertThat(report.steps())
                .extracting(s -> s.step().kind())
                .doesNotContain(Step.Kind.FENCE_WRITES, Step.Kind.BACK_UP, Step.Kind.VERIFY);
        awaitOrders();
        assertNoOrderIsLost();
    }

    @Test
    void aTargetThatDiffersIsNotMovedToAndItIsSaidInWhat() throws Exception {
        awaitOrders();
        try {
            dyingAfter(Step.Kind.RESTORE).run(WITHOUT_LOSS);
        } catch (Killed expected) {
            execute("NEW", "DELETE FROM documents WHERE id = (SELECT min(id) FROM documents)");
        }

        RunReport report = upgrade().runner().build().run(WITHOUT_LOSS);

        assertThat(report.environments()).singleElement().satisfies(e -> {
            assertThat(e.result()).isEqualTo(RunReport.Result.FAILED);
            assertThat(e.detail()).contains("does not hold the same", "documents");
            assertThat(e.trueNow()).contains("DEFAULT is PostgreSQL Database 13", "DEFAULT refuses writes");
        });
    }

    private void execute(String prefix, String sql) throws SQLException {
        try (var connection = connect(prefix);
                var statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isEqualTo(1);
        }
    }
}
