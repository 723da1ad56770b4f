package io.github.divio4j.upgrade.report;

import io.github.divio4j.upgrade.report.Report.Finding;
import java.util.List;

/**
 * An HTML page under construction. Text and values of attributes are escaped here and nowhere else; names of elements, and
 * what is {@link #raw}, never come from elsewhere.
 */
final class Html {

    private final StringBuilder page = new StringBuilder();

    /** Begins a page. */
    static Html page(String title) {
        Html html = new Html();
        // Nothing may be fetched, sent or run, whatever a name may smuggle in; the icon is there so that no browser
        // asks for one.
        html.raw("""
                        <!doctype html>
                        <html lang="en">
                        <head>
                        <meta charset="utf-8">
                        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
                        <meta name="viewport" content="width=device-width, initial-scale=1">
                        <meta name="color-scheme" content="light dark">
                        <meta name="referrer" content="no-referrer">
                        <link rel="icon" href="data:,">
                        """).element("title", title);
        return html.raw("\n<style>\n" + Style.SHEET + "</style>\n</head>\n<body>\n")
                .element("a", "Skip to the environments", "class", "skip", "href", "#environments")
                .raw("\n<main>\n")
                .element("h1", title);
    }

    String end() {
        return raw("\n</main>\n</body>\n</html>\n").toString();
    }

    /** Begins an element; attributes are names and values. */
    Html open(String name, String... attributes) {
        page.append('<').append(name);
        for (int i = 0; i < attributes.length; i += 2) {
            page.append(' ')
                    .append(attributes[i])
                    .append("=\"")
                    .append(Escape.html(attributes[i + 1]))
                    .append('"');
        }
        page.append('>');
        return this;
    }

    Html close(String name) {
        page.append("</").append(name).append('>');
        return this;
    }

    Html text(String text) {
        page.append(Escape.html(text));
        return this;
    }

    Html element(String name, String text, String... attributes) {
        return open(name, attributes).text(text).close(name);
    }

    /** Adds what is HTML already. */
    Html raw(String html) {
        page.append(html);
        return this;
    }

    /** A term of a description list and what there is to say about it. */
    Html term(String term, String words) {
        return raw("<div>").element("dt", term).element("dd", words).raw("</div>\n");
    }

    /** The same, over the whole width. */
    Html wideTerm(String term, String words) {
        return raw("<div class=\"wide\">")
                .element("dt", term)
                .element("dd", words)
                .raw("</div>\n");
    }

    /** Begins a table that can be scrolled where it does not fit. */
    Html openTable(String caption, String kind, String... columns) {
        return openStyledTable(caption, kind, "", columns);
    }

    /** The same, with declarations of the style sheet's variables. */
    Html openStyledTable(String caption, String kind, String style, String... columns) {
        open("div", "class", "scroll", "role", "region", "aria-label", caption, "tabindex", "0");
        if (style.isEmpty()) {
            open("table", "class", kind);
        } else {
            open("table", "class", kind, "style", style);
        }
        element("caption", caption).raw("\n<thead><tr>");
        for (String column : columns) {
            element("th", column, "scope", "col");
        }
        return raw("</tr></thead>\n<tbody>\n");
    }

    Html closeTable() {
        return raw("</tbody></table></div>\n");
    }

    Html findings(List<Finding> findings) {
        if (!findings.isEmpty()) {
            openTable("Findings", "findings", "Finding", "Of", "Why", "What to do");
            findings.forEach(f -> raw("<tr>")
                    .element("th", f.severity(), "scope", "row")
                    .element("td", f.subject())
                    .element("td", f.why())
                    .element("td", f.remedy())
                    .raw("</tr>\n"));
            closeTable();
        }
        return this;
    }

    /** A link to an environment's part of the page. */
    Html link(String name, int number) {
        return raw("<bdi>").element("a", name, "href", "#e" + number).raw("</bdi>");
    }

    /**
     * Begins an environment's part, which opens and closes.
     *
     * @param state what became of it, in words
     * @param kind {@code good}, {@code bad} or {@code open}
     */
    Html openPlace(String name, int number, String state, String kind, String more, boolean open) {
        raw(open ? "<details open>" : "<details>")
                .raw("<summary><h3><bdi>")
                .text(name)
                .raw("</bdi> ");
        state(state, kind).raw("</h3>");
        element("span", more, "class", "more").raw("</summary>\n");
        // A link to what is inside opens the part around it.
        return open("div", "class", "inside", "id", "e" + number).raw("\n");
    }

    Html closePlace() {
        return raw("<p class=\"back\"><a href=\"#environments\">All environments</a></p>\n</div></details>\n");
    }

    Html state(String state, String kind) {
        return element("span", state, "class", "state " + kind);
    }

    @Override
    public String toString() {
        return page.toString();
    }
}
