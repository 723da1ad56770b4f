package io.github.divio4j.upgrade.report;

import static java.util.Objects.requireNonNull;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.UpgradePlan;
import io.github.divio4j.upgrade.run.RunReport;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * A plan or a run, for people: as plain text, Markdown, Mermaid, or one HTML page that needs nothing else. The same plan, or
 * run, always gives the same characters, in every locale; lines end with {@code \n} and times are UTC. Names and messages come
 * from elsewhere: in none of the forms can they become markup, and what is invisible in them is shown as an escape such as
 * {@code \}{@code u202e}. Immutable.
 */
public final class Report {

    private final Function<Map<EnvironmentRef, List<Finding>>, Forms> subject;
    private final Map<EnvironmentRef, List<Finding>> findings;

    private Report(
            Function<Map<EnvironmentRef, List<Finding>>, Forms> subject, Map<EnvironmentRef, List<Finding>> findings) {
        this.subject = subject;
        this.findings = findings;
    }

    /**
     * Something that was found out about an environment beside the plan or the run, such as by a preflight.
     *
     * @param severity how bad it is, in a word or two
     * @param subject what it is about
     * @param why what is wrong with it, as sentences
     * @param remedy what to do, as sentences; may be empty
     */
    public record Finding(String severity, String subject, String why, String remedy) {
        /** Checks that nothing is missing. */
        public Finding {
            requireNonNull(severity, "severity");
            requireNonNull(subject, "subject");
            requireNonNull(why, "why");
            requireNonNull(remedy, "remedy");
        }
    }

    /** What is to be reported, in all forms. */
    interface Forms {
        String text();

        String markdown();

        String mermaid();

        String html();
    }

    /** Reports a plan. */
    public static Report of(UpgradePlan plan) {
        requireNonNull(plan, "plan");
        return new Report(findings -> new PlanForms(plan, findings), Map.of());
    }

    /** Reports a run. */
    public static Report of(RunReport run) {
        requireNonNull(run, "run");
        return new Report(findings -> new RunForms(new RunView(run, findings)), Map.of());
    }

    /** Returns this report with findings about one of its environments, beside those that it has. */
    public Report withFindings(EnvironmentRef environment, List<Finding> more) {
        Map<EnvironmentRef, List<Finding>> all = new LinkedHashMap<>(findings);
        all.merge(requireNonNull(environment, "environment"), List.copyOf(more), (before, added) -> {
            List<Finding> both = new ArrayList<>(before);
            both.addAll(added);
            return List.copyOf(both);
        });
        return new Report(subject, all);
    }

    /** Returns it as plain text. */
    public String text() {
        return subject.apply(findings).text();
    }

    /** Returns it as Markdown with tables, as GitHub reads it. Where it is small enough, the Mermaid diagram is in it. */
    public String markdown() {
        return subject.apply(findings).markdown();
    }

    /**
     * Returns it as a Mermaid diagram: of a plan a flowchart, of a run a Gantt chart. Mermaid refuses large diagrams, so that
     * one of more than 250 steps has a node for each wave, or a bar for each of the first 400 environments.
     */
    public String mermaid() {
        return subject.apply(findings).mermaid();
    }

    /** Returns it as an HTML page: no script, no request to anywhere, light and dark, for screens and for printers. */
    public String html() {
        return subject.apply(findings).html();
    }

    /**
     * Writes it to a file, in place of what it held, in the form that its name ends with: {@code .txt}, {@code .md},
     * {@code .mmd} or {@code .html}. Whoever reads the file meanwhile, or after a failure, finds what it held before or the
     * whole report. Characters are UTF-8.
     *
     * @throws IllegalArgumentException if the name ends with something else
     * @throws UncheckedIOException if it cannot be written; the message says why, and that nothing was
     */
    public void writeTo(Path file) {
        String name = String.valueOf(file.getFileName());
        String content = switch (name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT)) {
            case "txt" -> text();
            case "md" -> markdown();
            case "mmd" -> mermaid();
            case "html", "htm" -> html();
            default ->
                throw new IllegalArgumentException("The report was not written: " + file
                        + " must end with .txt, .md, .mmd or .html, which says what it is written as.");
        };
        ReportFile.write(file, content);
    }
}
