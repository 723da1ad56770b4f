package io.github.divio4j.examples.temporal;

import io.github.divio4j.client.Credentials;
import io.github.divio4j.client.DivioClient;
import io.github.divio4j.client.error.DivioException;
import io.github.divio4j.upgrade.SavedPlan;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.divio.DivioUpgrade;
import io.github.divio4j.upgrade.report.Report;
import io.github.divio4j.upgrade.run.ObservationException;
import io.github.divio4j.upgrade.store.PlanFile;
import io.github.divio4j.upgrade.store.StoreException;
import io.temporal.worker.WorkerFactory;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Upgrades by Temporal from the command line: {@code ./mvnw -q -Ptemporal -Dargs="worker --application order-book"}.
 *
 * <p>Exit codes: 0 if it went well; 1 if an environment could not be finished; 2 if what is asked for cannot be, such as when Temporal
 * does not answer; then nothing was changed.
 */
public final class TemporalMain {

    private static final int DONE = 0;
    private static final int NOT_FINISHED = 1;
    private static final int REFUSED = 2;

    private static final String HELP = """
            usage: worker | plan | start | await | report | approve | stop   --application SLUG [options]

              worker   does the work, until it is stopped; start as many as you like
              plan     looks, prints the plan and writes it to --plan
              start    starts the upgrade by --plan
              await    waits until the upgrade is through
              report   prints what was done and what goes on
              approve  lets the wave --wave N migrate (with --gates)
              stop     keeps the wave --wave N, and later ones, from beginning to migrate

              --temporal HOST:PORT   where Temporal is (default: 127.0.0.1:7233)
              --namespace NAME       its namespace (default: default)
              --plan FILE            the saved plan (default: divio4j-plan.json)
              --to VERSION           for plan: the version to move to
              --poll SECONDS         for worker: the longest time between two looks at an operation (default: 30)
              --heartbeat SECONDS    for start: how long nothing may be heard of a worker (default: 30)
              --gates                for start: each wave waits for an approval
              --testserver           for worker: Temporal is its test server

            The token is read from DIVIO_API_TOKEN or what "divio login" has left, the zone from DIVIO_ZONE.
            """;

    private final Map<String, String> options;
    private final PrintStream out;

    private TemporalMain(Map<String, String> options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** Runs a command and ends the JVM with its exit code. */
    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(List.of(arguments), out, err));
    }

    static int run(List<String> arguments, PrintStream out, PrintStream err) {
        try {
            return new TemporalMain(options(arguments), out).run();
        } catch (TemporalException | StoreException | ObservationException | DivioException e) {
            err.println(e.getMessage());
            return REFUSED;
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage() + "\n" + HELP);
            return REFUSED;
        } catch (InterruptedException e) {
            err.println("Stopped.");
            return NOT_FINISHED;
        }
    }

    private static Map<String, String> options(List<String> arguments) {
        Map<String, String> options = new HashMap<>(Map.of(
                "temporal", "127.0.0.1:7233",
                "namespace", "default",
                "plan", "divio4j-plan.json",
                "poll", "30",
                "heartbeat", "30"));
        List<String> left = new ArrayList<>(arguments);
        if (left.isEmpty()) {
            throw new IllegalArgumentException("No command was given.");
        }
        options.put("command", left.remove(0));
        while (!left.isEmpty()) {
            String option = left.remove(0);
            boolean flag = option.equals("--gates") || option.equals("--testserver");
            if (!option.startsWith("--") || !HELP.contains(option + " ") || (!flag && left.isEmpty())) {
                throw new IllegalArgumentException("The option " + option + " is not known, or lacks its value.");
            }
            options.put(option.substring(2), flag ? "" : left.remove(0));
        }
        return options;
    }

    private int run() throws TemporalException, InterruptedException {
        String command = option("command");
        String application = option("application");
        if (command.equals("plan")) {
            return plan(application);
        }
        try (TemporalUpgrade temporal = TemporalUpgrade.connect(option("temporal"), option("namespace"))) {
            switch (command) {
                case "worker" -> work(temporal, application);
                case "start" -> start(temporal, application);
                case "await" -> {
                    List<EnvironmentWorkflow.Result> results = temporal.await(application);
                    results.forEach(out::println);
                    boolean good = results.stream().allMatch(r -> r.kind() == EnvironmentWorkflow.Kind.UPGRADED);
                    return good ? DONE : NOT_FINISHED;
                }
                case "report" -> out.println(temporal.report(application, PlanFile.read(Path.of(option("plan")))));
                case "approve" -> temporal.approve(application, number("wave"));
                case "stop" -> temporal.stop(application, number("wave"));
                default -> throw new IllegalArgumentException("There is no command " + command + ".");
            }
            return DONE;
        }
    }

    private int plan(String application) {
        UpgradeSpec spec = UpgradeSpec.to(option("to")).build();
        try (DivioClient divio = divio()) {
            SavedPlan plan = DivioUpgrade.builder(divio, application)
                    .build()
                    .runner()
                    .build()
                    .planToSave(spec);
            PlanFile.write(Path.of(option("plan")), plan);
            out.println(Report.of(plan.plan()).text());
            return DONE;
        }
    }

    private void start(TemporalUpgrade temporal, String application) throws TemporalException {
        Settings settings =
                new Settings(options.containsKey("gates"), number("heartbeat"), Settings.USUAL.longestHistory());
        temporal.start(application, PlanFile.read(Path.of(option("plan"))), settings);
        out.println("Started. The workers of the task queue " + Names.TASK_QUEUE + " do it; ask for the report.");
    }

    private void work(TemporalUpgrade temporal, String application) throws InterruptedException {
        try (DivioClient divio = divio()) {
            DivioUpgrade upgrade = DivioUpgrade.builder(divio, application)
                    .pollInterval(Duration.ofSeconds(number("poll")))
                    .build();
            WorkerFactory worker =
                    temporal.work(upgrade.observer(), upgrade.executor(), options.containsKey("testserver"));
            out.println("Working.");
            worker.awaitTermination(Long.MAX_VALUE, TimeUnit.DAYS);
        }
    }

    private static DivioClient divio() {
        Credentials token =
                Credentials.firstOf(Credentials.fromEnvironment("DIVIO_API_TOKEN"), Credentials.fromNetrc());
        return DivioClient.builder().zoneFromEnvironment().credentials(token).build();
    }

    private String option(String name) {
        String value = options.get(name);
        if (value == null) {
            throw new IllegalArgumentException("The option --" + name + " is missing.");
        }
        return value;
    }

    private int number(String name) {
        String value = option(name);
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--" + name + " must be a whole number, not \"" + value + "\".", e);
        }
    }
}
