package io.github.divio4j.examples.temporal;

import io.github.divio4j.client.DivioClient;
import io.github.divio4j.client.model.Backup;
import io.github.divio4j.client.model.Deployment;
import io.github.divio4j.client.model.Restore;
import io.github.divio4j.examples.sandbox.Databases;
import io.github.divio4j.examples.sandbox.HandledRequest;
import io.github.divio4j.examples.sandbox.InstanceSnapshot;
import io.github.divio4j.examples.sandbox.InstanceStatus;
import io.github.divio4j.examples.sandbox.Sandbox;
import io.github.divio4j.examples.sandbox.SandboxEnvironment;
import io.github.divio4j.upgrade.OperationNote;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A sandbox in a process of its own that watches what is done to it. It first says where it is; to the line {@code changes} it answers how
 * many there were, to {@code judge} the numbers, after what they count. Arguments: the number of environments and the speed.
 */
final class JudgedSandbox {

    private static final String OLD = "PostgreSQL Database 13";
    private static final String NEW = "PostgreSQL Database 15";

    private final Sandbox sandbox;
    private final Set<String> violations = Collections.synchronizedSet(new HashSet<>());

    private JudgedSandbox(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    /** Runs until its input ends. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (Sandbox sandbox = Sandbox.builder()
                        .databases(Databases.NONE)
                        .environments(Sandbox.environmentNames(Integer.parseInt(arguments[0])))
                        .speed(Double.parseDouble(arguments[1]))
                        .start();
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            sandbox.requests().clear();
            JudgedSandbox judge = new JudgedSandbox(sandbox);
            Thread watch = new Thread(judge::watch, "watch");
            watch.setDaemon(true);
            watch.start();
            out.println(sandbox.baseUrl() + " " + sandbox.applicationSlug() + " " + sandbox.token());
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                out.println(
                        line.equals("judge")
                                ? judge.judge()
                                : Integer.toString(judge.changes().size()));
            }
        }
    }

    private List<HandledRequest> changes() {
        return sandbox.requests().changes();
    }

    /** Looks at the states in between as often as it can. */
    private void watch() {
        try {
            while (true) {
                Map<String, List<InstanceSnapshot>> byEnvironment = new HashMap<>();
                sandbox.instances().stream()
                        .filter(i -> i.type().equals("DATABASE"))
                        .forEach(i -> byEnvironment
                                .computeIfAbsent(i.environment(), e -> new ArrayList<>())
                                .add(i));
                sandbox.environments().forEach(e -> check(e.slug(), byEnvironment.getOrDefault(e.slug(), List.of())));
                Thread.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void check(String environment, List<InstanceSnapshot> databases) {
        boolean oldServes =
                databases.stream().anyMatch(i -> i.service().equals(OLD) && i.status() != InstanceStatus.DETACHED);
        boolean newServes = databases.stream()
                .anyMatch(i -> i.service().equals(NEW)
                        && i.status() == InstanceStatus.ATTACHED
                        && i.prefix().equals("DEFAULT"));
        if (!oldServes && !newServes) {
            violations.add(environment + ": the application has no database");
        }
        if (databases.stream().filter(i -> i.service().equals(NEW)).count() > 1) {
            violations.add(environment + ": there are two targets");
        }
    }

    private String judge() {
        int repeated = 0;
        Map<String, Integer> onInstances = new HashMap<>();
        int targets = 0;
        for (HandledRequest change : changes()) {
            if (change.path().equals("/apps/v3/service-instances/")) {
                targets++;
            } else if (change.path().startsWith("/apps/v3/service-instances/")) {
                repeated += onInstances.merge(change.method() + change.path(), 1, Integer::sum) > 1 ? 1 : 0;
            }
        }
        int upgraded = 0;
        int others = 0;
        try (DivioClient divio = DivioClient.builder()
                .baseUrl(sandbox.baseUrl())
                .token(sandbox.token())
                .build()) {
            for (SandboxEnvironment environment : sandbox.environments()) {
                boolean moved = sandbox.instances(environment.slug()).stream()
                        .map(InstanceSnapshot::summary)
                        .toList()
                        .equals(List.of(
                                environment.slug() + "/Object Storage/DEFAULT/ATTACHED",
                                environment.slug() + "/" + NEW + "/DEFAULT/ATTACHED"));
                upgraded += moved ? 1 : 0;
                others += beyondOne(divio.backups().list(environment.id()).stream()
                        .map(Backup::notes)
                        .toList());
                long deployments = divio.deployments().list(environment.id()).stream()
                        .filter(Deployment::finished)
                        .count();
                // The first one was there before.
                others += (int) Math.max(0, deployments - 2);
            }
            others += beyondOne(
                    divio.restores().list().stream().map(Restore::notes).toList());
        }
        others += Math.max(0, targets - sandbox.environments().size());
        sandbox.requests().all().stream()
                .filter(r -> !r.method().equals("GET") && r.status() >= 400 && r.status() < 500 && r.status() != 429)
                .forEach(r -> violations.add("an order that the platform refuses: " + r));
        violations.forEach(System.err::println);
        return "upgraded=" + upgraded + " repeated_effects=" + (repeated + others) + " violations=" + violations.size();
    }

    /** How many operations there are beside the first of each step. */
    private static int beyondOne(List<String> notes) {
        Set<String> steps = new HashSet<>();
        int beyond = 0;
        for (String note : notes) {
            String step = OperationNote.parse(note).map(n -> n.step().text()).orElse("");
            beyond += step.isEmpty() || steps.add(step) ? 0 : 1;
        }
        return beyond;
    }
}
