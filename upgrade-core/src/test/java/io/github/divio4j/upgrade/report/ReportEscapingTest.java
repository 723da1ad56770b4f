package io.github.divio4j.upgrade.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.report.Report.Finding;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Names and messages come from elsewhere: whatever is in them stays text. */
class ReportEscapingTest {

    private static final Pattern TAG = Pattern.compile("<[^>]*>");
    private static final Pattern OWN_TAG =
            Pattern.compile("<!doctype html>|</?(html|head|meta|link|title|style|body|main|"
                    + "h[1-4]|p|a|dl|div|dt|dd|ul|li|bdi|span|details|summary|table|caption|thead|tbody|tr|th|td|svg|rect|path)"
                    + "( (lang|charset|http-equiv|content|name|rel|href|class|id|style|role|aria-label|aria-hidden|tabindex|scope|"
                    + "viewBox|preserveAspectRatio|x|y|width|height|d)=\"[^\"]*\"| open)*/?>");
    private static final Pattern MERMAID_NODE =
            Pattern.compile(" +[a-z0-9-]+\\[\"([\\p{L}\\p{N} .,()/\\-_]|#[0-9]+;)*\"]");

    static List<Report> hostile() throws InterruptedException {
        Reported hostile = Reported.hostile();
        EnvironmentRef first = hostile.world.environments().get(0);
        List<Finding> findings = List.of(new Finding("<i>", "</td></table>", "</style>\n| a |", "`"));
        return List.of(
                Report.of(hostile.plan(Reported.TO_15)).withFindings(first, findings),
                Report.of(hostile.run(Reported.TO_15)).withFindings(first, findings));
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void inHtmlNoNameBecomesATagOrLeavesItsAttribute(Report report) {
        String page = report.html();

        assertThat(TAG.matcher(page).results().map(MatchResult::group))
                .hasSizeGreaterThan(100)
                .allSatisfy(tag -> assertThat(tag).matches(OWN_TAG));
        assertThat(TAG.matcher(page).replaceAll(""))
                .doesNotContain("<", ">alert")
                .contains("&lt;script&gt;alert(1)");
        assertThat(page).doesNotContain("\u202e");
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void inMarkdownNoNameBecomesMarkup(Report report) {
        String outsideTheDiagram = report.markdown().replaceAll("(?s)```mermaid\n.*?\n```\n", "");

        assertThat(outsideTheDiagram.lines())
                .allSatisfy(line -> assertThat(line.replace("<br>", ""))
                        .doesNotContainPattern("(?<!\\\\)[<`\\[\\]]")
                        .matches("|# .*|## .*|- \\*\\*.*|\\|.*\\||[^|#*-].*"));
        assertThat(outsideTheDiagram).doesNotContain("http://", "\u202e");
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void inMarkdownEveryRowOfATableHasTheSameCells(Report report) {
        String[] lines = report.markdown().split("\n");
        for (int i = 1; i < lines.length; i++) {
            if (lines[i].startsWith("|") && lines[i - 1].startsWith("|")) {
                assertThat(cells(lines[i])).as(lines[i]).isEqualTo(cells(lines[i - 1]));
            }
        }
        assertThat(lines).anyMatch(line -> line.startsWith("|"));
    }

    private static int cells(String row) {
        return row.replace("\\\\", "").replace("\\|", "").split("\\|", -1).length;
    }

    @Test
    void inAFlowchartEveryLabelIsPlain() throws InterruptedException {
        assertThat(hostile().get(0).mermaid().lines().skip(1))
                .allSatisfy(line -> assertThat(line.replaceFirst("subgraph ", ""))
                        .matches("( +[a-z0-9]+ --> [a-z0-9]+)|( +end)|(" + MERMAID_NODE + ")"));
    }

    @Test
    void inAGanttChartEveryLabelIsPlain() throws InterruptedException {
        assertThat(hostile().get(1).mermaid().lines().skip(4))
                .allSatisfy(line -> assertThat(line)
                        .matches(" +(section )?([\\p{L}\\p{N} .,()/\\-_]|#[0-9]+;)*( :([a-z]+, )?[0-9]+, [0-9]+ms)?"));
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void inPlainTextNoNameBeginsALineOrTurnsItsDirection(Report report) {
        assertThat(report.text()).contains("one\\ntwo", "\\u202eevil\\u202c").doesNotContain("\u202e", "\ntwo");
    }

    @Test
    void whatIsEscapedIsStillThereToRead() {
        assertThat(Escape.html("<a href='x'>&\"")).isEqualTo("&lt;a href=&#39;x&#39;&gt;&amp;&quot;");
        assertThat(Escape.markdown("a|b\nc http://d")).isEqualTo("a\\|b<br>c http\\://d");
        assertThat(Escape.mermaid("\"x\"; #1")).isEqualTo("#34;x#34;#59; #35;1");
        assertThat(Escape.line("a\tb\r\nc\u0000\ud800")).isEqualTo("a b\\u000d\\nc\\u0000\\ud800");
    }
}
