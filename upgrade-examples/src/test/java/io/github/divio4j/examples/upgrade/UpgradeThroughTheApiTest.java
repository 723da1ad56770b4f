package io.github.divio4j.examples.upgrade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.divio4j.client.DivioClient;
import io.github.divio4j.examples.sandbox.Databases;
import io.github.divio4j.examples.sandbox.HandledRequest;
import io.github.divio4j.examples.sandbox.InstanceSnapshot;
import io.github.divio4j.examples.sandbox.InstanceStatus;
import io.github.divio4j.examples.sandbox.Operation;
import io.github.divio4j.examples.sandbox.Sandbox;
import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradePlan;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.divio.DivioUpgrade;
import io.github.divio4j.upgrade.run.RunListener;
import io.github.divio4j.upgrade.run.RunReport;
import io.github.divio4j.upgrade.run.RunReport.Result;
import io.github.divio4j.upgrade.run.StepExecutor;
import io.github.divio4j.upgrade.run.StepOutcome;
import io.github.divio4j.upgrade.run.UpgradeRunner;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Planner, runner, adapter and client together, over HTTP, against a platform that enforces its rules. */
@Timeout(60)
class UpgradeThroughTheApiTest {

    private static final UpgradeSpec TO_15 = UpgradeSpec.to("15").build();
    private static final String STORAGE = "/Object Storage/DEFAULT/ATTACHED";
    private static final String UPGRADED = "/PostgreSQL Database 15/DEFAULT/ATTACHED";

    private final Sandbox sandbox =
            Sandbox.builder().databases(Databases.NONE).speed(50).start();
    private final DivioClient divio = client(sandbox);

    private static DivioClient client(Sandbox sandbox) {
        return DivioClient.builder()
                .baseUrl(sandbox.baseUrl())
                .token(sandbox.token())
                .build();
    }

    @BeforeEach
    void forgetTheSeeding() {
        sandbox.requests().clear();
    }

    @AfterEach
    void stop() {
        divio.close();
        sandbox.close();
    }

    private DivioUpgrade upgrade() {
        return DivioUpgrade.builder(divio, sandbox.applicationSlug())
                .pollInterval(Duration.ofMillis(20))
                .patience(Duration.ofMillis(300))
                .build();
    }

    private RunReport run() throws InterruptedException {
        return upgrade().runner().build().run(TO_15);
    }

    private List<String> instances() {
        return sandbox.instances().stream()
                .map(InstanceSnapshot::summary)
                .sorted()
                .toList();
    }

    /** Every change, without ids: {@code PATCH service-instances}. */
    private List<String> changes() {
        return sandbox.requests().changes().stream()
                .map(HandledRequest::toString)
                .map(r -> r.replaceAll("/apps/v3/", "")
                        .replaceAll("/[a-z0-9]{20,}", "")
                        .replaceAll("/? -> .*", ""))
                .toList();
    }

    private void assertUpgraded(RunReport report) {
        assertThat(report.succeeded()).as(report.environments().toString()).isTrue();
        assertThat(instances())
                .containsExactly("live" + STORAGE, "live" + UPGRADED, "test" + STORAGE, "test" + UPGRADED);
    }

    @Test
    void movesEveryEnvironmentAndLeavesOtherServicesAlone() throws Exception {
        RunReport report = run();

        assertUpgraded(report);
    }

    @Test
    void changesNothingButWhatTheManualSays() throws Exception {
        run();

        List<String> oneMigration = List.of(
                "POST backups",
                "POST backup-restores",
                "PATCH service-instances",
                "POST service-instances/detach",
                "PATCH service-instances",
                "POST deployments",
                "DELETE service-instances");
        assertThat(changes().subList(0, 4))
                .containsExactly(
                        "POST service-instances",
                        "POST service-instances/provision",
                        "POST service-instances",
                        "POST service-instances/provision");
        assertThat(changes().subList(4, 11)).isEqualTo(oneMigration);
        assertThat(changes().subList(11, changes().size())).isEqualTo(oneMigration);
    }

