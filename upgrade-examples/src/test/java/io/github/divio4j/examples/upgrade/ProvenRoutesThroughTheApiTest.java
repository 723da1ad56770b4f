package io.github.divio4j.examples.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.client.DivioClient;
import io.github.divio4j.examples.sandbox.Databases;
import io.github.divio4j.examples.sandbox.HandledRequest;
import io.github.divio4j.examples.sandbox.InstanceSnapshot;
import io.github.divio4j.examples.sandbox.Sandbox;
import io.github.divio4j.upgrade.DatabaseFacts.Fence;
import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradePlanner.TargetAfterRollback;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.UpgradeSpec.OldInstance;
import io.github.divio4j.upgrade.UpgradeSpec.Provisioning;
import io.github.divio4j.upgrade.UpgradeSpec.Restoring;
import io.github.divio4j.upgrade.UpgradeSpec.WritesPolicy;
import io.github.divio4j.upgrade.divio.DivioUpgrade;
import io.github.divio4j.upgrade.run.RunReport;
import io.github.divio4j.upgrade.run.StepOutcome;
import io.github.divio4j.upgrade.run.UpgradeRunner;
import io.github.divio4j.upgrade.run.WritesHook;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Upgrades by calls that sources of Divio show, and behind a hook that stops writes, over HTTP. */
@Timeout(60)
class ProvenRoutesThroughTheApiTest {

    private static final UpgradeSpec PROVEN = UpgradeSpec.to("15")
            .provisioning(Provisioning.BY_DEPLOYMENT)
            .restoring(Restoring.BY_UPLOAD)
            .build();

    private final Sandbox sandbox =
            Sandbox.builder().databases(Databases.NONE).speed(50).start();
    private final DivioClient divio = DivioClient.builder()
            .baseUrl(sandbox.baseUrl())
            .token(sandbox.token())
            .build();

    @BeforeEach
    void forgetTheSeeding() {
        sandbox.requests().clear();
    }

    @AfterEach
    void stop() {
        divio.close();
        sandbox.close();
    }

    private DivioUpgrade.Builder upgrade() {
        return DivioUpgrade.builder(divio, sandbox.applicationSlug())
                .pollInterval(Duration.ofMillis(20))
                .patience(Duration.ofMillis(300));
    }

    private List<String> databases() {
        return sandbox.instances().stream()
                .map(InstanceSnapshot::summary)
                .filter(summary -> summary.contains("PostgreSQL"))
                .sorted()
                .toList();
    }

    private void assertUpgraded(RunReport report) {
        assertThat(report.succeeded()).as(report.toString()).isTrue();
        assertThat(databases())
                .containsExactly(
                        "live/PostgreSQL Database 15/DEFAULT/ATTACHED", "test/PostgreSQL Database 15/DEFAULT/ATTACHED");
    }

    private long changes(String path) {
        return sandbox.requests().changes().stream()
                .map(HandledRequest::toString)
                .filter(r -> r.matches("POST /apps/v3/" + path + "/? .*"))
                .count();
    }

    @Test
    void anUpgradeNeedsNeitherTheCallToProvisionNorARestoreIntoAnotherInstance() throws Exception {
        RunReport report = upgrade().build().runner().build().run(PROVEN);

        assertUpgraded(report);
        assertThat(changes("service-instances/[^/]*/provision")).isZero();
        assertThat(changes("deployments")).isEqualTo(6);
        assertThat(changes("backups/upload")).isEqualTo(2);
        assertThat(changes("backup-restores")).isEqualTo(2);
    }

