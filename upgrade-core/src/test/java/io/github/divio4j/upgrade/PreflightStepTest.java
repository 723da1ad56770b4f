package io.github.divio4j.upgrade;

import static io.github.divio4j.upgrade.Driving.complete;
import static io.github.divio4j.upgrade.Driving.plan;
import static io.github.divio4j.upgrade.InstanceStatus.ATTACHED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.divio4j.upgrade.Blocker.Reason;
import io.github.divio4j.upgrade.EnvironmentPlan.Blocked;
import io.github.divio4j.upgrade.EnvironmentPlan.Ready;
import io.github.divio4j.upgrade.UpgradeSpec.WritesPolicy;
import io.github.divio4j.upgrade.run.RunReport;
import io.github.divio4j.upgrade.run.UpgradeRunner;
import io.github.divio4j.upgrade.testing.SimulatedWorld;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The look for obstacles: when it is planned, and what becomes of what it finds. */
class PreflightStepTest {

    private static final UpgradeSpec SPEC =
            UpgradeSpec.to("15").writes(WritesPolicy.FENCE_REQUIRED).preflight().build();

    private final SimulatedWorld world = SimulatedWorld.create("shop", "13", "15");
    private final EnvironmentRef test = world.addEnvironment("test");

    PreflightStepTest() {
        world.addPostgres(test, "13", "DEFAULT", ATTACHED);
    }

    private EnvironmentPlan planned(UpgradeSpec spec) {
        return plan(world, spec).environment(test).orElseThrow();
    }

    private List<Step.Kind> kinds(UpgradeSpec spec) {
        return planned(spec).steps().stream().map(Step::kind).toList();
    }

    private void completeUntil(Step.Kind kind) {
        for (Step step : planned(SPEC).steps()) {
            complete(world, step);
            if (step.kind() == kind) {
                return;
            }
        }
    }

    private RunReport.EnvironmentResult run() throws InterruptedException {
        return UpgradeRunner.builder(world, world)
                .timer(world)
                .build()
                .run(SPEC)
                .environments()
                .get(0);
    }

    @Test
    void itComesWhenTheTargetIsThereAndBeforeTheFence() {
        assertThat(kinds(SPEC))
                .startsWith(
                        Step.Kind.ADD_SERVICE,
                        Step.Kind.PROVISION,
                        Step.Kind.PREFLIGHT,
                        Step.Kind.FENCE_WRITES,
                        Step.Kind.BACK_UP);
    }

    @Test
    void itIsLeftOutUnlessItIsAskedFor() {
        assertThat(kinds(UpgradeSpec.to("15").build())).doesNotContain(Step.Kind.PREFLIGHT);
    }

    @Test
    void onceNothingWasFoundItIsNotMadeAgain() {
        completeUntil(Step.Kind.PREFLIGHT);

        assertThat(kinds(SPEC)).startsWith(Step.Kind.FENCE_WRITES);
    }

    @Test
    void whatWasFoundBeforeAMoveToAnotherVersionSaysNothing() {
        SimulatedWorld three = SimulatedWorld.create("shop", "13", "15", "17");
        EnvironmentRef live = three.addEnvironment("live");
        three.addPostgres(live, "13", "DEFAULT", ATTACHED);
        UpgradeSpec to17 = UpgradeSpec.to("17").preflight().build();
        UpgradeSpec to15 =
                UpgradeSpec.to("15").preflight().stagingPrefix("FIFTEEN").build();
        for (Step step : plan(three, to17).steps()) {
            if (step.kind().phase() == Step.Phase.PREPARE || step.kind() == Step.Kind.PREFLIGHT) {
                complete(three, step);
            }
        }

        assertThat(plan(three, to17).steps().get(0).kind()).isEqualTo(Step.Kind.BACK_UP);
        assertThat(plan(three, to15).steps()).extracting(Step::kind).contains(Step.Kind.PREFLIGHT);
    }

    @Test
    void behindAFenceNobodyLooksAnyMore() {
        completeUntil(Step.Kind.FENCE_WRITES);
        world.clearObstacles(test);

        assertThat(kinds(SPEC)).startsWith(Step.Kind.BACK_UP);
    }

    @Test
    void eachObstacleBecomesABlockerWithItsRemedy() {
        world.obstruct(test, "C01, table public.orders: it has OIDs.", "ALTER TABLE ... SET WITHOUT OIDS.");
        world.obstruct(test, "C05, operator !: it is a postfix operator.", "Drop it.");
        completeUntil(Step.Kind.PREFLIGHT);

        assertThat(planned(SPEC))
                .isInstanceOfSatisfying(
                        Blocked.class,
                        blocked -> assertThat(blocked.blockers())
                                .extracting(Blocker::reason, Blocker::message, Blocker::remedy)
                                .containsExactly(
                                        tuple(
                                                Reason.PREFLIGHT_FAILED,
                                                "C01, table public.orders: it has OIDs.",
                                                "ALTER TABLE ... SET WITHOUT OIDS."),
                                        tuple(
                                                Reason.PREFLIGHT_FAILED,
                                                "C05, operator !: it is a postfix operator.",
                                                "Drop it.")));
    }

    @Test
    void aRunEndsAtAnObstacleBeforeItTouchesTheData() throws InterruptedException {
        world.obstruct(test, "C01, table public.orders: it has OIDs.", "ALTER TABLE ... SET WITHOUT OIDS.");

        RunReport.EnvironmentResult result = run();

        assertThat(result.result()).isEqualTo(RunReport.Result.BLOCKED);
        assertThat(result.detail()).contains("C01, table public.orders", "SET WITHOUT OIDS");
        assertThat(world.observe(test).backups()).isEmpty();
        assertThat(world.observe(test).databases().fences()).isEmpty();
    }

    @Test
    void onceTheObstacleIsAwayTheNextRunGoesOn() throws InterruptedException {
        world.obstruct(test, "C01, table public.orders: it has OIDs.", "ALTER TABLE ... SET WITHOUT OIDS.");
        run();
        world.clearObstacles(test);

        assertThat(run().result()).isEqualTo(RunReport.Result.UPGRADED);
    }

    @Test
    void withoutAccessItIsABlockerBeforeAnythingIsBegun() {
        world.refuse(Step.Kind.PREFLIGHT, "there is no way to DEFAULT.");

        assertThat(planned(SPEC)).isInstanceOf(Blocked.class).isNotInstanceOf(Ready.class);
        assertThat(((Blocked) planned(SPEC)).blockers().get(0).remedy()).contains("do without the preflight");
    }

    @Test
    void nothingIsRehearsedInWhatTheApplicationCanSee() {
        completeUntil(Step.Kind.PROVISION);
        Step preflight = planned(SPEC).steps().get(0);
        world.deploy(test);
        world.sleep(Duration.ofHours(1));

        assertThat(SafetyCheck.violation(preflight, world.observe(test)))
                .hasValueSatisfying(why -> assertThat(why).contains("invisible to the application"));
    }
}
