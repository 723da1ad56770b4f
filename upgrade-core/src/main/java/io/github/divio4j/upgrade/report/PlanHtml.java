package io.github.divio4j.upgrade.report;

import io.github.divio4j.upgrade.Blocker;
import io.github.divio4j.upgrade.EnvironmentPlan;
import io.github.divio4j.upgrade.EnvironmentPlan.Blocked;
import io.github.divio4j.upgrade.EnvironmentPlan.LeftAlone;
import io.github.divio4j.upgrade.EnvironmentPlan.Ready;
import io.github.divio4j.upgrade.EnvironmentPlan.UpToDate;
import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.StepId;
import io.github.divio4j.upgrade.UpgradePlan;
import io.github.divio4j.upgrade.report.Report.Finding;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A plan as an HTML page. */
final class PlanHtml {

    /** With more, only what is blocked is open. */
    private static final int OPEN = 5;

    private static final int ATTENTION = 20;

    private final UpgradePlan plan;
    private final Map<EnvironmentRef, List<Finding>> findings;
    private final Map<StepId, Integer> order = new HashMap<>();
    private final Map<EnvironmentRef, Integer> numbers = new HashMap<>();
    private final Html html;

    private PlanHtml(UpgradePlan plan, Map<EnvironmentRef, List<Finding>> findings) {
        this.plan = plan;
        this.findings = findings;
        plan.steps().forEach(s -> order.put(s.id(), order.size() + 1));
        plan.environments().forEach(e -> numbers.put(e.environment(), numbers.size()));
        this.html = Html.page("Plan: " + PlanForms.summary(plan));
    }

    static String of(UpgradePlan plan, Map<EnvironmentRef, List<Finding>> findings) {
        PlanHtml page = new PlanHtml(plan, findings);
        page.numbers();
        page.attention();
        page.overview();
        page.places();
        return page.html.end();
    }

    private void numbers() {
        html.raw("\n<dl class=\"numbers\">\n")
                .term("With steps to do", count(Ready.class))
                .term("Up to date", count(UpToDate.class))
                .term("Left alone", count(LeftAlone.class))
                .term("Blocked", count(Blocked.class))
                .term("Steps", Words.number(plan.steps().size()))
                .term(
                        "Waves",
                        Words.number(PlanForms.ready(plan).stream()
                                .map(Ready::wave)
                                .distinct()
                                .count()))
                .raw("</dl>\n");
    }

    private String count(Class<? extends EnvironmentPlan> kind) {
        return Words.number(
                plan.environments().stream().filter(kind::isInstance).count());
    }

    private void attention() {
        List<Blocker> blockers = plan.blockers();
        if (blockers.isEmpty()) {
            return;
        }
        html.element("h2", "What stands in the way").raw("\n<ul class=\"attention\">\n");
        blockers.stream().limit(ATTENTION).forEach(b -> {
            html.raw("<li>")
                    .link(b.environment().toString(), numbers.getOrDefault(b.environment(), 0))
                    .raw(" ");
            html.text(b.message() + " " + b.remedy()).raw("</li>\n");
        });
        html.raw("</ul>\n");
        if (blockers.size() > ATTENTION) {
            html.element("p", "And " + (blockers.size() - ATTENTION) + " more, in the environments below.");
        }
    }

    private void overview() {
        html.element("h2", "Environments", "id", "environments");
        html.openTable(
                "All environments, and what becomes of them",
                "overview",
                "Environment",
                "Wave",
                "What becomes of it",
                "What may be lost");
        for (int i = 0; i < plan.environments().size(); i++) {
            EnvironmentPlan environment = plan.environments().get(i);
            html.raw("<tr>")
                    .open("th", "scope", "row")
                    .link(environment.environment().toString(), i)
                    .raw("</th>");
            html.element("td", environment instanceof Ready way ? Words.number(way.wave()) : "", "class", "n")
                    .raw("<td>");
            html.state(PlanForms.state(environment), kind(environment)).raw("</td>");
            html.element("td", environment instanceof Ready way ? PlanForms.loss(way) : "")
                    .raw("</tr>\n");
        }
        html.closeTable();
    }

    private void places() {
        html.element("h2", "Steps").raw("\n");
        boolean few = plan.environments().size() <= OPEN;
        int opened = 0;
        for (int i = 0; i < plan.environments().size(); i++) {
            EnvironmentPlan environment = plan.environments().get(i);
            boolean open = few || (environment instanceof Blocked && opened++ < ATTENTION);
            html.openPlace(
                    environment.environment().toString(),
                    i,
                    PlanForms.state(environment),
                    kind(environment),
                    environment instanceof Ready way ? "wave " + way.wave() : "",
                    open);
            place(environment);
            html.closePlace();
        }
    }

    private void place(EnvironmentPlan environment) {
        if (environment instanceof UpToDate upToDate) {
            html.element("p", upToDate.reason());
        } else if (environment instanceof LeftAlone) {
            html.element("p", "It is in none of the waves.");
        } else if (environment instanceof Blocked blocked) {
            html.raw("<dl class=\"facts\">\n");
            blocked.blockers().forEach(b -> html.term("In the way", b.message()).term("What to do", b.remedy()));
            html.raw("</dl>\n");
        }
        html.findings(findings.getOrDefault(environment.environment(), List.of()));
        if (environment instanceof Ready way) {
            html.element("p", PlanForms.loss(way));
            html.openTable(
                    "Steps of " + way.environment() + ", with their place in the whole plan",
                    "steps",
                    "Step",
                    "Phase",
                    "Place");
            for (Step step : way.steps()) {
                html.raw("<tr>").element("th", step.describe(), "scope", "row");
                html.element("td", step.kind().phase().name().toLowerCase(Locale.ROOT));
                html.element("td", Words.number(order.getOrDefault(step.id(), 0)), "class", "n")
                        .raw("</tr>\n");
            }
            html.closeTable();
        }
    }

    private static String kind(EnvironmentPlan environment) {
        if (environment instanceof Blocked) {
            return "bad";
        }
        return environment instanceof LeftAlone ? "open" : "good";
    }
}