    @Test
    void aSecondRunChangesNothing() throws Exception {
        run();
        sandbox.requests().clear();

        RunReport again = run();

        assertThat(again.environments()).allMatch(e -> e.result() == Result.UP_TO_DATE);
        assertThat(changes()).isEmpty();
    }

    @Test
    void planningChangesNothing() {
        UpgradePlan plan = upgrade().runner().build().plan(TO_15);

        assertThat(plan.steps()).hasSize(18);
        assertThat(changes()).isEmpty();
    }

    @Test
    void thePlatformsDescriptionIsReadOnceHoweverManyLookAtTheSameTime() {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try (Sandbox many = Sandbox.builder()
                        .databases(Databases.NONE)
                        .environments(Sandbox.environmentNames(16))
                        .start();
                DivioClient its = client(many)) {
            DivioUpgrade.builder(its, many.applicationSlug())
                    .build()
                    .runner()
                    .sideBySide(threads, 16)
                    .build()
                    .plan(TO_15);

            assertThat(many.requests().matching("GET", "/apps/v3/schema.json")).hasSize(1);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void theReportCountsEveryRequest() throws Exception {
        RunReport report = run();

        assertThat(report.calls()).hasValue(sandbox.requests().size());
    }

    @Test
    void deploymentsAndInstancesAreReadAfreshBeforeEachChangeOfTheCutoverAndBeforeDeleting() throws Exception {
        run();

        List<HandledRequest> requests = sandbox.requests().all();
        int last = 0;
        for (int i = 0; i < requests.size(); i++) {
            HandledRequest request = requests.get(i);
            if (!request.changedSomething()) {
                continue;
            }
            if (!request.path().matches(".*/(service-instances|provision|backups)/")) {
                assertThat(requests.subList(last, i))
                        .as("between the change before and " + request)
                        .extracting(r -> r.method() + " " + r.path())
                        .contains("GET /apps/v3/deployments/", "GET /apps/v3/service-instances/");
            }
            last = i;
        }
        assertThat(last).isPositive();
    }

    @Test
    void whileAnOperationRunsNothingElseIsRead() throws Exception {
        run();
        int quick = listsRead(sandbox);
        try (Sandbox slow = Sandbox.builder()
                        .databases(Databases.NONE)
                        .durations((operation, environment) -> Duration.ofMillis(300))
                        .start();
                DivioClient client = client(slow)) {
            slow.requests().clear();
            DivioUpgrade.builder(client, slow.applicationSlug())
                    .pollInterval(Duration.ofMillis(20))
                    .build()
                    .runner()
                    .build()
                    .run(TO_15);

            assertThat(listsRead(slow)).isEqualTo(quick);
            assertThat(slow.requests().matching("GET", ".*/backups/[a-z0-9]+/")).hasSizeGreaterThan(10);
        }
    }

    @Test
    void manyOperationsThatRunAtOnceAreReadInOneList() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (Sandbox many = Sandbox.builder()
                        .databases(Databases.NONE)
                        .environments(Sandbox.environmentNames(16))
                        .durations((operation, environment) -> Duration.ofMillis(300 + 50 * environment.length()))
                        .start();
                DivioClient its = client(many)) {
            RunReport report = DivioUpgrade.builder(its, many.applicationSlug())
                    .pollInterval(Duration.ofMillis(20))
                    .build()
                    .runner()
                    .sideBySide(threads, 8)
                    .build()
                    .run(TO_15);

            assertThat(report.succeeded()).isTrue();
            assertThat(many.requests().matching("GET", "/apps/v3/deployments/"))
                    .anyMatch(r -> r.query().startsWith("application="));
        } finally {
            threads.shutdown();
        }
    }

    private static int listsRead(Sandbox sandbox) {
        return sandbox.requests()
                .matching("GET", ".*/(backups|backup-restores|deployments)/")
                .size();
    }

    @Test
    void aPlatformThatRefusesTooManyRequestsIsUpgradedAllTheSame() throws Exception {
        try (Sandbox strict = Sandbox.builder()
                        .databases(Databases.NONE)
                        .speed(50)
                        .requestsPerSecond(40)
                        .start();
                DivioClient client = client(strict)) {
            RunReport report = DivioUpgrade.builder(client, strict.applicationSlug())
                    .pollInterval(Duration.ofMillis(20))
                    .build()
                    .runner()
                    .build()
                    .run(TO_15);

            assertThat(report.succeeded()).isTrue();
            assertThat(client.callsThrottled()).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"backups", "backup-restores", "deployments"})
    void whatMightRunTwiceIsNotAskedForAgainWhenItsRequestWasLost(String operation) throws Exception {
        sandbox.faults().dropBefore("POST", ".*/" + operation + "/");

        RunReport report = run();

        assertThat(report.environments())
                .anySatisfy(e -> assertThat(e.detail()).contains("No answer came", "nothing of it was found"));
        assertThat(changes()).doesNotContain("POST " + operation);
    }

    static List<Arguments> everyChange() {
        return List.of(
                arguments("POST", ".*/service-instances/"),
                arguments("POST", ".*/provision/"),
                arguments("POST", ".*/backups/"),
                arguments("POST", ".*/backup-restores/"),
                arguments("PATCH", ".*/service-instances/.*"),
                arguments("POST", ".*/detach/"),
                arguments("POST", ".*/deployments/"),
                arguments("DELETE", ".*/service-instances/.*"));
    }

    @ParameterizedTest
    @MethodSource("everyChange")
    void aLostAnswerIsLookedForAndNotAskedForAgain(String method, String path) throws Exception {
        sandbox.faults().dropAfter(method, path);

        RunReport report = run();

        assertUpgraded(report);
        assertThat(changes()).hasSize(18);
    }

    @ParameterizedTest
    @MethodSource("everyChange")
    void aRequestThatNeverArrivedIsMadeInTheEndByThisRunOrTheNext(String method, String path) throws Exception {
        sandbox.faults().dropBefore(method, path);

        RunReport first = run();
        RunReport report = first.succeeded() ? first : run();

        assertUpgraded(report);
        assertThat(changes()).hasSize(18);
    }

    @ParameterizedTest
    @EnumSource(names = {"BACKUP", "RESTORE", "DEPLOYMENT"})
    void aFailedOperationEndsTheRunAndTheNextRunGoesOn(Operation operation) throws Exception {
        sandbox.faults().failNext(operation, "disk full on node 7");

        RunReport failed = run();

        assertThat(failed.environments())
                .extracting(RunReport.EnvironmentResult::result)
                .containsExactlyInAnyOrder(Result.FAILED, Result.NOT_FINISHED);
        assertUpgraded(run());
    }

    @ParameterizedTest
    @EnumSource(names = {"BACKUP", "RESTORE"})
    void aFailureIsReportedWithThePlatformsOwnWords(Operation operation) throws Exception {
        sandbox.faults().failNext(operation, "disk full on node 7");

        RunReport failed = run();

        assertThat(failed.environments())
                .anySatisfy(e ->
                        assertThat(e.detail()).contains("disk full on node 7", "DEFAULT is PostgreSQL Database 13"));
    }

    @Test
    void aFailedDeploymentLeavesTheApplicationOnTheSource() throws Exception {
        sandbox.faults().failNext(Operation.DEPLOYMENT, "the health check failed");

        run();

        assertThat(sandbox.instances("test"))
                .extracting(InstanceSnapshot::service, InstanceSnapshot::status)
                .contains(tuple("PostgreSQL Database 13", InstanceStatus.PENDING_DETACHMENT))
                .contains(tuple("PostgreSQL Database 15", InstanceStatus.PENDING_ATTACHMENT));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 17})
    void whoeverIsKilledAfterAnyCallIsFollowedByOneWhoGoesOn(int calls) throws Exception {
        DivioUpgrade killed = upgrade();
        AtomicInteger left = new AtomicInteger(calls);
        StepExecutor dying = (step, context) -> {
            if (left.getAndDecrement() == 0) {
                throw new Error("killed");
            }
            return killed.executor().execute(step, context);
        };
        UpgradeRunner first = UpgradeRunner.builder(killed.observer(), dying).build();
        assertThatThrownBy(() -> first.run(TO_15)).hasMessage("killed");

        RunReport report = run();

        assertUpgraded(report);
        assertThat(changes()).hasSize(18);
    }

