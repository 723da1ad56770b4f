package io.github.divio4j.upgrade.report;

import io.github.divio4j.upgrade.report.Report.Finding;
import io.github.divio4j.upgrade.report.RunView.Place;
import io.github.divio4j.upgrade.run.RunReport;
import io.github.divio4j.upgrade.run.RunReport.EnvironmentResult;
import io.github.divio4j.upgrade.run.RunReport.StepRun;
import java.time.Duration;
import java.util.Locale;

/** A run as plain text. */
final class RunText {

    private RunText() {}

    static String of(RunView view) {
        RunReport run = view.run();
        StringBuilder text = new StringBuilder();
        line(text, "", "Run " + run.run() + ": " + view.summary());
        line(
                text,
                "  time              ",
                Words.time(view.took()) + ", from " + Words.moment(run.startedAt()) + " to "
                        + Words.moment(run.endedAt()));
        if (run.stopped() != null) {
            line(text, "  ended early       ", run.stopped());
        }
        line(text, "  rows verified     ", view.verified());
        line(text, "  writes lost       ", view.writesLost());
        line(text, "  calls made        ", view.calls());
        line(text, "  executor calls    ", Words.number(view.executions()));
        line(text, "  looks             ", Words.number(run.observations()));
        line(text, "  steps             ", Words.number(run.steps().size()));
        line(text, "  retries           ", Words.number(view.retries()));
        view.places().forEach(place -> place(text, place, run));
        return text.toString();
    }

    private static void place(StringBuilder text, Place place, RunReport run) {
        EnvironmentResult result = place.result();
        text.append('\n');
        line(text, "", place.name() + ": " + place.resultInWords());
        lines(text, "  why               ", result.detail());
        line(text, "  true now          ", result.trueNow());
        line(text, "  next safe action  ", result.next());
        if (result.unprotected() != null) {
            line(text, "  unprotected       ", RunView.window(result.unprotected()));
        }
        if (result.writesRefused() != null) {
            line(text, "  write pause       ", RunView.window(result.writesRefused()));
        }
        line(text, "  rows verified     ", place.verifiedInWords());
        line(text, "  writes lost       ", place.writesLost());
        line(text, "  retries           ", Words.number(place.retries()));
        place.findings().forEach(f -> line(text, "  finding           ", finding(f)));
        for (StepRun step : place.steps()) {
            Duration after = Duration.between(run.startedAt(), step.startedAt());
            line(
                    text,
                    String.format(
                            Locale.ROOT,
                            "  %12s  %12s  %4d  %-16s  ",
                            "+" + Words.time(after),
                            Words.time(RunView.took(step)),
                            step.executions(),
                            RunView.outcome(step)),
                    step.step().describe());
        }
    }

    static String finding(Finding finding) {
        return finding.severity() + ": " + finding.subject() + ": " + finding.why()
                + (finding.remedy().isEmpty() ? "" : " " + finding.remedy());
    }

    private static void line(StringBuilder text, String label, String what) {
        text.append(label).append(Escape.line(what)).append('\n');
    }

    /** Further lines are indented as the first, so that none of them looks like one of the report's own. */
    private static void lines(StringBuilder text, String label, String what) {
        String safe = Escape.lines(what).replace("\n", "\n" + " ".repeat(label.length()));
        text.append(label).append(safe).append('\n');
    }
}
