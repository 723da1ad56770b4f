package io.github.divio4j.upgrade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresVersionTest {

    @ParameterizedTest
    @CsvSource({
        "PostgreSQL Database 13, 13",
        "Postgres 9.6, 9.6",
        "PostgreSQL 9.6.24, 9.6",
        "postgresql-15-shared, 15",
        "PostgreSQL 17.2, 17",
        "PostgreSQL v16, 16",
        "POSTGRES 18, 18",
        "postgres14, 14",
        "PostgreSQL Database 13 (8 GB), 13",
        "Shared 2 vCPU PostgreSQL 15, 15"
    })
    void theVersionIsReadOutOfTheName(String name, String version) {
        assertThat(PostgresVersion.inCatalogueEntry(name, null)).contains(PostgresVersion.parse(version));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PostgreSQL",
                "PostgreSQL 2GB",
                "PostgreSQL 16gb shared",
                "Postgres 9",
                "Postgres 8.4",
                "PostgreSQL 2024",
                "MySQL 8",
                "MySQL Database 13",
                "Object Storage 15",
                ""
            })
    void noVersionIsGuessed(String name) {
        assertThat(PostgresVersion.inCatalogueEntry(name, null)).isEmpty();
    }

    @Test
    void theIdentifierTellsWhatTheNameLeavesOut() {
        assertThat(PostgresVersion.inCatalogueEntry("Database", "postgresql-15"))
                .contains(PostgresVersion.parse("15"));
        assertThat(PostgresVersion.inCatalogueEntry("PostgreSQL 15", "db-large"))
                .contains(PostgresVersion.parse("15"));
    }

    @Test
    void aNameAndAnIdentifierThatContradictEachOtherTellNothing() {
        assertThat(PostgresVersion.inCatalogueEntry("PostgreSQL Database 13", "postgresql-15"))
                .isEmpty();
    }

    @Test
    void mySqlIsNeverPostgres() {
        CatalogueService mySql = new CatalogueService("service-1", "MySQL 8", "mysql-8");

        assertThat(mySql.isPostgres()).isFalse();
        assertThat(mySql.postgresVersion()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"13, 13", "9.6, 9.6", "9.0, 9.0", "17.2, 17", "' 15 ', 15", "9.6.24, 9.6"})
    void aWrittenVersionIsRead(String written, String version) {
        assertThat(PostgresVersion.parse(written)).hasToString(version);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "9", "9.7", "8", "8.4", "thirteen", "-13", "13-15", "130", "13.", "v13", "13.1.2.3"})
    void whatIsNoVersionIsRefusedWithAnExampleOfOne(String written) {
        assertThatThrownBy(() -> PostgresVersion.parse(written))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("\"" + written + "\"", "9.6, 13 or 17");
    }

    @Test
    void versionsAreOrderedByAge() {
        List<String> sorted = Stream.of("18", "9.6", "10", "13", "9.5", "9.0", "15")
                .map(PostgresVersion::parse)
                .sorted()
                .map(PostgresVersion::toString)
                .toList();

        assertThat(sorted).containsExactly("9.0", "9.5", "9.6", "10", "13", "15", "18");
    }

    @Test
    void numbersThatAreNoMajorVersionAreRefused() {
        assertThatThrownBy(() -> new PostgresVersion(13, 4)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PostgresVersion(9, 7)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PostgresVersion(8, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
