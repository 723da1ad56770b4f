package io.github.divio4j.upgrade.report;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradePlan;
import io.github.divio4j.upgrade.UpgradePlanner.TargetAfterRollback;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.run.HaltRule;
import io.github.divio4j.upgrade.run.Observer;
import io.github.divio4j.upgrade.run.RunReport;
import io.github.divio4j.upgrade.run.StepExecutor;
import io.github.divio4j.upgrade.run.StepOutcome;
import io.github.divio4j.upgrade.run.UpgradeRunner;
import io.github.divio4j.upgrade.testing.SimulatedWorld;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Plans and runs to report, the same each time: made in virtual time. */
final class Reported {

    static final UpgradeSpec FENCED = UpgradeSpec.withoutLoss("15").build();
    static final UpgradeSpec TO_15 = UpgradeSpec.to("15").build();
    static final String ROWS = "1234567";

    final SimulatedWorld world;

    private Reported(String application) {
        world = SimulatedWorld.create(application, "13", "15");
        world.chooseDurations(kind -> switch (kind) {
            case BACK_UP -> Duration.ofSeconds(95);
            case RESTORE -> Duration.ofSeconds(240);
            case DEPLOY -> Duration.ofSeconds(45);
            default -> Duration.ofSeconds(20);
        });
    }

    static Reported with(String application, String... slugs) {
        Reported reported = new Reported(application);
        for (String slug : slugs) {
            reported.add(slug);
        }
        return reported;
    }

    EnvironmentRef add(String slug) {
        EnvironmentRef environment = world.addEnvironment(slug);
        world.addPostgres(environment, "13", "DEFAULT", InstanceStatus.ATTACHED);
        return environment;
    }

    UpgradeRunner.Builder runner() {
        StepExecutor counting = (step, context) -> {
            StepOutcome outcome = world.execute(step, context);
            return step.kind() == Step.Kind.VERIFY && outcome.isDone()
                    ? new StepOutcome.Done(Map.of("rows", ROWS, "tables", "12"))
                    : outcome;
        };
        return UpgradeRunner.builder(counted(), counting).timer(world).randomness(() -> 1);
    }

    /** The world, as an observer that makes three calls for each look. */
    private Observer counted() {
        return new Observer() {
            private long calls;

            @Override
            public List<EnvironmentRef> environments() {
                return world.environments();
            }

            @Override
            public Observation observe(EnvironmentRef environment) {
                calls += 3;
                return world.observe(environment);
            }

            @Override
            public OptionalLong calls() {
                return OptionalLong.of(calls);
            }
        };
    }

    UpgradePlan plan(UpgradeSpec spec) {
        return runner().build().plan(spec);
    }

    RunReport run(UpgradeSpec spec) throws InterruptedException {
        return runner().build().run(spec);
    }

    static RunReport fenced() throws InterruptedException {
        return with("shop", "live", "test").run(FENCED);
    }

    static RunReport unprotected() throws InterruptedException {
        return with("shop", "live").run(TO_15);
    }

    static RunReport failed() throws InterruptedException {
        Reported shop = with("shop", "live", "test");
        shop.world.failNext(Step.Kind.RESTORE);
        return shop.run(UpgradeSpec.to("15").wave("test").wave("live").build());
    }

    static RunReport rolledBack() throws InterruptedException {
        Reported shop = with("shop", "live");
        UpgradeSpec spec =
                UpgradeSpec.to("15").oldInstance(UpgradeSpec.OldInstance.KEEP).build();
        shop.run(spec);
        return shop.runner().build().rollback(spec, TargetAfterRollback.KEEP);
    }

    static RunReport blocked() throws InterruptedException {
        Reported shop = with("shop", "live");
        EnvironmentRef twice = shop.add("test");
        shop.world.addPostgres(twice, "13", "REPORTS", InstanceStatus.ATTACHED);
        return shop.run(TO_15);
    }

    /** Side by side, one in a hundred of them with a restore that fails. */
    static RunReport many(int environments) throws InterruptedException {
        Reported shop = with("shop");
        for (int i = 1; i <= environments; i++) {
            shop.add("environment-" + i);
        }
        shop.world.chooseFaults(step ->
                step.kind() == Step.Kind.RESTORE && step.environment().slug().endsWith("50")
                        ? Optional.of(SimulatedWorld.Fault.FAIL)
                        : Optional.empty());
        return shop.runner()
                .sideBySide(Runnable::run, 25)
                .haltRule(HaltRule.GO_ON)
                .build()
                .run(FENCED);
    }

    static UpgradePlan plan() {
        Reported shop = with("shop", "live", "test", "other");
        EnvironmentRef done = shop.world.addEnvironment("done");
        shop.world.addPostgres(done, "15", "DEFAULT", InstanceStatus.ATTACHED);
        shop.world.addEnvironment("empty");
        return shop.plan(
                UpgradeSpec.to("15").wave("test", "done", "empty").wave("live").build());
    }

    static final List<String> HOSTILE = List.of(
            "<script>alert(1)</script>",
            "<img src=/leak onerror=alert(1)>",
            "\"];click x",
            "a|b",
            "`code` **bold** [link](http://example.invalid)",
            "one\ntwo",
            "\u202Eevil\u202C",
            "x' onmouseover='alert(1)",
            "%%{init: {}}%%;end",
            "&lt;b&gt; #35;",
            "--> e0s0:::x");

    static Reported hostile() {
        return with("<b>shop</b>", HOSTILE.toArray(String[]::new));
    }
}
