package io.github.divio4j.upgrade.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.divio4j.upgrade.PostgresVersion;
import io.github.divio4j.upgrade.postgres.Finding.Severity;
import io.github.divio4j.upgrade.postgres.RemovedNames.Kind;
import io.github.divio4j.upgrade.postgres.RemovedNames.Removed;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreflightResultTest {

    private static Finding finding(String id, Severity severity, String object) {
        return new Finding(id, severity, object, "It is so.", "Change it.");
    }

    private static PreflightResult result(Finding... findings) {
        return new PreflightResult(
                "13.23", "15.19", List.of(findings), 5_000_000L, 2.5, Duration.ofSeconds(7), "As it was told.", null);
    }

    @Test
    void theWorstComesFirst() {
        PreflightResult result = result(
                finding("C18", Severity.INFORMATION, "index a"),
                finding("C12", Severity.BLOCKS_RESTORE, "index b"),
                finding("C14", Severity.APPLICATION, "function f()"),
                finding("C12", Severity.BLOCKS_RESTORE, "index a"),
                finding("C22", Severity.WARNING, "slot"),
                finding("C01", Severity.BLOCKS_RESTORE, "table t"));

        assertThat(result.findings())
                .extracting(Finding::id, Finding::object)
                .containsExactly(
                        tuple("C01", "table t"),
                        tuple("C12", "index a"),
                        tuple("C12", "index b"),
                        tuple("C22", "slot"),
                        tuple("C14", "function f()"),
                        tuple("C18", "index a"));
        assertThat(result.blocking()).hasSize(3);
        assertThat(result.passed()).isFalse();
    }

    @Test
    void itIsDescribedLineByLine() {
        assertThat(result(finding("C18", Severity.INFORMATION, "index a"))
                        .describe()
                        .lines())
                .containsExactly(
                        "nothing blocks the restore: PostgreSQL 13.23 to 15.19",
                        "  backup and restore: about 7 s. As it was told.",
                        "- information: C18, index a: It is so. Change it.");
    }

    @Test
    void onlyWhatIsRemovedBetweenTheTwoVersionsCounts() {
        assertThat(RemovedNames.between(9, 18, Kind.EXTENSION))
                .extracting(Removed::since, Removed::name)
                .containsExactly(
                        tuple(10, "tsearch2"),
                        tuple(11, "chkpass"),
                        tuple(12, "timetravel"),
                        tuple(17, "adminpack"),
                        tuple(17, "old_snapshot"));
        assertThat(RemovedNames.between(12, 17, Kind.EXTENSION))
                .extracting(Removed::name)
                .containsExactly("adminpack", "old_snapshot");
        assertThat(RemovedNames.between(13, 13, Kind.FUNCTION)).isEmpty();
        assertThat(RemovedNames.between(13, 14, Kind.OPERATOR))
                .extracting(Removed::name)
                .contains("!!(-,bigint)", "@(point,box)");
    }

    @ParameterizedTest
    @CsvSource({"1.10, 1.9, 1", "1.0, 1.0, 0", "2.1, 3.0, -1", "3.4.1, 3.4, 1", "1.2-unpackaged, 1.2, 1"})
    void versionsOfExtensionsAreComparedByNumber(String one, String other, int sign) {
        assertThat(Integer.signum(ServerChecks.compare(one, other))).isEqualTo(sign);
        assertThat(Integer.signum(ServerChecks.compare(other, one))).isEqualTo(-sign);
    }

    @Test
    void whatIsAskedForIsChecked() {
        DataSource none = (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> null);
        Preflight.Builder preflight = Preflight.of(none, PostgresVersion.parse("15"));

        assertThatThrownBy(() -> preflight.statementTimeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> preflight.sampling(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> preflight.bytesPerSecond(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
