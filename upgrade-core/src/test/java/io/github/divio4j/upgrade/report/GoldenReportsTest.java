package io.github.divio4j.upgrade.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Reports as they were when somebody last agreed to them. {@code -Dgolden.update} writes them as they are now.
 */
class GoldenReportsTest {

    private static final Path GOLDEN = Path.of("src/test/resources/reports");
    private static final List<String> FORMS = List.of(".txt", ".md", ".mmd", ".html");

    private static final Map<String, Report> REPORTS = new LinkedHashMap<>();

    @TempDir
    Path folder;

    @BeforeAll
    static void make() throws IOException, InterruptedException {
        REPORTS.put("plan", Report.of(Reported.plan()));
        REPORTS.put("run-fenced", Report.of(Reported.fenced()));
        REPORTS.put("run-unprotected", Report.of(Reported.unprotected()));
        REPORTS.put("run-failed", Report.of(Reported.failed()));
        REPORTS.put("run-rolled-back", Report.of(Reported.rolledBack()));
        REPORTS.put("run-blocked", Report.of(Reported.blocked()));
        if (System.getProperty("golden.update") != null) {
            Files.createDirectories(GOLDEN);
            for (String name : REPORTS.keySet()) {
                for (String form : FORMS) {
                    REPORTS.get(name).writeTo(GOLDEN.resolve(name + form));
                }
            }
        }
    }

    static Stream<String> files() {
        return Stream.of("plan", "run-fenced", "run-unprotected", "run-failed", "run-rolled-back", "run-blocked")
                .flatMap(name -> FORMS.stream().map(form -> name + form));
    }

    @ParameterizedTest
    @MethodSource("files")
    void theReportIsAsItWas(String file) {
        Path now = folder.resolve(file);
        Report report = REPORTS.get(file.substring(0, file.lastIndexOf('.')));

        report.writeTo(now);

        assertThat(now).hasSameTextualContentAs(GOLDEN.resolve(file));
    }

    @Test
    void everyFileIsOfAReport() throws IOException {
        try (Stream<Path> golden = Files.list(GOLDEN)) {
            assertThat(golden.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(files().toList());
        }
    }
}
