package io.github.divio4j.examples.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the users of the deployed application see while its database is upgraded in the manual's order. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OrderBookTest {
    private static final String INSTANCES = "/apps/v3/service-instances/";
    private static final int SOME = 20;

    private Sandbox sandbox;
    private String sourceDsn;
    private String targetDsn;
    private List<Long> beforeTheBackup;
    private List<Long> afterTheBackup;
    private List<Long> whileItIsDeployed;
    private List<Long> afterTheSwitch;
    private String databaseWhileItIsDeployed;
    private OrderBookStatistics end;
    private List<Long> inTheSource;
    private List<Long> inTheTarget;

    @BeforeAll
    void upgradeWhileOrdersArePlaced() throws Exception {
        sandbox = Sandbox.builder()
                .environments(List.of("test"))
                .speed(20)
                .rows(1_000)
                .writeRate(100)
                .start();
        Api api = new Api(sandbox);
        String source = api.find("test", "DEFAULT", "DATABASE");
        sourceDsn = sandbox.dsn(source).orElseThrow();
        String target = api.instance("test", "PostgreSQL Database 15", "NEW");
        api.provision(target);
        targetDsn = sandbox.dsn(target).orElseThrow();

        beforeTheBackup = nextOrders();
        Api.MadeBackup backup = api.backUp("test", source);
        afterTheBackup = nextOrders();
        assertThat(api.restore(backup, target).body()).containsEntry("success", "SUCCESS");
        api.patch(INSTANCES + source + "/", Map.of("prefix", "OLD")).expect(200);
        api.post(INSTANCES + source + "/detach/", Map.of()).expect(200);
        api.patch(INSTANCES + target + "/", Map.of("prefix", "DEFAULT")).expect(200);
        sandbox.faults().hold(Operation.DEPLOYMENT);
        String deployment = api.startDeployment("test").expect(201).text("uuid");
        whileItIsDeployed = nextOrders();
        databaseWhileItIsDeployed = sandbox.orderBook("test").databaseUrl();
        sandbox.faults().release(Operation.DEPLOYMENT);
        assertThat(api.await("/apps/v3/deployments/" + deployment + "/", body -> body.get("ended_at") != null)
                        .body())
                .containsEntry("success", true);
        afterTheSwitch = nextOrders();

        // In this order: an order is in the database before its user has heard of it.
        end = sandbox.orderBook("test");
        inTheSource = ordersIn(sourceDsn);
        inTheTarget = ordersIn(targetDsn);
    }

    @AfterAll
    void stop() {
        sandbox.close();
    }

    /** Waits until users have placed and looked at some orders more, and returns those that were placed. */
    private List<Long> nextOrders() throws InterruptedException {
        OrderBookStatistics before = sandbox.orderBook("test");
        int known = before.acknowledgedOrders().size();
        SandboxJvm.until(() -> {
            OrderBookStatistics now = sandbox.orderBook("test");
            return now.acknowledgedOrders().size() >= known + SOME && now.reads() >= before.reads() + SOME;
        });
        List<Long> orders = sandbox.orderBook("test").acknowledgedOrders();
        // Somebody may have been about to place the first of them when this method was called.
        return orders.subList(known + 1, orders.size());
    }

    /** The orders that were placed while the application ran. */
    private static List<Long> ordersIn(String dsn) throws SQLException {
        try (var connection = PostgresDsn.parse(dsn).connect("test")) {
            return Content.column(
                            connection,
                            "SELECT number FROM orders WHERE number >= " + OrderBook.FIRST_NUMBER + " ORDER BY number")
                    .stream()
                    .map(Long::valueOf)
                    .toList();
        }
    }

    @Test
    void noReadFails() {
        assertThat(end.lastFailure()).isNull();
        assertThat(end.failedReads()).isZero();
        assertThat(end.reads()).isGreaterThan(4 * SOME);
    }

    @Test
    void noWriteFails() {
        assertThat(end.failedWrites()).isZero();
    }

    @Test
    void everyAcknowledgedOrderIsInADatabase() {
        TreeSet<Long> everywhere = new TreeSet<>(inTheSource);
        everywhere.addAll(inTheTarget);

        assertThat(everywhere).containsAll(end.acknowledgedOrders());
    }

    @Test
    void theOldContainersWriteToTheSourceUntilTheSwitch() {
        assertThat(databaseWhileItIsDeployed).isEqualTo(sourceDsn);
        assertThat(inTheSource)
                .containsAll(beforeTheBackup)
                .containsAll(afterTheBackup)
                .containsAll(whileItIsDeployed);
    }

    @Test
    void theNewContainersWriteToTheTargetAlone() {
        assertThat(end.databaseUrl()).isEqualTo(targetDsn);
        assertThat(inTheTarget).containsAll(afterTheSwitch);
        assertThat(inTheSource).doesNotContainAnyElementsOf(afterTheSwitch);
    }

    @Test
    void whatWasThereBeforeTheBackupMovesWithIt() {
        assertThat(inTheTarget).containsAll(beforeTheBackup);
    }

    @Test
    void whatIsWrittenBetweenTheBackupAndTheSwitchStaysBehind() {
        assertThat(inTheTarget)
                .doesNotContainAnyElementsOf(afterTheBackup)
                .doesNotContainAnyElementsOf(whileItIsDeployed);
    }

    @Test
    void noOrderIsWrittenTwice() {
        assertThat(end.acknowledgedOrders()).doesNotHaveDuplicates();
        assertThat(inTheSource).doesNotHaveDuplicates();
        assertThat(inTheTarget).doesNotHaveDuplicates();
        List<Long> onlyInTheTarget = new ArrayList<>(inTheTarget);
        onlyInTheTarget.removeAll(inTheSource);
        assertThat(onlyInTheTarget).allMatch(number -> number > inTheSource.get(inTheSource.size() - 1));
    }

    @Test
    void anOrderMissingFromTheDatabaseIsAFailedRead() throws Exception {
        try (Sandbox other =
                Sandbox.builder().environments(List.of("test")).rows(100).start()) {
            String dsn = other.dsn(other.instances("test").get(0).id()).orElseThrow();
            try (var connection = PostgresDsn.parse(dsn).connect("test");
                    var statement = connection.createStatement()) {
                statement.execute("TRUNCATE orders CASCADE");
            }

            other.writeRate("test", 100);

            SandboxJvm.until(() -> other.orderBook("test").failedReads() > 0);
        }
    }
}
