package io.github.divio4j.examples.measure;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.github.divio4j.examples.sandbox.HandledRequest;
import io.github.divio4j.examples.sandbox.InstanceSnapshot;
import io.github.divio4j.examples.sandbox.LocalDatabases;
import io.github.divio4j.examples.sandbox.OrderBookStatistics;
import io.github.divio4j.examples.sandbox.PostgresDsn;
import io.github.divio4j.examples.sandbox.Sandbox;
import io.github.divio4j.upgrade.postgres.WriteFence;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One small upgrade whose processes are killed. */
final class ChaosRound implements AutoCloseable {
    private static final String ENVIRONMENT = "live";
    private static final int ROWS = 5_000;
    private static final int RATE = 50;
    /** About as long as an upgrade takes that is left alone. */
    private static final int LATEST_KILL_MILLIS = 8_000;

    private static final int SOME = 20;
    private static final long PATIENCE_SECONDS = 120;
    /** What an upgrade that keeps the source asks the platform for, each once. */
    private static final int CHANGES = 8;

    private final Random random;
    private final int most;
    private final boolean back;
    private final PrintStream out;
    private final Sandbox sandbox;
    private final DsnServer databases;
    private final String source;
    private final int seeded;

    /** What was found, added up over rounds. */
    record Verdict(int kills, int lostAcknowledged, int duplicated, int violations, int unresumed, int fenceLeft) {
        static final Verdict NONE = new Verdict(0, 0, 0, 0, 0, 0);

        Verdict and(Verdict other) {
            return new Verdict(
                    kills + other.kills,
                    lostAcknowledged + other.lostAcknowledged,
                    duplicated + other.duplicated,
                    violations + other.violations,
                    unresumed + other.unresumed,
                    fenceLeft + other.fenceLeft);
        }
    }

    /**
     * Starts the platform and the application.
     *
     * @param most how many processes are killed, unless one is faster
     * @param back whether to roll back in the end, as long as the deployment has not begun: after that, going back loses what the
     *     application wrote since, as everybody is told
     */
    ChaosRound(Random random, int most, boolean back, PrintStream out) throws Exception {
        this.random = random;
        this.most = most;
        this.back = back;
        this.out = out;
        sandbox = Sandbox.builder()
                .environments(List.of(ENVIRONMENT))
                .rows(ROWS)
                .writeRate(RATE)
                .durable()
                .start();
        databases = new DsnServer(sandbox);
        source = used().id();
        seeded = Orders.in(dsn(source)).seeded();
        sandbox.requests().clear();
    }

    @Override
    public void close() {
        databases.close();
        sandbox.close();
    }

    Verdict play() throws Exception {
        awaitOrders();
        int kills = 0;
        int turn = back ? 1 + random.nextInt(most) : Integer.MAX_VALUE;
        boolean rollback = false;
        @Nullable Boolean ended = null;
        while (kills < most && ended == null) {
            rollback |= kills >= turn && !deploymentBegan();
            ended = killed(start(rollback));
            kills += ended == null ? 1 : 0;
        }
        if (ended == null) {
            rollback |= back && !deploymentBegan();
            ended = ended(start(rollback));
        }
        return judge(kills, ended, rollback);
    }

    // Processes

    private Process start(boolean rollback) throws IOException, URISyntaxException {
        ProcessBuilder builder = new ProcessBuilder(
                NewJvm.java(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                NewJvm.classPath(),
                UpgradingProcess.class.getName(),
                sandbox.baseUrl().toString(),
                sandbox.applicationSlug(),
                databases.address(),
                rollback ? "rollback" : "upgrade");
        builder.environment().put("TOKEN", sandbox.token());
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        // Its first line: the JVM is up.
        process.inputReader(StandardCharsets.UTF_8).readLine();
        return process;
    }

    /** Kills a process at a random moment; returns how it ended if it did before that, and null otherwise. */
    private @Nullable Boolean killed(Process process) throws IOException, InterruptedException {
        if (process.waitFor(random.nextInt(LATEST_KILL_MILLIS), TimeUnit.MILLISECONDS)) {
            return ended(process);
        }
        process.destroyForcibly().waitFor();
        return null;
    }

    private boolean ended(Process process) throws IOException, InterruptedException {
        StringBuilder said = new StringBuilder();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            if (process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                lines.lines().forEach(line -> said.append(line).append('\n'));
            } else {
                process.destroyForcibly().waitFor();
                said.append("it did not end in ").append(PATIENCE_SECONDS).append(" s\n");
            }
        }
        boolean good = process.exitValue() == 0;
        if (!good) {
            out.println("not resumed: " + said.toString().strip());
        }
        return good;
    }

