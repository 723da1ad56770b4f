package io.github.divio4j.examples.temporal;

import io.github.divio4j.upgrade.EnvironmentPlan;
import io.github.divio4j.upgrade.SavedPlan;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.store.PlanFile;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the steps of a plan. Steps are asked for in their order and each looks afresh, so after a failure it begins with the first
 * again: those that are done say so, and what has to be repeated, such as a backup that grew too old, is.
 */
public final class EnvironmentUpgrade implements EnvironmentWorkflow {

    private static final int FAILURES_BEFORE_GIVING_UP = 3;
    private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(10);

    private final List<String> lines = new ArrayList<>();
    private boolean mayMigrate;
    private boolean stopped;
    private boolean preparedTold;
    private int failures;
    private String now = "about to begin";

    /** Makes a workflow; Temporal does. */
    public EnvironmentUpgrade() {}

    @Override
    public Result upgrade(Order given) {
        mayMigrate |= given.soFar().mayMigrate();
        stopped |= given.soFar().stopped();
        preparedTold = given.soFar().preparedTold();
        failures = given.soFar().failures();
        lines.addAll(given.soFar().lines());

        SavedPlan plan = PlanFile.fromJson(given.plan());
        EnvironmentPlan environment = plan.environments().get(0).plan();
        String name = environment.environment().toString();
        boolean inCutover = environment instanceof EnvironmentPlan.Ready ready && ready.inCutover();
        while (true) {
            Result result = goThrough(name, environment.steps(), inCutover, plan, given);
            if (result != null) {
                now = result.detail();
                return result;
            }
            Workflow.sleep(AFTER_A_FAILURE);
        }
    }

    /** How it came out; null if it is worth while to begin again. */
    private @Nullable Result goThrough(String name, List<Step> steps, boolean inCutover, SavedPlan plan, Order given) {
        for (Step step : steps) {
            if (step.kind().phase() != Step.Phase.PREPARE
                    && !(inCutover && step.kind().phase() == Step.Phase.MIGRATE)) {
                if (!mayMigrate(name)) {
                    return new Result(name, Kind.NOT_FINISHED, "It was prepared, and nothing of it was migrated.");
                }
            }
            Answer answer = makeTrue(step, plan.spec().deadline(step.kind()), given);
            lines.add(step.describe() + ": " + answer.text());
            if (answer.kind() == Answer.Kind.FAILED) {
                if (!answer.mayRetry() || ++failures >= FAILURES_BEFORE_GIVING_UP) {
                    return new Result(name, Kind.FAILED, "Failed to " + step.describe() + ": " + answer.text());
                }
                return null;
            }
        }
        return new Result(name, Kind.UPGRADED, "Nothing is left to do.");
    }

    /** Says that the environment is prepared, and waits for its turn. */
    private boolean mayMigrate(String name) {
        if (!preparedTold) {
            preparedTold = true;
            now = "prepared, waiting for its turn";
            Workflow.getInfo()
                    .getParentWorkflowId()
                    .ifPresent(wave -> Workflow.newExternalWorkflowStub(WaveWorkflow.class, wave)
                            .prepared(name));
        }
        Workflow.await(() -> mayMigrate || stopped);
        return mayMigrate;
    }

    private Answer makeTrue(Step step, Duration deadline, Order given) {
        StepActivities activities = Workflow.newActivityStub(StepActivities.class, options(given.settings(), deadline));
        long until = Workflow.currentTimeMillis() + deadline.toMillis();
        Map<String, String> facts = Map.of();
        while (true) {
            now = step.describe();
            Answer answer;
            try {
                answer = activities.execute(given.plan(), step.id().text(), facts);
            } catch (ActivityFailure e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                return new Answer(
                        Answer.Kind.FAILED, cause.getMessage() + " What was begun may go on.", 0, false, facts);
            }
            if (answer.kind() != Answer.Kind.IN_PROGRESS) {
                return answer;
            }
            if (Workflow.currentTimeMillis() + answer.lookAgainMillis() > until) {
                return new Answer(
                        Answer.Kind.FAILED,
                        "it is still " + answer.text() + " after " + deadline.toSeconds()
                                + " s. It may still end well at the platform.",
                        0,
                        false,
                        answer.facts());
            }
            now = step.describe() + ": " + answer.text();
            facts = answer.facts();
            Workflow.sleep(Duration.ofMillis(answer.lookAgainMillis()));
            if (Workflow.getInfo().getHistoryLength() > given.settings().longestHistory()) {
                goOnInANewOne(given);
            }
        }
    }

    /** What is under way is found again by looking. */
    private void goOnInANewOne(Order given) {
        SoFar soFar = new SoFar(mayMigrate, stopped, preparedTold, failures, List.copyOf(lines));
        Workflow.newContinueAsNewStub(EnvironmentWorkflow.class)
                .upgrade(new Order(given.plan(), given.settings(), soFar));
    }

    private static ActivityOptions options(Settings settings, Duration deadline) {
        return ActivityOptions.newBuilder()
                .setStartToCloseTimeout(Duration.ofMinutes(5))
                .setScheduleToCloseTimeout(deadline)
                .setHeartbeatTimeout(Duration.ofSeconds(settings.heartbeatSeconds()))
                .setRetryOptions(RetryOptions.newBuilder()
                        .setInitialInterval(Duration.ofSeconds(1))
                        .setMaximumInterval(Duration.ofSeconds(30))
                        .build())
                .build();
    }

    @Override
    public void migrate() {
        mayMigrate = true;
    }

    @Override
    public void stop() {
        stopped = true;
    }

    @Override
    public String report() {
        return String.join("\n", lines) + (lines.isEmpty() ? "" : "\n") + "now: " + now;
    }
}
