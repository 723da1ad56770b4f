package io.github.divio4j.upgrade.report;

import io.github.divio4j.upgrade.EnvironmentPlan;
import io.github.divio4j.upgrade.EnvironmentPlan.Loss;
import io.github.divio4j.upgrade.EnvironmentPlan.Ready;
import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.UpgradePlan;
import io.github.divio4j.upgrade.report.Report.Finding;
import java.util.List;
import java.util.Map;

/** A plan in all forms, and the words that they share. */
record PlanForms(UpgradePlan plan, Map<EnvironmentRef, List<Finding>> findings) implements Report.Forms {

    @Override
    public String text() {
        return PlanText.of(plan, findings);
    }

    @Override
    public String markdown() {
        return PlanMarkdown.of(plan, findings);
    }

    @Override
    public String mermaid() {
        return PlanMermaid.of(plan);
    }

    @Override
    public String html() {
        return PlanHtml.of(plan, findings);
    }

    static List<Ready> ready(UpgradePlan plan) {
        return plan.environments().stream()
                .filter(Ready.class::isInstance)
                .map(Ready.class::cast)
                .toList();
    }

    /** {@code 2 environments to PostgreSQL 15, 18 steps}. */
    static String summary(UpgradePlan plan) {
        return Words.count(ready(plan).size(), "environment") + goal(plan)
                + plan.spec().targetVersion() + ", " + Words.count(plan.steps().size(), "step");
    }

    private static String goal(UpgradePlan plan) {
        return plan.goal() == UpgradePlan.Goal.UPGRADE ? " to PostgreSQL " : " back from PostgreSQL ";
    }

    /** What becomes of an environment, in a few words. */
    static String state(EnvironmentPlan environment) {
        if (environment instanceof Ready way) {
            return "PostgreSQL " + way.from() + " to " + way.to() + ", "
                    + Words.count(way.steps().size(), "step");
        }
        if (environment instanceof EnvironmentPlan.Blocked) {
            return "blocked";
        }
        return environment instanceof EnvironmentPlan.UpToDate ? "up to date" : "left alone";
    }

    /** What the steps may lose, as a sentence. */
    static String loss(Ready way) {
        return switch (way.loss().kind()) {
            case NOTHING -> "Nothing is lost.";
            case UNPROTECTED_WINDOW ->
                "What the application writes from the backup to the end of the deployment is lost, unless writing is"
                        + " stopped.";
            case WRITES_SINCE_SWITCH -> "It loses " + writesSinceSwitch(way);
        };
    }

    static boolean losesWritesSinceSwitch(Ready way) {
        return way.loss().kind() == Loss.Kind.WRITES_SINCE_SWITCH;
    }

    static String writesSinceSwitch(Ready way) {
        return "what was written to PostgreSQL " + way.to() + " (" + way.prefix() + ") since "
                + (way.loss().since() == null
                        ? "the application moved to it."
                        : way.loss().since() + ".");
    }
}
