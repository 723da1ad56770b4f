package io.github.divio4j.upgrade.report;

import io.github.divio4j.upgrade.report.RunView.Place;
import io.github.divio4j.upgrade.run.RunReport;
import io.github.divio4j.upgrade.run.RunReport.EnvironmentResult;
import io.github.divio4j.upgrade.run.RunReport.Result;
import io.github.divio4j.upgrade.run.RunReport.StepRun;
import io.github.divio4j.upgrade.run.RunReport.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A run as an HTML page. */
final class RunHtml {

    /** With more, only what needs attention is open. */
    private static final int OPEN = 5;

    private static final int ATTENTION = 20;

    private final RunView view;
    private final RunReport run;
    private final Html html;

    private RunHtml(RunView view) {
        this.view = view;
        this.run = view.run();
        this.html = Html.page("Run: " + view.summary());
    }

    static String of(RunView view) {
        RunHtml page = new RunHtml(view);
        page.numbers();
        page.attention();
        page.overview();
        page.places();
        return page.html.end();
    }

    private void numbers() {
        html.element("p", run.run() + ", from " + Words.moment(run.startedAt()) + " to " + Words.moment(run.endedAt()));
        if (run.stopped() != null) {
            html.element("p", run.stopped(), "class", "note");
        }
        html.raw("\n<dl class=\"numbers\">\n")
                .term("Time", Words.time(view.took()))
                .term("Environments", Words.number(view.places().size()))
                .term("Steps", Words.number(run.steps().size()))
                .term("Retries", Words.number(view.retries()))
                .term("Calls made", view.calls())
                .term("Executor calls", Words.number(view.executions()))
                .term("Looks", Words.number(run.observations()))
                .term("Rows verified", view.verified())
                .wideTerm("Writes lost", view.writesLost())
                .raw("</dl>\n");
    }

    private void attention() {
        List<Place> all = view.places().stream().filter(Place::needsAttention).toList();
        if (all.isEmpty()) {
            return;
        }
        html.element("h2", "What needs attention").raw("\n<ul class=\"attention\">\n");
        all.stream().limit(ATTENTION).forEach(place -> {
            html.raw("<li>").link(place.name(), view.places().indexOf(place)).raw(" ");
            html.state(place.resultInWords(), kind(place.result().result())).raw(" ");
            html.text(place.result().next()).raw("</li>\n");
        });
        html.raw("</ul>\n");
        if (all.size() > ATTENTION) {
            html.element("p", "And " + (all.size() - ATTENTION) + " more, marked in the table below.");
        }
    }

    /** Columns that hold nothing are left out. */
    private void overview() {
        boolean unprotected = view.places().stream().anyMatch(p -> p.result().unprotected() != null);
        boolean refused = view.places().stream().anyMatch(p -> p.result().writesRefused() != null);
        boolean verified = view.places().stream().anyMatch(p -> p.rowsVerified().isPresent());
        List<String> columns = new ArrayList<>(List.of("Environment", "Result", "Steps", "Time"));
        if (unprotected) {
            columns.add("Unprotected window");
        }
        if (refused) {
            columns.add("Write pause");
        }
        if (verified) {
            columns.add("Rows verified");
        }
        columns.add(Words.time(view.took()) + " from left to right");
        html.element("h2", "Environments", "id", "environments");
        html.openTable("All environments, over the time of the run", "overview", columns.toArray(String[]::new));
        Timeline whole = new Timeline(run.startedAt(), run.endedAt());
        for (int i = 0; i < view.places().size(); i++) {
            Place place = view.places().get(i);
            EnvironmentResult result = place.result();
            html.raw("<tr>").open("th", "scope", "row").link(place.name(), i).raw("</th><td>");
            html.state(place.resultInWords(), kind(result.result())).raw("</td>");
            number(Integer.toString(place.steps().size()));
            number(place.steps().isEmpty() ? "" : Words.time(place.took()));
            if (unprotected) {
                number(length(result.unprotected()));
            }
            if (refused) {
                number(length(result.writesRefused()));
            }
            if (verified) {
                number(
                        place.rowsVerified().isPresent()
                                ? Words.number(place.rowsVerified().getAsLong())
                                : "");
            }
            html.raw("<td class=\"g\">")
                    .raw(place.steps().isEmpty() ? "" : whole.whole(place))
                    .raw("</td></tr>\n");
        }
        html.closeTable();
    }

    private static String length(@Nullable Window window) {
        return window == null ? "" : Words.seconds(window.length());
    }

    private void number(String number) {
        html.element("td", number, "class", "n");
    }

