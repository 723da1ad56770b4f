package io.github.divio4j.upgrade.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.report.Report.Finding;
import io.github.divio4j.upgrade.run.RunReport;
import io.github.divio4j.upgrade.run.RunReport.StepRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportTest {

    private static Stream<String> written(Report report) {
        return Stream.of(report.text(), report.markdown(), report.html());
    }

    @Test
    void findingsOfAnEnvironmentAreInItsPart() throws InterruptedException {
        Reported shop = Reported.with("shop", "live");
        EnvironmentRef live = shop.world.environments().get(0);
        List<Finding> one = List.of(new Finding("warning", "table orders", "It is large.", "Take your time."));
        List<Finding> another = List.of(new Finding("information", "sessions", "There are 3.", ""));

        for (Report report : List.of(Report.of(shop.plan(Reported.TO_15)), Report.of(shop.run(Reported.TO_15)))) {
            assertThat(written(report.withFindings(live, one).withFindings(live, another)))
                    .allSatisfy(text -> assertThat(text)
                            .contains("warning", "table orders", "It is large.", "Take your time.", "There are 3."));
            assertThat(written(report))
                    .as("the report that findings are added to stays as it is")
                    .noneMatch(text -> text.contains("table orders"));
        }
    }

    @Test
    void aStepThatIsBegunAgainIsARetry() throws InterruptedException {
        RunReport run = Reported.unprotected();
        List<StepRun> steps = new ArrayList<>(run.steps());
        steps.add(steps.get(2));

        RunReport again = new RunReport(
                run.run(),
                run.startedAt(),
                run.endedAt(),
                run.environments(),
                steps,
                run.observations(),
                run.calls(),
                run.stopped());

        assertThat(Report.of(run).markdown()).contains("- **Retries:** 0\n");
        assertThat(Report.of(again).markdown()).contains("- **Retries:** 1\n");
    }

    @Test
    void aReportIsTheSameInEveryLocale() throws InterruptedException {
        Report report = Report.of(Reported.fenced());
        List<String> before = written(report).toList();
        Locale locale = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            assertThat(written(report)).containsExactlyElementsOf(before);
        } finally {
            Locale.setDefault(locale);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 s",
        "40, 0.1 s",
        "1500, 1.5 s",
        "2000, 2 s",
        "95000, 95 s",
        "120000, 2 min",
        "190000, 3 min 10 s",
        "7500000, 2 h 5 min",
        "7200000, 2 h"
    })
    void timesAreReadable(long milliseconds, String words) {
        assertThat(Words.time(Duration.ofMillis(milliseconds))).isEqualTo(words);
    }

    @Test
    void longWindowsAreToldInSecondsToo() {
        assertThat(Words.seconds(Duration.ofSeconds(4000))).isEqualTo("4,000 s (66 min 40 s)");
    }

    @Test
    void largeDiagramsHaveABarForEachEnvironmentAndStayWithinWhatMermaidReads() throws InterruptedException {
        String diagram = Report.of(Reported.many(450)).mermaid();

        assertThat(diagram).hasSizeLessThan(50_000).endsWith("section and 50 more environments\n");
        assertThat(diagram.lines().filter(l -> l.contains(" :"))).hasSize(400);
    }
}
