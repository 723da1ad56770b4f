package io.github.divio4j.examples.quickstart;

import io.github.divio4j.client.DivioClient;
import io.github.divio4j.client.error.DivioException;
import io.github.divio4j.client.model.Deployment;
import io.github.divio4j.client.model.Service;
import io.github.divio4j.client.model.ServiceInstance;
import io.github.divio4j.examples.sandbox.PostgresDsn;
import io.github.divio4j.examples.sandbox.Sandbox;
import io.github.divio4j.examples.sandbox.SandboxException;
import io.github.divio4j.upgrade.Blocker;
import io.github.divio4j.upgrade.PostgresVersion;
import io.github.divio4j.upgrade.UpgradePlan;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.divio.DivioUpgrade;
import io.github.divio4j.upgrade.report.Report;
import io.github.divio4j.upgrade.run.ObservationException;
import io.github.divio4j.upgrade.run.RunReport;
import io.github.divio4j.upgrade.run.UpgradeRunner;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/**
 * Upgrades the environments of a fresh sandbox and checks that old and new hold the same.
 *
 * <p>Exit codes: 0 if everything holds, 1 if something differs, 2 if the command line or the environments do not allow the
 * upgrade; then nothing was changed.
 */
public final class Quickstart {

    private static final int DONE = 0;
    private static final int DIFFERENT = 1;
    private static final int REFUSED = 2;

    private final Options options;
    private final PrintStream out;

    private Quickstart(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** Runs the quickstart and ends the JVM with its exit code. */
    public static void main(String[] args) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        Thread upgrading = Thread.currentThread();
        // Ctrl-C: the sandbox removes itself in a hook of its own; the upgrade need not complain about it.
        Runtime.getRuntime().addShutdownHook(new Thread(upgrading::interrupt, "quickstart-stop"));
        int code = run(out, err, args);
        System.exit(code);
    }

    static int run(PrintStream out, PrintStream err, String... args) {
        try {
            return new Quickstart(Options.parse(args), out).run();
        } catch (WrongUseException | SandboxException e) {
            err.println(e.getMessage());
            return REFUSED;
        } catch (SQLException | ObservationException | DivioException e) {
            err.println("The quickstart ended early: " + e.getMessage());
            return DIFFERENT;
        } catch (InterruptedException e) {
            err.println("Stopped.");
            return DIFFERENT;
        }
    }

    private int run() throws WrongUseException, SQLException, InterruptedException {
        long began = System.nanoTime();
        out.println("Starting a sandbox: a local Divio with real PostgreSQL servers, environments "
                + String.join(", ", options.environments()) + " ...");
        Sandbox.Builder builder = Sandbox.builder()
                .environments(options.environments())
                .source(options.from().toString())
                .rows(options.rows())
                .port(options.port())
                .speed(options.speed());
        options.scenario().applyTo(builder, options);
        String result;
        List<String> differences;
        try (Sandbox sandbox = builder.start();
                DivioClient divio = DivioClient.builder()
                        .baseUrl(sandbox.baseUrl())
                        .token(sandbox.token())
                        .build()) {
            Outcome outcome = upgrade(sandbox, divio);
            differences = outcome.differences();
            result = outcome.summary();
        }
        differences.forEach(d -> out.println("DIFFERENT " + d));
        double seconds = (System.nanoTime() - began) / 1e9;
        out.println("RESULT " + result + String.format(Locale.ROOT, " seconds=%.1f", seconds));
        return differences.isEmpty() ? DONE : DIFFERENT;
    }

    private record Outcome(String summary, List<String> differences) {}

    private Outcome upgrade(Sandbox sandbox, DivioClient divio)
            throws WrongUseException, SQLException, InterruptedException {
        int width =
                options.environments().stream().mapToInt(String::length).max().orElse(0);
        DivioUpgrade upgrade =
                DivioUpgrade.builder(divio, sandbox.applicationSlug()).build();
        UpgradeSpec spec = UpgradeSpec.to(options.to()).build();
        UpgradeRunner runner =
                upgrade.runner().listener(new ProgressPrinter(out, width)).build();

        UpgradePlan plan = runner.plan(spec);
        if (!plan.blockers().isEmpty()) {
            throw new WrongUseException(blocked(plan));
        }
        Map<String, DatabaseFingerprint> before = new LinkedHashMap<>();
        for (String environment : options.environments()) {
            DatabaseFingerprint old = DatabaseFingerprint.of(databaseOfApplication(sandbox, divio, environment));
            before.put(environment, old);
            out.println(environment + ": PostgreSQL " + old.serverVersion() + ", " + old.rows() + " rows in "
                    + old.tables() + " tables");
        }
        out.println();
        out.println(Report.of(plan).text());

        RunReport report = runner.run(spec);

        out.println();
        return compare(sandbox, divio, before, report);
    }

