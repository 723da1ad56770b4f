package io.github.divio4j.upgrade.report;

import io.github.divio4j.upgrade.Blocker;
import io.github.divio4j.upgrade.EnvironmentPlan;
import io.github.divio4j.upgrade.EnvironmentPlan.Blocked;
import io.github.divio4j.upgrade.EnvironmentPlan.LeftAlone;
import io.github.divio4j.upgrade.EnvironmentPlan.Ready;
import io.github.divio4j.upgrade.EnvironmentPlan.UpToDate;
import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradePlan;
import io.github.divio4j.upgrade.report.Report.Finding;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A plan as plain text: one line for each step, in the order of {@link UpgradePlan#steps()}, then what a way back would
 * lose, the environments that are up to date, left alone or blocked, and what was found.
 */
final class PlanText {

    private PlanText() {}

    static String of(UpgradePlan plan, Map<EnvironmentRef, List<Finding>> findings) {
        StringBuilder text = new StringBuilder();
        text.append("Plan: ").append(PlanForms.summary(plan)).append('\n');
        int widest = plan.environments().stream()
                .mapToInt(e -> name(e.environment()).length())
                .max()
                .orElse(0);
        int number = 0;
        for (Step step : plan.steps()) {
            text.append(String.format(Locale.ROOT, "%4d. ", ++number))
                    .append(padded(name(step.environment()), widest))
                    .append("  ")
                    .append(Escape.line(step.describe()))
                    .append('\n');
        }
        for (EnvironmentPlan environment : plan.environments()) {
            String name = "      " + padded(name(environment.environment()), widest) + "  ";
            if (environment instanceof Ready way && PlanForms.losesWritesSinceSwitch(way)) {
                line(text, name, "loses " + PlanForms.writesSinceSwitch(way));
            } else if (environment instanceof UpToDate upToDate) {
                line(text, name, "up to date: " + upToDate.reason());
            } else if (environment instanceof LeftAlone) {
                line(text, name, "left alone: it is in none of the waves.");
            } else if (environment instanceof Blocked blocked) {
                for (Blocker blocker : blocked.blockers()) {
                    line(text, name, "blocked: " + blocker.message() + " " + blocker.remedy());
                }
            }
            for (Finding finding : findings.getOrDefault(environment.environment(), List.of())) {
                line(text, name, RunText.finding(finding));
            }
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String what) {
        text.append(name).append(Escape.line(what)).append('\n');
    }

    private static String name(EnvironmentRef environment) {
        return Escape.line(environment.slug());
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - text.length());
    }
}
