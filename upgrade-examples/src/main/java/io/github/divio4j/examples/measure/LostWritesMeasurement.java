package io.github.divio4j.examples.measure;

import io.github.divio4j.client.DivioClient;
import io.github.divio4j.examples.sandbox.InstanceSnapshot;
import io.github.divio4j.examples.sandbox.LocalDatabases;
import io.github.divio4j.examples.sandbox.OrderBookStatistics;
import io.github.divio4j.examples.sandbox.PostgresDsn;
import io.github.divio4j.examples.sandbox.Sandbox;
import io.github.divio4j.upgrade.DatabaseFacts.Retired;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.TableWrites;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.divio.DivioUpgrade;
import io.github.divio4j.upgrade.postgres.DatabaseAccess;
import io.github.divio4j.upgrade.postgres.PostgresDatabases;
import io.github.divio4j.upgrade.run.DatabaseWork;
import io.github.divio4j.upgrade.run.RunReport;
import java.io.PrintStream;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Upgrades the same order book three ways while its users place and look at orders: in the manual's order with nothing but a meter in
 * the databases, without any access to them, and behind a fence. What was lost is counted by the orders that users were told are
 * written, and are not in the database that the application uses in the end.
 */
final class LostWritesMeasurement implements Measurement {

    private static final String ENVIRONMENT = "live";
    private static final Set<Step.Kind> COPYING =
            EnumSet.of(Step.Kind.BACK_UP, Step.Kind.RESTORE, Step.Kind.VERIFY, Step.Kind.DEPLOY);
    /** Orders placed before the upgrade begins, and after it has ended. */
    private static final int SOME = 100;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final UpgradeSpec AS_IN_THE_MANUAL = UpgradeSpec.to("15")
            .writes(UpgradeSpec.WritesPolicy.ACCEPT_LOSS)
            .oldInstance(UpgradeSpec.OldInstance.KEEP)
            .build();
    private static final UpgradeSpec FENCED = UpgradeSpec.to("15")
            .writes(UpgradeSpec.WritesPolicy.FENCE_REQUIRED)
            .verification(UpgradeSpec.Verification.CHECKSUMS)
            .oldInstance(UpgradeSpec.OldInstance.KEEP)
            .build();

    /** What came of one way. */
    private record Outcome(OrderBookStatistics users, int lost, Retired told, long copyMillis) {

        /** How many rows of a table the report says are lost; -1 if it says that it does not know. */
        long told(String table) {
            return told.lost() == null
                    ? -1
                    : told.lost().tables().stream()
                            .filter(t -> t.table().equals(table))
                            .mapToLong(TableWrites::total)
                            .sum();
        }
    }

    @Override
    public Numbers run(List<String> arguments, PrintStream out) throws Exception {
        Arguments given = Arguments.of("lost-writes", arguments, Map.of("--rate", 200L, "--rows", 1_000_000L));
        int rate = given.number("--rate", 1, 10_000);
        int rows = given.number("--rows", 100, 50_000_000);
        Outcome manual = upgrade("as in the manual, with a meter", AS_IN_THE_MANUAL, true, rate, rows, out);
        Outcome blind = upgrade("without access to the databases", AS_IN_THE_MANUAL, false, rate, rows, out);
        Outcome fenced = upgrade("behind a fence", FENCED, true, rate, rows, out);
        if (blind.told().lost() != null) {
            throw new IllegalStateException(
                    "without access the report claims: " + blind.told().describe());
        }
        if (fenced.told().lost() == null) {
            throw new IllegalStateException(fenced.told().describe());
        }
        return new Numbers()
                .put(
                        "acknowledged",
                        (long) manual.users().acknowledgedOrders().size()
                                + blind.users().acknowledgedOrders().size()
                                + fenced.users().acknowledgedOrders().size())
                .put("manual_lost", manual.lost())
                .put("manual_reported", manual.told("public.orders"))
                .put("fenced_lost", fenced.lost() + fenced.told().lost().total())
                .put("write_pause_ms", fenced.users().longestPause().toMillis())
                .put("copy_ms", fenced.copyMillis())
                .put(
                        "reads_failed",
                        manual.users().failedReads()
                                + blind.users().failedReads()
                                + fenced.users().failedReads());
    }

    private static Outcome upgrade(String way, UpgradeSpec spec, boolean access, int rate, int rows, PrintStream out)
            throws Exception {
        try (Sandbox sandbox = Sandbox.builder()
                        .environments(List.of(ENVIRONMENT))
                        .rows(rows)
                        .durable()
                        .start();
                DivioClient divio = DivioClient.builder()
                        .baseUrl(sandbox.baseUrl())
                        .token(sandbox.token())
                        .build()) {
            sandbox.writeRate(ENVIRONMENT, rate);
            awaitOrders(sandbox);
            RunReport report = DivioUpgrade.builder(divio, sandbox.applicationSlug())
                    .databases(access ? PostgresDatabases.through(access(sandbox)) : DatabaseWork.none())
                    .build()
                    .runner()
                    .build()
                    .run(spec);
            awaitOrders(sandbox);
            sandbox.writeRate(ENVIRONMENT, 0);
            Retired told = report.environments().get(0).retired();
            if (!report.succeeded() || told == null) {
                throw new IllegalStateException(report.toString());
            }
            OrderBookStatistics users = sandbox.orderBook(ENVIRONMENT);
            Outcome outcome = new Outcome(
                    users,
                    Orders.in(databaseOf(sandbox)).missing(users.acknowledgedOrders()),
                    told,
                    report.steps().stream()
                            .filter(s -> COPYING.contains(s.step().kind()))
                            .mapToLong(s ->
                                    Duration.between(s.startedAt(), s.endedAt()).toMillis())
                            .sum());
            out.println(way + ": " + users + "; of the acknowledged " + outcome.lost() + " are lost; no order for "
                    + users.longestPause().toMillis() + " ms. The report says: " + told.describe());
            report.steps()
                    .forEach(s -> out.println("  " + s.step().describe() + ": "
                            + Duration.between(s.startedAt(), s.endedAt()).toMillis() + " ms"));
            return outcome;
        }
    }

    static DatabaseAccess access(Sandbox sandbox) {
        return (environment, instance) ->
                sandbox.dsn(instance.id()).map(PostgresDsn::parse).map(LocalDatabases::dataSource);
    }

    /** The database under the application's prefix. */
    private static PostgresDsn databaseOf(Sandbox sandbox) {
        InstanceSnapshot used = sandbox.instances().stream()
                .filter(i -> i.prefix().equals("DEFAULT") && i.summary().contains("PostgreSQL"))
                .findFirst()
                .orElseThrow();
        return PostgresDsn.parse(sandbox.dsn(used.id()).orElseThrow());
    }

    private static void awaitOrders(Sandbox sandbox) throws InterruptedException {
        int known = sandbox.orderBook(ENVIRONMENT).acknowledgedOrders().size();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (sandbox.orderBook(ENVIRONMENT).acknowledgedOrders().size() < known + SOME) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("no orders were placed: " + sandbox.orderBook(ENVIRONMENT));
            }
            Thread.sleep(20);
        }
    }
}
