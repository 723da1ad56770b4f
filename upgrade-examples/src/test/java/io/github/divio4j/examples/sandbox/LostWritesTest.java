package io.github.divio4j.examples.sandbox;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.client.DivioClient;
import io.github.divio4j.upgrade.DatabaseFacts.Retired;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.TableWrites;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.WrittenSince;
import io.github.divio4j.upgrade.divio.DivioUpgrade;
import io.github.divio4j.upgrade.postgres.PostgresDatabases;
import io.github.divio4j.upgrade.run.DatabaseWork;
import io.github.divio4j.upgrade.run.RunReport;
import io.github.divio4j.upgrade.run.RunReport.EnvironmentResult;
import io.github.divio4j.upgrade.run.StepOutcome;
import io.github.divio4j.upgrade.run.UpgradeRunner;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real databases are upgraded in the manual's order while the application writes, and it is measured what that loses. */
@Timeout(180)
class LostWritesTest {

    private static final int SOME = 20;
    private static final UpgradeSpec KEEPING =
            UpgradeSpec.to("15").oldInstance(UpgradeSpec.OldInstance.KEEP).build();
    private static final UpgradeSpec DELETING = UpgradeSpec.to("15")
            .deadline(Step.Kind.DELETE_SERVICE, Duration.ofSeconds(5))
            .build();

    private final Sandbox sandbox = Sandbox.builder()
            .environments(List.of("test"))
            .speed(20)
            .rows(1_000)
            .writeRate(100)
            .start();
    private final DivioClient divio = DivioClient.builder()
            .baseUrl(sandbox.baseUrl())
            .token(sandbox.token())
            .build();
    private final PostgresDatabases databases = PostgresDatabases.through((environment, instance) ->
            sandbox.dsn(instance.id()).map(PostgresDsn::parse).map(LocalDatabases::dataSource));

    @AfterEach
    void stop() {
        divio.close();
        sandbox.close();
    }

    private DivioUpgrade upgrade(DatabaseWork work) {
        return DivioUpgrade.builder(divio, sandbox.applicationSlug())
                .pollInterval(Duration.ofMillis(200))
                .databases(work)
                .build();
    }

    private EnvironmentResult run(DatabaseWork work, UpgradeSpec spec) throws InterruptedException {
        return upgrade(work).runner().build().run(spec).environments().get(0);
    }

    private void awaitOrders() throws InterruptedException {
        int known = sandbox.orderBook("test").acknowledgedOrders().size();
        SandboxJvm.until(() -> sandbox.orderBook("test").acknowledgedOrders().size() >= known + SOME);
    }

    private Connection connect(String prefix, String name) throws SQLException {
        String dsn = sandbox.instances("test").stream()
                .filter(i -> i.prefix().equals(prefix) && i.type().equals("DATABASE"))
                .findFirst()
                .flatMap(i -> sandbox.dsn(i.id()))
                .orElseThrow();
        return PostgresDsn.parse(dsn).connect(name);
    }

    /** How many orders users were told are written, and are not where the application is now. */
    private long lostOrders() throws SQLException {
        sandbox.writeRate("test", 0);
        List<Long> acknowledged = sandbox.orderBook("test").acknowledgedOrders();
        try (Connection connection = connect("DEFAULT", "test")) {
            Set<String> there = new HashSet<>(Content.column(connection, "SELECT number FROM orders"));
            return acknowledged.stream()
                    .filter(number -> !there.contains(number.toString()))
                    .count();
        }
    }

    private static long reportedOrders(@Nullable Retired retired) {
        WrittenSince lost = requireNonNull(requireNonNull(retired).lost());
        assertThat(lost.exact()).isTrue();
        return lost.tables().stream()
                .filter(t -> t.table().equals("public.orders"))
                .mapToLong(TableWrites::total)
                .sum();
    }

    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private void dieAfter(Step.Kind kind, DatabaseWork work) throws InterruptedException {
        DivioUpgrade upgrade = upgrade(work);
        try {
            UpgradeRunner.builder(upgrade.observer(), (step, context) -> {
                        StepOutcome outcome = upgrade.executor().execute(step, context);
                        if (step.kind() == kind && outcome.isDone()) {
                            throw new Killed();
                        }
                        return outcome;
                    })
                    .build()
                    .run(KEEPING);
        } catch (Killed expected) {
            return;
        }
        throw new AssertionError("did not come to " + kind);
    }