    @Test
    void restoresThatCannotBeListedAreKnownToTheProcessThatStartedThem() throws Exception {
        sandbox.faults().answer("GET", ".*/backup-restores/", 404, 10_000);

        assertUpgraded(run());
    }

    @Test
    void somebodyElsesDeploymentInTheMiddleOfTheCutoverIsWaitedForAndRecoveredFrom() throws Exception {
        DivioUpgrade upgrade = upgrade();
        RunListener meddler = new RunListener() {
            @Override
            public void ended(Step step, StepOutcome outcome, Duration elapsed) {
                if (step.id().text().contains("/test/rename-source/")) {
                    divio.deployments().create(step.environment().id());
                }
            }
        };

        RunReport report = upgrade.runner().listener(meddler).build().run(TO_15);

        assertUpgraded(report);
    }

    @Test
    void aSourceUnderAnotherPrefixKeepsItsPrefix() throws Exception {
        try (Sandbox other = Sandbox.builder()
                        .databases(Databases.NONE)
                        .speed(50)
                        .prefix("MAIN")
                        .start();
                DivioClient client = client(other)) {
            DivioUpgrade.builder(client, other.applicationSlug())
                    .pollInterval(Duration.ofMillis(20))
                    .patience(Duration.ofMillis(300))
                    .build()
                    .runner()
                    .build()
                    .run(TO_15);

            assertThat(other.instances("live"))
                    .extracting(InstanceSnapshot::summary)
                    .contains("live/PostgreSQL Database 15/MAIN/ATTACHED");
        }
    }