    /** The end of a process. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** The process dies at each step that it brought to its end; the next one knows only what the platform tells. */
    @Test
    void itIsResumedByOthersAfterEachStepAndMakesNoChangeTwice() throws Exception {
        RunReport report = null;
        int processes = 0;
        while (report == null) {
            processes++;
            DivioUpgrade upgrade = upgrade().build();
            try {
                report = UpgradeRunner.builder(upgrade.observer(), (step, context) -> {
                            StepOutcome outcome = upgrade.executor().execute(step, context);
                            if (outcome instanceof StepOutcome.Done) {
                                throw new Killed();
                            }
                            return outcome;
                        })
                        .build()
                        .run(PROVEN);
            } catch (Killed expected) {
                assertThat(processes).isLessThan(60);
            }
        }

        assertUpgraded(report);
        assertThat(processes).isGreaterThan(20);
        assertThat(changes("deployments")).isEqualTo(6);
        assertThat(changes("backups")).isEqualTo(4);
        assertThat(changes("backups/upload")).isEqualTo(2);
        assertThat(changes("backup-restores")).isEqualTo(2);
    }

    @Test
    void theWayBackFromATargetThatWasOnlyAttachedDeletesIt() throws Exception {
        DivioUpgrade upgrade = upgrade().build();
        UpgradeRunner untilAttached = UpgradeRunner.builder(upgrade.observer(), (step, context) -> {
                    if (step.kind() == Step.Kind.DETACH) {
                        throw new Killed();
                    }
                    return upgrade.executor().execute(step, context);
                })
                .build();
        try {
            untilAttached.run(PROVEN);
        } catch (Killed expected) {
            assertThat(databases()).contains("test/PostgreSQL Database 15/NEW/ATTACHED");
        }

        RunReport report = upgrade.runner().build().rollback(PROVEN, TargetAfterRollback.DELETE);

        assertThat(report.succeeded()).as(report.toString()).isTrue();
        assertThat(databases())
                .containsExactly(
                        "live/PostgreSQL Database 13/DEFAULT/ATTACHED", "test/PostgreSQL Database 13/DEFAULT/ATTACHED");
    }

    // Without access to the databases

    @Test
    void aSpecThatNeedsAccessIsBlockedAndNothingIsChanged() throws Exception {
        RunReport report = upgrade()
                .build()
                .runner()
                .build()
                .run(UpgradeSpec.withoutLoss("15").build());

        assertThat(report.environments())
                .allSatisfy(e -> assertThat(e.detail())
                        .contains(
                                "refuse writes to PostgreSQL Database 13 (DEFAULT)",
                                "no access to the databases was given"));
        assertThat(sandbox.requests().changes()).isEmpty();
    }

    @Test
    void aHookStopsTheWritesOfEachEnvironmentWhileItsDataMoves() throws Exception {
        Map<EnvironmentRef, Fence> stopped = new ConcurrentHashMap<>();
        WritesHook hook = new WritesHook() {
            @Override
            public Optional<Fence> fence(EnvironmentRef environment) {
                return Optional.ofNullable(stopped.get(environment));
            }

            @Override
            public void stop(EnvironmentRef environment, String token) {
                stopped.putIfAbsent(environment, new Fence(token, Instant.now(), true));
            }

            @Override
            public void resume(EnvironmentRef environment) {
                stopped.remove(environment);
            }
        };
        UpgradeSpec spec = UpgradeSpec.to("15")
                .writes(WritesPolicy.FENCE_REQUIRED)
                .oldInstance(OldInstance.KEEP)
                .build();
        DivioUpgrade upgrade = upgrade().databases(hook.asDatabaseWork()).build();

        RunReport there = upgrade.runner().build().run(spec);
        assertThat(there.succeeded()).as(there.toString()).isTrue();
        assertThat(stopped).isEmpty();
        assertThat(there.steps())
                .extracting(s -> s.step().kind())
                .containsSubsequence(Step.Kind.FENCE_WRITES, Step.Kind.BACK_UP, Step.Kind.DEPLOY, Step.Kind.LIFT_FENCE);
        assertThat(there.environments()).allSatisfy(e -> {
            assertThat(e.unprotected()).isNull();
            assertThat(e.writesRefused()).isNotNull();
        });
        RunReport back = upgrade.runner().build().rollback(spec, TargetAfterRollback.DELETE);

        assertThat(back.succeeded()).as(back.toString()).isTrue();
    }
}
