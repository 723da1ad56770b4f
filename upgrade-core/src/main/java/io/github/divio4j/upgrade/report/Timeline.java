package io.github.divio4j.upgrade.report;

import io.github.divio4j.upgrade.run.RunReport.StepRun;
import io.github.divio4j.upgrade.run.RunReport.Window;
import io.github.divio4j.upgrade.run.StepOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.TreeSet;

/** Draws times as bars: a thousand parts from the left end to the right. */
final class Timeline {

    private static final int PARTS = 1000;
    /** What is shorter would not be seen. */
    private static final int SEEN = 5;

    private static final String BEGIN =
            "<svg viewBox=\"0 0 1000 14\" preserveAspectRatio=\"none\" aria-hidden=\"true\">";

    private final Instant begin;
    private final Instant end;

    Timeline(Instant begin, Instant end) {
        this.begin = begin;
        this.end = end;
    }

    /** A bar for the step, and a tick for each time that the executor was asked how it goes. */
    String step(StepRun step) {
        String kind = step.outcome() == null ? "o" : step.outcome() instanceof StepOutcome.Failed ? "f" : "b";
        TreeSet<Integer> ticks = new TreeSet<>();
        step.executed().stream().skip(1).forEach(at -> ticks.add(position(at)));
        StringBuilder svg = new StringBuilder(BEGIN).append(rectangle(kind, step.startedAt(), step.endedAt()));
        if (!ticks.isEmpty()) {
            svg.append("<path class=\"t\" d=\"");
            ticks.forEach(x -> svg.append('M').append(x).append(" 0v14"));
            svg.append("\"/>");
        }
        return svg.append("</svg>").toString();
    }

    String window(String kind, Window window) {
        return BEGIN + rectangle(kind, window.from(), window.until()) + "</svg>";
    }

    /** Bars over each other: of the whole environment, and of its window if there is one. */
    String whole(RunView.Place place) {
        StringBuilder svg = new StringBuilder(BEGIN);
        String kind = switch (place.result().result()) {
            case FAILED, BLOCKED -> "f";
            case NOT_FINISHED -> "o";
            case UPGRADED, ROLLED_BACK, UP_TO_DATE, LEFT_ALONE -> "b";
        };
        svg.append(rectangle(kind, place.from(), place.until()));
        Window unprotected = place.result().unprotected();
        Window refused = place.result().writesRefused();
        if (unprotected != null) {
            svg.append(rectangle("u", unprotected.from(), unprotected.until()));
        }
        if (refused != null) {
            svg.append(rectangle("p", refused.from(), refused.until()));
        }
        return svg.append("</svg>").toString();
    }

    private String rectangle(String kind, Instant from, Instant until) {
        int x = Math.min(position(from), PARTS - SEEN);
        int width = Math.max(SEEN, position(until) - x);
        return "<rect class=\"" + kind + "\" x=\"" + x + "\" y=\"3\" width=\"" + width + "\" height=\"8\"/>";
    }

    /** Where the shade of a window begins, and how wide it is, as variables of the style sheet. */
    String shade(Window window) {
        int from = position(window.from());
        return String.format(
                Locale.ROOT, "--from:%.1f%%;--for:%.1f%%", from / 10.0, (position(window.until()) - from) / 10.0);
    }

    private int position(Instant at) {
        double whole = Math.max(1, Duration.between(begin, end).toMillis());
        double part = Duration.between(begin, at).toMillis() / whole;
        return (int) Math.round(PARTS * Math.max(0, Math.min(1, part)));
    }
}
