package io.github.divio4j.upgrade.report;

import io.github.divio4j.upgrade.report.RunView.Place;
import io.github.divio4j.upgrade.run.RunReport;
import io.github.divio4j.upgrade.run.RunReport.EnvironmentResult;
import io.github.divio4j.upgrade.run.RunReport.StepRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A run as Markdown. */
final class RunMarkdown {

    private RunMarkdown() {}

    static String of(RunView view) {
        RunReport run = view.run();
        Markdown page = new Markdown().heading(1, "Run: " + view.summary());
        if (run.stopped() != null) {
            page.paragraph(run.stopped());
        }
        List<List<String>> numbers = new ArrayList<>();
        numbers.add(List.of("Run", run.run()));
        numbers.add(List.of(
                "Time",
                Words.time(view.took()) + ", from " + Words.moment(run.startedAt()) + " to "
                        + Words.moment(run.endedAt())));
        numbers.add(List.of("Rows verified", view.verified()));
        numbers.add(List.of("Writes lost", view.writesLost()));
        numbers.add(List.of("Calls made", view.calls()));
        numbers.add(List.of("Executor calls", Words.number(view.executions())));
        numbers.add(List.of("Looks", Words.number(run.observations())));
        numbers.add(List.of("Retries", Words.number(view.retries())));
        page.terms(numbers);
        for (Place place : view.places()) {
            place(page, place, run);
        }
        if (!run.steps().isEmpty() && run.steps().size() <= RunMermaid.STEPS) {
            page.heading(2, "Timeline").diagram(RunMermaid.of(view));
        }
        return page.toString();
    }

    private static void place(Markdown page, Place place, RunReport run) {
        EnvironmentResult result = place.result();
        page.heading(2, place.name() + ": " + place.resultInWords());
        List<List<String>> terms = new ArrayList<>();
        terms.add(List.of("Why", result.detail()));
        terms.add(List.of("True now", result.trueNow()));
        terms.add(List.of("Next safe action", result.next()));
        if (result.unprotected() != null) {
            terms.add(List.of("Unprotected window", RunView.window(result.unprotected())));
        }
        if (result.writesRefused() != null) {
            terms.add(List.of("Write pause", RunView.window(result.writesRefused())));
        }
        terms.add(List.of("Rows verified", place.verifiedInWords()));
        terms.add(List.of("Writes lost", place.writesLost()));
        page.terms(terms).findings(place.findings());
        List<List<String>> steps = new ArrayList<>();
        for (StepRun step : place.steps()) {
            steps.add(List.of(
                    "+" + Words.time(Duration.between(run.startedAt(), step.startedAt())),
                    Words.time(RunView.took(step)),
                    Integer.toString(step.executions()),
                    RunView.outcome(step),
                    step.step().describe()));
        }
        if (!steps.isEmpty()) {
            page.table(List.of("began", "took", "calls", "outcome", "step"), steps);
        }
    }
}
