package io.github.divio4j.upgrade.report;

import io.github.divio4j.upgrade.Blocker;
import io.github.divio4j.upgrade.EnvironmentPlan;
import io.github.divio4j.upgrade.EnvironmentPlan.Blocked;
import io.github.divio4j.upgrade.EnvironmentPlan.LeftAlone;
import io.github.divio4j.upgrade.EnvironmentPlan.Loss;
import io.github.divio4j.upgrade.EnvironmentPlan.Ready;
import io.github.divio4j.upgrade.EnvironmentPlan.UpToDate;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradePlan;
import java.util.List;
import java.util.Locale;

/**
 * A plan as plain text: one line for each step, in the order of {@link UpgradePlan#steps()}, then what a way back would
 * lose, and the environments that are up to date, left alone or blocked. The same plan always gives the same text; lines end with {@code \n}.
 */
public final class PlanText {

    private PlanText() {}

    /** Writes a plan. */
    public static String of(UpgradePlan plan) {
        StringBuilder text = new StringBuilder();
        List<EnvironmentPlan> ready =
                plan.environments().stream().filter(Ready.class::isInstance).toList();
        text.append("Plan: ")
                .append(count(ready.size(), "environment"))
                .append(plan.goal() == UpgradePlan.Goal.UPGRADE ? " to PostgreSQL " : " back from PostgreSQL ")
                .append(plan.spec().targetVersion())
                .append(", ")
                .append(count(plan.steps().size(), "step"))
                .append('\n');
        int widest = plan.environments().stream()
                .mapToInt(e -> e.environment().slug().length())
                .max()
                .orElse(0);
        int number = 0;
        for (Step step : plan.steps()) {
            text.append(String.format(Locale.ROOT, "%4d. ", ++number))
                    .append(padded(step.environment().slug(), widest))
                    .append("  ")
                    .append(step.describe())
                    .append('\n');
        }
        for (EnvironmentPlan environment : plan.environments()) {
            String name = "      " + padded(environment.environment().slug(), widest) + "  ";
            if (environment instanceof Ready way && way.loss().kind() == Loss.Kind.WRITES_SINCE_SWITCH) {
                text.append(name).append("loses ").append(lost(way)).append('\n');
            } else if (environment instanceof UpToDate upToDate) {
                text.append(name)
                        .append("up to date: ")
                        .append(upToDate.reason())
                        .append('\n');
            } else if (environment instanceof LeftAlone) {
                text.append(name).append("left alone: it is in none of the waves.\n");
            } else if (environment instanceof Blocked blocked) {
                for (Blocker blocker : blocked.blockers()) {
                    text.append(name)
                            .append("blocked: ")
                            .append(blocker.message())
                            .append(' ')
                            .append(blocker.remedy())
                            .append('\n');
                }
            }
        }
        return text.toString();
    }

    private static String lost(Ready way) {
        return "what was written to PostgreSQL " + way.to() + " (" + way.prefix() + ") since "
                + (way.loss().since() == null
                        ? "the application moved to it."
                        : way.loss().since() + ".");
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - text.length());
    }
}
