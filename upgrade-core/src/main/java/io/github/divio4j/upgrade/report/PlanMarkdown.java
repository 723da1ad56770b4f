package io.github.divio4j.upgrade.report;

import io.github.divio4j.upgrade.Blocker;
import io.github.divio4j.upgrade.EnvironmentPlan;
import io.github.divio4j.upgrade.EnvironmentPlan.Blocked;
import io.github.divio4j.upgrade.EnvironmentPlan.Ready;
import io.github.divio4j.upgrade.EnvironmentPlan.UpToDate;
import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradePlan;
import io.github.divio4j.upgrade.report.Report.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A plan as Markdown. */
final class PlanMarkdown {

    private PlanMarkdown() {}

    static String of(UpgradePlan plan, Map<EnvironmentRef, List<Finding>> findings) {
        Markdown page = new Markdown().heading(1, "Plan: " + PlanForms.summary(plan));
        List<List<String>> rows = new ArrayList<>();
        for (EnvironmentPlan environment : plan.environments()) {
            rows.add(List.of(
                    environment.environment().toString(),
                    wave(environment),
                    PlanForms.state(environment),
                    why(environment)));
        }
        if (!rows.isEmpty()) {
            page.table(List.of("environment", "wave", "what becomes of it", "to know"), rows);
        }
        if (!plan.steps().isEmpty()) {
            List<List<String>> steps = new ArrayList<>();
            for (Step step : plan.steps()) {
                steps.add(List.of(
                        Integer.toString(steps.size() + 1), step.environment().toString(), step.describe()));
            }
            page.heading(2, "Steps, in order").table(List.of("", "environment", "step"), steps);
        }
        plan.environments().stream()
                .filter(e -> findings.containsKey(e.environment()))
                .forEach(e -> page.heading(2, "Findings in " + e.environment())
                        .findings(findings.getOrDefault(e.environment(), List.of())));
        if (!plan.steps().isEmpty() && plan.steps().size() <= PlanMermaid.STEPS) {
            page.heading(2, "Diagram").diagram(PlanMermaid.of(plan));
        }
        return page.toString();
    }

    private static String wave(EnvironmentPlan environment) {
        return environment instanceof Ready way ? Integer.toString(way.wave()) : "";
    }

    private static String why(EnvironmentPlan environment) {
        if (environment instanceof Ready way) {
            return PlanForms.loss(way);
        }
        if (environment instanceof Blocked blocked) {
            List<String> lines = new ArrayList<>();
            for (Blocker blocker : blocked.blockers()) {
                lines.add(blocker.message() + " " + blocker.remedy());
            }
            return String.join("\n", lines);
        }
        return environment instanceof UpToDate upToDate ? upToDate.reason() : "It is in none of the waves.";
    }
}