    private void places() {
        html.element("h2", "Timelines").raw("""

                <ul class="legend">
                <li><svg viewBox="0 0 1000 14" preserveAspectRatio="none" aria-hidden="true"><rect class="b" y="3" width="1000" height="8"/>\
                <path class="t" d="M300 0v14M600 0v14M800 0v14"/></svg> a step, with a tick for each look how it goes</li>
                <li><svg viewBox="0 0 1000 14" preserveAspectRatio="none" aria-hidden="true"><rect class="f" y="3" width="1000" height="8"/></svg> a step that failed</li>
                <li><svg viewBox="0 0 1000 14" preserveAspectRatio="none" aria-hidden="true"><rect class="o" y="3" width="1000" height="8"/></svg> a step that was not finished</li>
                <li><svg viewBox="0 0 1000 14" preserveAspectRatio="none" aria-hidden="true"><rect class="u" y="3" width="1000" height="8"/></svg> the unprotected window</li>
                <li><svg viewBox="0 0 1000 14" preserveAspectRatio="none" aria-hidden="true"><rect class="p" y="3" width="1000" height="8"/></svg> the write pause</li>
                </ul>
                """);
        boolean few = view.places().size() <= OPEN;
        int opened = 0;
        for (int i = 0; i < view.places().size(); i++) {
            Place place = view.places().get(i);
            boolean open = few || (place.needsAttention() && opened++ < ATTENTION);
            place(place, i, open);
        }
    }

    private void place(Place place, int number, boolean open) {
        EnvironmentResult result = place.result();
        String more = place.steps().isEmpty()
                ? ""
                : Words.count(place.steps().size(), "step") + ", " + Words.time(place.took());
        html.openPlace(place.name(), number, place.resultInWords(), kind(result.result()), more, open);
        html.raw("<dl class=\"facts\">\n")
                .term("Why", result.detail())
                .term("True now", result.trueNow())
                .term("Next safe action", result.next());
        if (result.unprotected() != null) {
            html.term("Unprotected window", RunView.window(result.unprotected()));
        }
        if (result.writesRefused() != null) {
            html.term("Write pause", RunView.window(result.writesRefused()));
        }
        html.term("Rows verified", place.verifiedInWords()).term("Writes lost", place.writesLost());
        if (!place.steps().isEmpty()) {
            html.term("Executor calls", Words.number(place.executions()))
                    .term("Retries", Words.number(place.retries()));
        }
        html.raw("</dl>\n").findings(place.findings());
        if (!place.steps().isEmpty()) {
            timeline(place);
        }
        html.closePlace();
    }

    private void timeline(Place place) {
        Timeline line = new Timeline(place.from(), place.until());
        Window unprotected = place.result().unprotected();
        Window refused = place.result().writesRefused();
        Window shaded = unprotected == null ? refused : unprotected;
        html.openStyledTable(
                "Timeline of " + place.name(),
                shaded == null ? "timeline" : unprotected == null ? "timeline paused" : "timeline unprotected",
                shaded == null ? "" : line.shade(shaded),
                "Step",
                "Outcome",
                "Calls",
                "Began",
                "Took",
                Words.time(place.took()) + " from left to right");
        window("The unprotected window", "u", unprotected, line);
        window("The write pause", "p", refused, line);
        for (StepRun step : place.steps()) {
            html.raw("<tr>").element("th", step.step().describe(), "scope", "row");
            outcome(step);
            number(Integer.toString(step.executions()));
            number(began(step.startedAt()));
            number(Words.time(RunView.took(step)));
            html.raw("<td class=\"g\">").raw(line.step(step)).raw("</td></tr>\n");
        }
        html.closeTable();
    }

    private void outcome(StepRun step) {
        String words = RunView.outcome(step);
        switch (words) {
            case "failed" -> html.element("td", words, "class", "bad");
            case "not finished" -> html.element("td", words, "class", "open");
            default -> html.element("td", words);
        }
    }

    private void window(String name, String kind, @Nullable Window window, Timeline line) {
        if (window != null) {
            html.raw("<tr>").element("th", name, "scope", "row").raw("<td></td><td></td>");
            number(began(window.from()));
            number(Words.seconds(window.length()));
            html.raw("<td class=\"g\">").raw(line.window(kind, window)).raw("</td></tr>\n");
        }
    }

    private String began(Instant at) {
        return at.isBefore(run.startedAt())
                ? "before the run"
                : "+" + Words.time(Duration.between(run.startedAt(), at));
    }

    private static String kind(Result result) {
        return switch (result) {
            case UPGRADED, ROLLED_BACK, UP_TO_DATE -> "good";
            case BLOCKED, FAILED -> "bad";
            case LEFT_ALONE, NOT_FINISHED -> "open";
        };
    }
}
