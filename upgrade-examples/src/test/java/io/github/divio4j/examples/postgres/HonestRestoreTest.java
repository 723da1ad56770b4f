package io.github.divio4j.examples.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.examples.sandbox.LocalDatabases;
import io.github.divio4j.examples.sandbox.PostgresDsn;
import io.github.divio4j.upgrade.postgres.ComparisonResult;
import io.github.divio4j.upgrade.postgres.DataComparison;
import io.github.divio4j.upgrade.postgres.Statistics;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An honest restore is found to be the same, whatever the two versions write differently. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HonestRestoreTest {
    private LocalDatabases databases;

    @BeforeAll
    void start() {
        databases = new LocalDatabases();
    }

    @AfterAll
    void stop() {
        databases.close();
    }

    static Stream<Arguments> pairs() {
        return Stream.of(
                        List.of("9.6", "13"),
                        List.of("13", "15"),
                        List.of("13", "18"),
                        List.of("15", "17"),
                        List.of("14", "18"))
                .filter(LocalDatabases.versions()::containsAll)
                .filter(pair ->
                        !pair.get(0).equals("14") || !LocalDatabases.versions().contains("13"))
                .map(pair -> Arguments.of(pair.get(0), pair.get(1)));
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("pairs")
    void nothingDiffersAndAfterAnalyzeNoColumnLacksStatistics(String from, String to) throws Exception {
        PostgresDsn source = Everything.create(databases, from);
        PostgresDsn target = databases.create(to);
        databases.copy(source, target);

        ComparisonResult result = DataComparison.builder()
                .build()
                .compare(LocalDatabases.dataSource(source), LocalDatabases.dataSource(target));

        assertThat(result.differences()).as(result.describe()).isEmpty();
        assertThat(result.remarks()).isEmpty();
        assertThat(result.isSame()).isTrue();
        assertThat(result.sourceVersion()).startsWith(from + ".");
        assertThat(result.targetVersion()).startsWith(to + ".");
        assertThat(result.tables()).isGreaterThanOrEqualTo(9);
        assertThat(result.rows()).isGreaterThan(2_800);
        assertThat(result.bytes()).isGreaterThan(500_000);

        assertThat(Statistics.look(LocalDatabases.dataSource(target)).missing())
                .contains("public.numbers.f8", "public.moods.n", "\"Sales Dept\".\"Deal s\".region")
                .doesNotContain("public.later.one", "public.scratch.id");
        Statistics analyzed = Statistics.analyze(LocalDatabases.dataSource(target));
        assertThat(analyzed.missing()).isEmpty();
        assertThat(analyzed.isComplete()).isTrue();
        assertThat(analyzed.tables()).isGreaterThanOrEqualTo(9);
    }
}
