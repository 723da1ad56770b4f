package io.github.divio4j.examples.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Several sandboxes in one JVM, and many clients of one. */
class ParallelTest {
    private static final String INSTANCES = "/apps/v3/service-instances/";
    private static final String POSTGRES_15 = "PostgreSQL Database 15";

    /** Runs all at the same moment, each in a thread of its own. */
    private static <T> List<T> together(List<Callable<T>> tasks) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            CyclicBarrier start = new CyclicBarrier(tasks.size());
            List<Future<T>> futures = new ArrayList<>();
            for (Callable<T> task : tasks) {
                futures.add(threads.submit(() -> {
                    start.await(30, TimeUnit.SECONDS);
                    return task.call();
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get(60, TimeUnit.SECONDS));
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void sandboxesDoNotKnowOfEachOther() {
        try (Sandbox one = Sandbox.builder()
                        .databases(Databases.NONE)
                        .token("one")
                        .speed(100)
                        .start();
                Sandbox two = Sandbox.builder()
                        .databases(Databases.NONE)
                        .token("two")
                        .speed(100)
                        .start()) {
            one.faults().answer("GET", ".*", 500, 1_000);

            new Api(two).instance("test", POSTGRES_15, "NEW");

            assertThat(two.instances("test")).hasSize(3);
            assertThat(one.instances("test")).hasSize(2);
            assertThat(one.baseUrl()).isNotEqualTo(two.baseUrl());
            new Api(two)
                    .get("/apps/v3/environments/" + one.environmentId("test") + "/")
                    .expect(404);
            assertThat(one.requests().size()).isZero();
        }
    }

    @Test
    void closingOneSandboxLeavesTheOtherRunning() throws Exception {
        try (Sandbox one =
                Sandbox.builder().environments(List.of("test")).rows(100).start()) {
            Sandbox two =
                    Sandbox.builder().environments(List.of("test")).rows(100).start();
            String dsn = one.dsn(one.instances("test").get(0).id()).orElseThrow();

            two.close();

            assertThat(Content.one(dsn, "SELECT count(*) FROM orders")).isEqualTo("20");
            new Api(one).get("/apps/v3/regions/").expect(200);
        }
    }

    @Test
    void manyClientsAreServedAtOnce() throws Exception {
        try (Sandbox sandbox = Sandbox.builder()
                .databases(Databases.NONE)
                .speed(1_000)
                .environments(Sandbox.environmentNames(100))
                .start()) {
            List<Callable<Integer>> clients = new ArrayList<>();
            for (SandboxEnvironment environment : sandbox.environments()) {
                clients.add(() -> upgrade(new Api(sandbox), environment.slug()));
            }

            assertThat(together(clients)).hasSize(100).containsOnly(0);

            assertThat(sandbox.instances())
                    .extracting(InstanceSnapshot::summary)
                    .filteredOn(summary -> summary.contains("PostgreSQL"))
                    .hasSize(100)
                    .allMatch(summary -> summary.endsWith("/" + POSTGRES_15 + "/DEFAULT/ATTACHED"));
        }
    }

    /** The manual, up to the deletion of the old service. */
    private static int upgrade(Api api, String environment) {
        String source = api.find(environment, "DEFAULT", "DATABASE");
        String target = api.instance(environment, POSTGRES_15, "NEW");
        api.provision(target);
        api.restore(api.backUp(environment, source), target);
        api.patch(INSTANCES + source + "/", Map.of("prefix", "OLD")).expect(200);
        api.post(INSTANCES + source + "/detach/", Map.of()).expect(200);
        api.patch(INSTANCES + target + "/", Map.of("prefix", "DEFAULT")).expect(200);
        api.deploy(environment);
        api.delete(INSTANCES + source + "/").expect(204);
        return 0;
    }

    @Test
    void ofManyWhoWantTheSamePrefixOneGetsIt() throws Exception {
        try (Sandbox sandbox = Sandbox.builder().databases(Databases.NONE).start()) {
            Api api = new Api(sandbox);
            Callable<Integer> client = () -> api.post(
                            INSTANCES,
                            Map.of(
                                    "environment", sandbox.environmentId("test"),
                                    "region", sandbox.regionId(),
                                    "service", sandbox.serviceId(POSTGRES_15),
                                    "prefix", "NEW"))
                    .status();

            assertThat(together(java.util.Collections.nCopies(30, client)))
                    .containsOnlyOnce(201)
                    .containsOnly(201, 400);
        }
    }

    @Test
    void ofManyWhoDeployTheSameEnvironmentOneDoes() throws Exception {
        try (Sandbox sandbox = Sandbox.builder().databases(Databases.NONE).start()) {
            Api api = new Api(sandbox);
            Callable<Integer> client = () -> api.startDeployment("test").status();

            assertThat(together(java.util.Collections.nCopies(30, client)))
                    .containsOnlyOnce(201)
                    .containsOnly(201, 400);
        }
    }
}