    private static String blocked(UpgradePlan plan) {
        StringBuilder text = new StringBuilder();
        for (Blocker blocker : plan.blockers()) {
            text.append(blocker).append('\n');
        }
        return text + "Nothing was changed.";
    }

    private Outcome compare(
            Sandbox sandbox, DivioClient divio, Map<String, DatabaseFingerprint> before, RunReport report)
            throws SQLException {
        List<String> differences = new ArrayList<>();
        int upgraded = 0;
        int verified = 0;
        long rows = 0;
        for (RunReport.EnvironmentResult result : inOrderOfOptions(report)) {
            String environment = result.environment().slug();
            if (result.result() == RunReport.Result.UPGRADED) {
                upgraded++;
            } else {
                differences.add(environment + ": " + result.result() + ". " + result.detail());
            }
            DatabaseFingerprint old = Objects.requireNonNull(before.get(environment));
            DatabaseFingerprint now = DatabaseFingerprint.of(databaseOfApplication(sandbox, divio, environment));
            List<String> found = new ArrayList<>(old.differencesTo(now));
            if (!PostgresVersion.parse(now.serverVersion().split(" ", -1)[0]).equals(options.to())) {
                found.add("the server behind DATABASE_URL is PostgreSQL " + now.serverVersion());
            }
            List<String> instances = instances(divio, sandbox.environmentId(environment));
            List<String> wished = List.of(
                    "Object Storage (DEFAULT) ATTACHED", "PostgreSQL Database " + options.to() + " (DEFAULT) ATTACHED");
            if (!instances.equals(wished)) {
                found.add("the service instances are " + instances + ", not " + wished);
            }
            found.forEach(f -> differences.add(environment + ": " + f));
            if (found.isEmpty()) {
                verified++;
                rows += now.rows();
            }
            out.println(environment + ": PostgreSQL " + now.serverVersion() + " behind DATABASE_URL, " + now.rows()
                    + " rows, " + (found.isEmpty() ? "all tables, sequences and indexes the same" : "NOT THE SAME")
                    + report.unprotectedWindow(result.environment())
                            .map(w -> String.format(Locale.ROOT, ", unprotected window %.1f s", w.toMillis() / 1000.0))
                            .orElse(""));
        }
        return new Outcome(
                "environments=" + options.environments().size() + " upgraded=" + upgraded + " verified=" + verified
                        + " rows=" + rows + " from=" + options.from() + " to=" + options.to(),
                differences);
    }

    private List<RunReport.EnvironmentResult> inOrderOfOptions(RunReport report) {
        return report.environments().stream()
                .sorted(Comparator.comparing(
                        r -> options.environments().indexOf(r.environment().slug())))
                .toList();
    }

    /** The database as the application sees it: through the variables of its last good deployment. */
    private static PostgresDsn databaseOfApplication(Sandbox sandbox, DivioClient divio, String environment) {
        String deployment = divio.deployments().list(sandbox.environmentId(environment)).stream()
                .filter(Deployment::succeeded)
                .findFirst()
                .orElseThrow()
                .id();
        return PostgresDsn.parse(
                divio.deployments().environmentVariables(deployment).get("DATABASE_URL"));
    }

    private static List<String> instances(DivioClient divio, String environmentId) {
        TreeSet<String> instances = new TreeSet<>();
        for (ServiceInstance instance : divio.serviceInstances().list(environmentId)) {
            String service = divio.services().list(String.valueOf(instance.regionId())).stream()
                    .filter(s -> s.id().equals(instance.serviceId()))
                    .findFirst()
                    .map(Service::name)
                    .orElse("?");
            instances.add(service + " (" + instance.prefix() + ") "
                    + instance.status().name());
        }
        return List.copyOf(instances);
    }
}