    // The world

    private InstanceSnapshot used() {
        return sandbox.instances().stream()
                .filter(i -> i.type().equals("DATABASE") && i.prefix().equals("DEFAULT"))
                .findFirst()
                .orElseThrow();
    }

    private PostgresDsn dsn(String instance) {
        return PostgresDsn.parse(sandbox.dsn(instance).orElseThrow());
    }

    private boolean deploymentBegan() {
        return sandbox.requests().changes().stream().anyMatch(r -> r.path().startsWith("/apps/v3/deployments/"));
    }

    private boolean awaitOrders() throws InterruptedException {
        int known = sandbox.orderBook(ENVIRONMENT).acknowledgedOrders().size();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (sandbox.orderBook(ENVIRONMENT).acknowledgedOrders().size() < known + SOME) {
            if (System.nanoTime() > end) {
                return false;
            }
            Thread.sleep(20);
        }
        return true;
    }

    // The verdict

    private Verdict judge(int kills, boolean ended, boolean rollback) throws Exception {
        boolean fenced = WriteFence.of(LocalDatabases.dataSource(dsn(used().id())))
                        .state()
                        .up()
                || !awaitOrders();
        sandbox.writeRate(ENVIRONMENT, 0);
        // In this order: an order is in the database before its user has heard of it.
        OrderBookStatistics users = sandbox.orderBook(ENVIRONMENT);
        Orders orders = Orders.in(dsn(used().id()));
        List<String> violations = new ArrayList<>();
        if (ended) {
            wrongEnd(rollback, violations);
        }
        repeated(rollback, violations);
        if (orders.seeded() != seeded) {
            violations.add("of " + seeded + " orders from before there are " + orders.seeded());
        }
        if (users.failedReads() > 0) {
            violations.add(users.failedReads() + " reads failed: " + users.lastFailure());
        }
        violations.forEach(violation -> out.println("violation: " + violation));
        Verdict verdict = new Verdict(
                kills,
                orders.missing(users.acknowledgedOrders()),
                orders.duplicated() + repeatedNumbers(users),
                violations.size(),
                ended ? 0 : 1,
                fenced ? 1 : 0);
        out.println((rollback ? "rolled back" : "upgraded") + " after " + kills + " kills; " + users + "; "
                + sandbox.requests().changes().size() + " changes");
        return verdict;
    }

    private static int repeatedNumbers(OrderBookStatistics users) {
        return users.acknowledgedOrders().size() - new HashSet<>(users.acknowledgedOrders()).size();
    }

    private void wrongEnd(boolean rollback, List<String> violations) {
        Set<String> expected = rollback
                ? Set.of("live/PostgreSQL Database 13/DEFAULT/ATTACHED")
                : Set.of("live/PostgreSQL Database 15/DEFAULT/ATTACHED", "live/PostgreSQL Database 13/OLD/DETACHED");
        // What was set up and never filled may be anybody's, so a rollback leaves it.
        boolean filled = !sandbox.requests()
                .matching("POST", "/apps/v3/backup-restores/")
                .isEmpty();
        List<String> there = sandbox.instances().stream()
                .filter(i -> i.type().equals("DATABASE"))
                .map(InstanceSnapshot::summary)
                .filter(i -> filled || !i.equals("live/PostgreSQL Database 15/NEW/PENDING_ATTACHMENT"))
                .toList();
        if (there.size() != expected.size() || !expected.containsAll(there)) {
            violations.add("in the end there is " + there);
        }
    }

    /** Each change is made once; on the way back, what was renamed is renamed again. The source is never deleted. */
    private void repeated(boolean rollback, List<String> violations) {
        List<HandledRequest> changes = sandbox.requests().changes();
        changes.stream()
                .collect(groupingBy(r -> r.method() + " " + r.path(), counting()))
                .forEach((request, times) -> {
                    int allowed = rollback && request.startsWith("PATCH ") ? 2 : 1;
                    if (times > allowed) {
                        violations.add(times + " times " + request);
                    }
                });
        changes.stream()
                .filter(r -> r.method().equals("DELETE") && r.path().contains(source))
                .forEach(r -> violations.add(r.toString()));
        if (!rollback && changes.size() > CHANGES) {
            violations.add(changes.size() + " changes: " + changes);
        }
    }
}