    @Test
    void noReportHoldsTheToken() throws Exception {
        sandbox.faults().failNext(Operation.RESTORE, "no");

        RunReport report = run();

        assertThat(report.toString()).doesNotContain(sandbox.token()).doesNotContain("postgres://");
    }

    @Test
    void aPasswordInThePlatformsOwnWordsDoesNotReachTheReport() throws Exception {
        sandbox.faults().failNext(Operation.RESTORE, "could not connect to postgres://app:tell-nobody@db/app");

        RunReport report = run();

        assertThat(report.toString()).contains("could not connect").doesNotContain("tell-nobody");
    }

    @Test
    void whatWasMovedByHandAfterAFailedRestoreIsNotDeleted() throws Exception {
        sandbox.faults().failNext(Operation.RESTORE, "disk full");
        run();
        moveByHand("test");

        RunReport report = run();

        assertThat(sandbox.instances("test"))
                .extracting(InstanceSnapshot::summary)
                .contains("test/PostgreSQL Database 13/OLD/DETACHED");
        assertThat(report.environments()).anySatisfy(e -> assertThat(e.detail()).contains("not deleted"));
    }

    private void moveByHand(String environment) {
        InstanceSnapshot source = at(environment, "DEFAULT");
        InstanceSnapshot target = at(environment, "NEW");
        divio.serviceInstances().rename(source.id(), "OLD");
        divio.serviceInstances().detach(source.id());
        divio.serviceInstances().rename(target.id(), "DEFAULT");
        String deployment =
                divio.deployments().create(sandbox.environmentId(environment)).id();
        while (!divio.deployments().get(deployment).finished()) {
            Thread.onSpinWait();
        }
    }

    private InstanceSnapshot at(String environment, String prefix) {
        return sandbox.instances(environment).stream()
                .filter(i -> i.type().equals("DATABASE") && i.prefix().equals(prefix))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theObserverNamesTheEnvironmentsOfTheApplication() {
        assertThat(upgrade().observer().environments())
                .extracting(EnvironmentRef::toString)
                .containsExactlyInAnyOrder("order-book/test", "order-book/live");
    }
}
