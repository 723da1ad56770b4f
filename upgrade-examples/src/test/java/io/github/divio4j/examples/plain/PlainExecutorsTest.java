package io.github.divio4j.examples.plain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.divio4j.client.DivioClient;
import io.github.divio4j.examples.sandbox.Databases;
import io.github.divio4j.examples.sandbox.InstanceSnapshot;
import io.github.divio4j.examples.sandbox.Operation;
import io.github.divio4j.examples.sandbox.Sandbox;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradePlan;
import io.github.divio4j.upgrade.UpgradePlanner;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.divio.DivioUpgrade;
import io.github.divio4j.upgrade.run.StepByStep;
import io.github.divio4j.upgrade.run.Timer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The executors without an engine, through the API of a sandbox. */
@Timeout(60)
class PlainExecutorsTest {

    private static final UpgradeSpec TO_15 = UpgradeSpec.to("15").build();
    private static final int CHANGES_OF_ONE_ENVIRONMENT = 9;

    private final Sandbox sandbox =
            Sandbox.builder().databases(Databases.NONE).speed(50).start();
    private final List<String> sent = Collections.synchronizedList(new ArrayList<>());
    private final DivioClient divio = DivioClient.builder()
            .baseUrl(sandbox.baseUrl())
            .token(sandbox.token())
            .okHttpClient(
                    new OkHttpClient.Builder().addInterceptor(this::record).build())
            .build();
    private final DivioUpgrade upgrade = DivioUpgrade.builder(divio, sandbox.applicationSlug())
            .pollInterval(Duration.ofMillis(20))
            .build();
    private final StepByStep calls = StepByStep.of(upgrade.observer(), upgrade.executor(), TO_15);
    private final ExecutorService threads = Executors.newFixedThreadPool(4);

    @AfterEach
    void stop() {
        threads.shutdownNow();
        divio.close();
        sandbox.close();
    }

    private Response record(Interceptor.Chain chain) throws IOException {
        Request request = chain.request();
        if (!request.method().equals("GET") && !request.method().equals("OPTIONS")) {
            Buffer body = new Buffer();
            if (request.body() != null) {
                request.body().writeTo(body);
            }
            sent.add(request.method() + " " + request.url() + " " + body.readUtf8());
        }
        return chain.proceed(request);
    }

    private List<Observation> observations() {
        return upgrade.observer().environments().stream()
                .map(upgrade.observer()::observe)
                .toList();
    }

    private UpgradePlan plan() {
        return UpgradePlanner.plan(observations(), TO_15);
    }

    private void assertUpgraded() {
        assertThat(sandbox.instances())
                .extracting(InstanceSnapshot::summary)
                .containsExactlyInAnyOrder(
                        "test/Object Storage/DEFAULT/ATTACHED",
                        "test/PostgreSQL Database 15/DEFAULT/ATTACHED",
                        "live/Object Storage/DEFAULT/ATTACHED",
                        "live/PostgreSQL Database 15/DEFAULT/ATTACHED");
        assertThat(sent).hasSize(2 * CHANGES_OF_ONE_ENVIRONMENT);
    }

    @Test
    void theLoopUpgradesEverything() throws Exception {
        new OneByOne(calls, Timer.SYSTEM).run(plan());

        assertUpgraded();
    }

    @Test
    void theLoopStopsAtAFailureAndGoesOnFromThere() throws Exception {
        UpgradePlan plan = plan();
        sandbox.faults().failNext(Operation.RESTORE, "out of disk space");
        OneByOne loop = new OneByOne(calls, Timer.SYSTEM);

        assertThatThrownBy(() -> loop.run(plan))
                .isInstanceOf(StepFailedException.class)
                .hasMessageStartingWith(
                        "order-book/test: failed to restore the backup into PostgreSQL Database 15 (NEW): ")
                .hasMessageContaining("out of disk space");
        assertThat(plan().steps()).extracting(Step::kind).startsWith(Step.Kind.RESTORE);

        loop.run(plan());
        assertThat(plan().isUpToDate()).isTrue();
    }

    @Test
    void thePoolUpgradesEverything() throws Exception {
        assertThat(new ThreadPool(calls, threads).run(plan())).isEmpty();

        assertUpgraded();
    }

    @Test
    void thePoolLeavesWhatWaitsForAFailure() throws Exception {
        sandbox.faults().failNext(Operation.BACKUP, "test", "out of disk space");

        List<StepFailedException> failures = new ThreadPool(calls, threads).run(plan());

        assertThat(failures)
                .singleElement()
                .asString()
                .contains("order-book/test: failed to back up PostgreSQL Database 13 (DEFAULT)");
        assertThat(plan().steps())
                .filteredOn(s -> s.environment().slug().equals("live"))
                .first()
                .extracting(Step::kind)
                .isEqualTo(Step.Kind.BACK_UP);
    }

    @Test
    void curlLinesAreTheCallsThatTheExecutorMakes() throws Exception {
        UpgradePlan plan = plan();
        List<String> lines = CurlPlan.of(plan, observations(), sandbox.baseUrl());
        assertThat(sent).isEmpty();
        new OneByOne(calls, Timer.SYSTEM).run(plan);

        List<String> commands =
                lines.stream().filter(l -> l.startsWith("curl ")).toList();
        assertThat(commands).hasSameSizeAs(sent).allMatch(c -> c.contains("Token $DIVIO_API_TOKEN"));
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < sent.size(); i++) {
            assertSame(commands.get(i), sent.get(i), variables);
        }
        assertThat(String.join("\n", lines)).doesNotContain(sandbox.token());
    }

    /** Compares a command with what was sent; a variable may stand for any word, and always for the same. */
    private static void assertSame(String command, String sent, Map<String, String> variables) {
        String printed = command.replaceAll("^curl -X (\\w+) \"([^\"]+)\".*?(?: -d \"(.*)\")?$", "$1 $2 $3")
                .replace("\\\"", "\"");
        String[] words = printed.split("(?=\\$)|(?<=\\$[A-Z_]{1,30})(?![A-Z_])", -1);
        int at = 0;
        for (int i = 0; i < words.length; i++) {
            if (!words[i].startsWith("$")) {
                assertThat(sent.substring(at)).as(command).startsWith(words[i]);
                at += words[i].length();
                continue;
            }
            int end = i + 1 < words.length ? sent.indexOf(words[i + 1].charAt(0), at) : sent.length();
            String value = sent.substring(at, end);
            assertThat(variables.computeIfAbsent(words[i], v -> value))
                    .as(command)
                    .isEqualTo(value);
            at = end;
        }
        assertThat(sent.substring(at)).as(command).isEmpty();
    }
}
