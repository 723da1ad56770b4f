package io.github.divio4j.examples.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.client.DivioClient;
import io.github.divio4j.client.model.NewBackup;
import io.github.divio4j.examples.sandbox.Databases;
import io.github.divio4j.examples.sandbox.HandledRequest;
import io.github.divio4j.examples.sandbox.Sandbox;
import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.OperationNote;
import io.github.divio4j.upgrade.StepId;
import io.github.divio4j.upgrade.divio.DivioUpgrade;
import io.github.divio4j.upgrade.run.Observer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What many looks at the same time read together. */
@Timeout(60)
class LooksAtTheSameTimeTest {

    private static final int ENVIRONMENTS = 8;

    private final Sandbox sandbox = Sandbox.builder()
            .databases(Databases.NONE)
            .speed(50)
            .environments(Sandbox.environmentNames(ENVIRONMENTS))
            .start();
    private final DivioClient divio = DivioClient.builder()
            .baseUrl(sandbox.baseUrl())
            .token(sandbox.token())
            .maxCallsPerSecond(1_000)
            .build();
    private final Observer observer =
            DivioUpgrade.builder(divio, sandbox.applicationSlug()).build().observer();
    private final List<EnvironmentRef> environments = observer.environments();
    private final ExecutorService threads = Executors.newFixedThreadPool(ENVIRONMENTS);

    @BeforeEach
    void forgetTheSeeding() {
        sandbox.requests().clear();
    }

    @AfterEach
    void stop() {
        threads.shutdown();
        divio.close();
        sandbox.close();
    }

    /** So slow an answer comes before the backups are read that all looks have begun by then. */
    private List<Observation> lookAtAll() throws Exception {
        sandbox.faults().delay("GET", ".*/service-instances/", Duration.ofMillis(500), ENVIRONMENTS);
        List<Future<Observation>> looks = new ArrayList<>();
        for (EnvironmentRef environment : environments) {
            looks.add(threads.submit(() -> observer.observe(environment)));
        }
        List<Observation> seen = new ArrayList<>();
        for (Future<Observation> look : looks) {
            seen.add(look.get());
        }
        return seen;
    }

    private void backUp(EnvironmentRef environment, int times) {
        String source = divio.serviceInstances()
                .list(environment.id())
                .findFirst()
                .orElseThrow()
                .id();
        String note = new OperationNote(new StepId("shop/test/back-up/DEFAULT/13-15"), source).toString();
        for (int i = 0; i < times; i++) {
            divio.backups()
                    .create(NewBackup.builder(environment.id(), List.of(source))
                            .notes(note)
                            .build());
        }
        sandbox.requests().clear();
    }

    private List<HandledRequest> lists() {
        return sandbox.requests().matching("GET", "/apps/v3/backups/");
    }

    private long listsOfOneEnvironment() {
        return lists().stream().filter(r -> r.query().contains("environment=")).count();
    }

    @Test
    void backupsAreReadForAllEnvironmentsTogether() throws Exception {
        // While the first list is read, the others come to wait for the second.
        sandbox.faults().delay("GET", ".*/backups/", Duration.ofMillis(500), 2);

        lookAtAll();

        assertThat(listsOfOneEnvironment()).isZero();
        assertThat(lists()).hasSizeLessThan(ENVIRONMENTS);
    }

    @Test
    void aBackupIsSeenInItsOwnEnvironmentOnly() throws Exception {
        backUp(environments.get(2), 1);

        assertThat(lookAtAll())
                .filteredOn(o -> !o.backups().isEmpty())
                .extracting(Observation::environment)
                .containsExactly(environments.get(2));
        assertThat(listsOfOneEnvironment()).isZero();
    }

    @Test
    void whoLooksAloneReadsTheBackupsOfThatEnvironmentOnly() {
        observer.observe(environments.get(0));

        assertThat(lists()).hasSize(1);
        assertThat(listsOfOneEnvironment()).isOne();
    }

    @Test
    void manyBackupsAreReadForEachEnvironmentFromThenOn() throws Exception {
        backUp(environments.get(2), 301);

        assertThat(lookAtAll().get(2).backups()).hasSize(301);
        assertThat(listsOfOneEnvironment()).isGreaterThanOrEqualTo(ENVIRONMENTS);
        sandbox.requests().clear();
        lookAtAll();
        assertThat(listsOfOneEnvironment()).isEqualTo(lists().size());
    }

    @Test
    void whereTheListOfAllIsRefusedBackupsAreReadForEachEnvironmentFromThenOn() throws Exception {
        backUp(environments.get(2), 1);
        sandbox.faults().answer("GET", ".*/backups/", 403, 1);

        assertThat(lookAtAll().get(2).backups()).hasSize(1);
        lookAtAll();

        assertThat(listsOfOneEnvironment()).isEqualTo(2 * ENVIRONMENTS);
    }
}
