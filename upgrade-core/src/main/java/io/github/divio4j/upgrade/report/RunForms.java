package io.github.divio4j.upgrade.report;

/** A run in all forms. */
record RunForms(RunView view) implements Report.Forms {

    @Override
    public String text() {
        return RunText.of(view);
    }

    @Override
    public String markdown() {
        return RunMarkdown.of(view);
    }

    @Override
    public String mermaid() {
        return RunMermaid.of(view);
    }

    @Override
    public String html() {
        return RunHtml.of(view);
    }
}
