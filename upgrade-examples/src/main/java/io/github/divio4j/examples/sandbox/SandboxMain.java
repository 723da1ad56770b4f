package io.github.divio4j.examples.sandbox;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Runs a sandbox in a terminal until it is stopped: {@code ./mvnw -q -Psandbox -Dargs="--port 8099 --token test-token"}.
 */
public final class SandboxMain {
    private SandboxMain() {}

    /** Runs; ends the JVM with exit code 2 if the sandbox cannot be had as asked for. */
    public static void main(String[] arguments) {
        System.exit(run(Arrays.asList(arguments), System.out, System.err, new CountDownLatch(1)));
    }

    /**
     * Runs until the latch is released, or the JVM is stopped.
     *
     * @return the exit code
     */
    static int run(List<String> arguments, PrintStream out, PrintStream err, CountDownLatch stop) {
        try {
            SandboxArguments parsed = SandboxArguments.parse(arguments);
            if (parsed.help()) {
                out.print(SandboxArguments.HELP);
                return 0;
            }
            try (Sandbox sandbox = parsed.builder().start()) {
                announce(sandbox, out);
                stop.await();
            }
            return 0;
        } catch (SandboxException e) {
            err.println(e.getMessage());
            return 2;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 130;
        }
    }

    private static void announce(Sandbox sandbox, PrintStream out) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("API", sandbox.baseUrl() + "/apps/v3/", ""));
        rows.add(List.of("application", sandbox.applicationId(), sandbox.applicationSlug()));
        rows.add(List.of("organisation", sandbox.organisationId(), ""));
        rows.add(List.of("region", sandbox.regionId(), ""));
        JsonObject environments = new JsonObject();
        for (SandboxEnvironment environment : sandbox.environments()) {
            rows.add(List.of("environment", environment.id(), environment.slug()));
            environments.put(environment.slug(), environment.id());
        }
        for (List<String> row : rows) {
            out.println(String.format("%-12s  %-36s  %s", row.get(0), row.get(1), row.get(2))
                    .stripTrailing());
        }
        out.println(Json.text(new JsonObject()
                .put("base_url", sandbox.baseUrl())
                .put("application", sandbox.applicationId())
                .put("application_slug", sandbox.applicationSlug())
                .put("organisation", sandbox.organisationId())
                .put("region", sandbox.regionId())
                .put("environments", environments.fields())
                .fields()));
        out.flush();
    }
}