    @Test
    void whatIsLostIsReportedOrderByOrder() throws Exception {
        awaitOrders();

        EnvironmentResult result = run(databases, KEEPING);

        awaitOrders();
        assertThat(result.result()).as(result.detail()).isEqualTo(RunReport.Result.UPGRADED);
        assertThat(reportedOrders(result.retired())).isPositive().isEqualTo(lostOrders());
        assertThat(requireNonNull(result.retired()).sessions()).isEmpty();
    }

    @Test
    void whoResumesAfterTheDeploymentMeasuresIt() throws Exception {
        awaitOrders();
        dieAfter(Step.Kind.DEPLOY, databases);
        awaitOrders();

        EnvironmentResult result = run(databases, KEEPING);

        assertThat(result.result()).isEqualTo(RunReport.Result.UP_TO_DATE);
        assertThat(reportedOrders(result.retired())).isPositive().isEqualTo(lostOrders());
        // It stays known, whatever the application does since.
        assertThat(requireNonNull(run(databases, KEEPING).retired()).describe())
                .isEqualTo(requireNonNull(result.retired()).describe());
    }

    @Test
    void whatWasBackedUpBeforeTheSourceWasMarkedIsNotMeasured() throws Exception {
        awaitOrders();
        dieAfter(Step.Kind.BACK_UP, DatabaseWork.none());

        Retired retired = requireNonNull(run(databases, KEEPING).retired());

        assertThat(retired.lost()).isNull();
        assertThat(retired.whyNotMeasured()).contains("before anybody had marked it");
    }

    @Test
    void theOldDatabaseIsDeletedWhenNobodyIsConnectedToItAnyMore() throws Exception {
        awaitOrders();
        try (Connection forgotten = connect("DEFAULT", "forgotten worker")) {
            assertThat(forgotten.isValid(5)).isTrue();

            EnvironmentResult waited = run(databases, DELETING);

            assertThat(waited.result()).isEqualTo(RunReport.Result.FAILED);
            assertThat(waited.detail()).contains("forgotten worker", "PostgresDatabases.ignoringSessions");
            assertThat(requireNonNull(waited.retired()).sessions())
                    .singleElement()
                    .asString()
                    .contains("forgotten worker");
            try (Statement statement = forgotten.createStatement()) {
                statement.execute("UPDATE customers SET email = email || '.' WHERE id = 2");
            }
        }

        EnvironmentResult deleted = run(databases, DELETING);

        assertThat(deleted.result()).as(deleted.detail()).isEqualTo(RunReport.Result.UPGRADED);
        assertThat(sandbox.instances("test")).noneMatch(i -> i.prefix().equals("OLD"));
        // What was written after it was first measured counts as well.
        assertThat(requireNonNull(requireNonNull(deleted.retired()).lost()).updated())
                .isEqualTo(1);
        assertThat(reportedOrders(deleted.retired())).isEqualTo(lostOrders());
    }

    @Test
    void sessionsThatAreIgnoredDoNotKeepTheOldDatabase() throws Exception {
        try (Connection monitor = connect("DEFAULT", "monitor")) {
            assertThat(monitor.isValid(5)).isTrue();

            EnvironmentResult result =
                    run(databases.ignoringSessions(s -> s.application().equals("monitor")), DELETING);

            assertThat(result.result()).as(result.detail()).isEqualTo(RunReport.Result.UPGRADED);
            assertThat(sandbox.instances("test")).noneMatch(i -> i.prefix().equals("OLD"));
        }
    }
}
