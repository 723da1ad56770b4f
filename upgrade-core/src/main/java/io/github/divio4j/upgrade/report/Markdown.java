package io.github.divio4j.upgrade.report;

import io.github.divio4j.upgrade.report.Report.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A Markdown text under construction. Everything that is given to it is escaped. */
final class Markdown {

    private final StringBuilder text = new StringBuilder();

    Markdown heading(int level, String words) {
        gap();
        text.append("#".repeat(level))
                .append(' ')
                .append(Escape.markdown(Escape.line(words)))
                .append('\n');
        return this;
    }

    Markdown paragraph(String words) {
        gap();
        text.append(Escape.markdown(words)).append('\n');
        return this;
    }

    /** A list of a term and what there is to say about it. */
    Markdown terms(List<List<String>> terms) {
        gap();
        terms.forEach(t -> text.append("- **")
                .append(Escape.markdown(t.get(0)))
                .append(":** ")
                .append(Escape.markdown(t.get(1)))
                .append('\n'));
        return this;
    }

    Markdown table(List<String> columns, List<List<String>> rows) {
        gap();
        row(columns);
        text.append("|").append("---|".repeat(columns.size())).append('\n');
        rows.forEach(this::row);
        return this;
    }

    private void row(List<String> cells) {
        text.append(cells.stream().map(Escape::markdown).collect(Collectors.joining(" | ", "| ", " |\n")));
    }

    Markdown findings(List<Finding> findings) {
        if (!findings.isEmpty()) {
            List<List<String>> rows = new ArrayList<>();
            findings.forEach(f -> rows.add(List.of(f.severity(), f.subject(), f.why(), f.remedy())));
            table(List.of("finding", "of", "why", "what to do"), rows);
        }
        return this;
    }

    /** A diagram that is escaped already. */
    Markdown diagram(String mermaid) {
        gap();
        text.append("```mermaid\n").append(mermaid).append("```\n");
        return this;
    }

    private void gap() {
        if (!text.isEmpty()) {
            text.append('\n');
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
