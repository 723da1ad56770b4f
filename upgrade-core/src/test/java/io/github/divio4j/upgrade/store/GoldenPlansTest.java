package io.github.divio4j.upgrade.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.upgrade.SavedPlan;
import io.github.divio4j.upgrade.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Plans as they were when somebody last agreed to them: every change of a plan shows as a difference of texts.
 * {@code -Dgolden.update} writes them as they are now.
 */
class GoldenPlansTest {

    private static final Path GOLDEN = Path.of("src/test/resources/plans");

    private static final Map<String, SavedPlan> PLANS = RecordedPlans.all();

    @TempDir
    Path folder;

    @BeforeAll
    static void update() throws IOException {
        if (System.getProperty("golden.update") == null) {
            return;
        }
        Files.createDirectories(GOLDEN);
        try (Stream<Path> old = Files.list(GOLDEN)) {
            for (Path file : old.toList()) {
                Files.delete(file);
            }
        }
        for (Map.Entry<String, SavedPlan> plan : PLANS.entrySet()) {
            Files.writeString(GOLDEN.resolve(plan.getKey() + ".json"), PlanFile.toJson(plan.getValue()));
            Files.writeString(
                    GOLDEN.resolve(plan.getKey() + ".txt"),
                    Report.of(plan.getValue().plan()).text());
        }
    }

    static Stream<String> names() {
        return PLANS.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void thePlanIsAsItWas(String name) throws IOException {
        SavedPlan plan = PLANS.get(name);
        Path text = Files.writeString(
                folder.resolve(name + ".txt"), Report.of(plan.plan()).text());
        Path json = Files.writeString(folder.resolve(name + ".json"), PlanFile.toJson(plan));

        assertThat(text).hasSameTextualContentAs(GOLDEN.resolve(name + ".txt"));
        assertThat(json).hasSameTextualContentAs(GOLDEN.resolve(name + ".json"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void theFileIsReadAsThePlan(String name) {
        assertThat(PlanFile.read(GOLDEN.resolve(name + ".json"))).isEqualTo(PLANS.get(name));
    }

    @Test
    void everyFileIsOfAPlan() throws IOException {
        TreeSet<String> expected = new TreeSet<>();
        PLANS.keySet().forEach(name -> {
            expected.add(name + ".json");
            expected.add(name + ".txt");
        });
        try (Stream<Path> files = Files.list(GOLDEN)) {
            assertThat(files.map(f -> f.getFileName().toString())).containsExactlyInAnyOrderElementsOf(expected);
        }
    }
}
