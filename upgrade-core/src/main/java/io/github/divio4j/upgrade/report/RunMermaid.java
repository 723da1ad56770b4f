package io.github.divio4j.upgrade.report;

import io.github.divio4j.upgrade.report.RunView.Place;
import io.github.divio4j.upgrade.run.RunReport.StepRun;
import io.github.divio4j.upgrade.run.RunReport.Window;
import io.github.divio4j.upgrade.run.StepOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A run as a Mermaid Gantt chart: a section for each environment, a bar for each step. */
final class RunMermaid {

    static final int STEPS = 250;
    /** Mermaid refuses more than 50,000 characters. */
    private static final int ENVIRONMENTS = 400;

    private RunMermaid() {}

    static String of(RunView view) {
        StringBuilder chart = new StringBuilder("gantt\n");
        chart.append("  title ")
                .append(Escape.mermaid("Run: " + view.summary()))
                .append('\n');
        chart.append("  dateFormat x\n  axisFormat %H.%M.%S\n");
        List<Place> done =
                view.places().stream().filter(p -> !p.steps().isEmpty()).toList();
        if (view.run().steps().size() <= STEPS) {
            done.forEach(place -> steps(chart, place));
        } else {
            done.stream()
                    .limit(ENVIRONMENTS)
                    .forEach(p -> bar(
                            chart,
                            shortened(p.name()) + " " + p.resultInWords(),
                            p.needsAttention() ? "crit, " : "done, ",
                            p.from(),
                            p.took()));
            if (done.size() > ENVIRONMENTS) {
                chart.append("  section and ")
                        .append(done.size() - ENVIRONMENTS)
                        .append(" more environments\n");
            }
        }
        return chart.toString();
    }

    private static void steps(StringBuilder chart, Place place) {
        chart.append("  section ")
                .append(Escape.mermaid(place.name() + ", " + place.resultInWords()))
                .append('\n');
        window(chart, "unprotected window", "active, ", place.result().unprotected());
        window(chart, "write pause", "active, ", place.result().writesRefused());
        for (StepRun step : place.steps()) {
            boolean failed = step.outcome() instanceof StepOutcome.Failed;
            bar(
                    chart,
                    step.step().describe() + (failed ? ", failed" : ""),
                    failed ? "crit, " : step.outcome() == null ? "" : "done, ",
                    step.startedAt(),
                    RunView.took(step));
        }
    }

    private static void window(StringBuilder chart, String name, String tag, @Nullable Window window) {
        if (window != null) {
            bar(chart, name + " of " + Words.seconds(window.length()), tag, window.from(), window.length());
        }
    }

    private static void bar(StringBuilder chart, String name, String tag, Instant from, Duration took) {
        chart.append("    ")
                .append(Escape.mermaid(name))
                .append(" :")
                .append(tag)
                .append(from.toEpochMilli())
                .append(", ")
                .append(Math.max(1, took.toMillis()))
                .append("ms\n");
    }

    private static String shortened(String name) {
        return name.length() <= 60 ? name : name.substring(0, 60) + "...";
    }
}
