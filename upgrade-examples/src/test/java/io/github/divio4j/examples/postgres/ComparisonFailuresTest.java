package io.github.divio4j.examples.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.divio4j.examples.sandbox.LocalDatabases;
import io.github.divio4j.examples.sandbox.PostgresDsn;
import io.github.divio4j.upgrade.postgres.DataComparison;
import io.github.divio4j.upgrade.postgres.DatabaseException;
import io.github.divio4j.upgrade.postgres.DatabaseException.Reason;
import io.github.divio4j.upgrade.postgres.Statistics;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a comparison says that cannot be made. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ComparisonFailuresTest {
    private LocalDatabases databases;
    private PostgresDsn source;
    private PostgresDsn target;

    @BeforeAll
    void start() throws Exception {
        databases = new LocalDatabases();
        source = databases.create("15");
        target = databases.create("15");
        for (PostgresDsn database : new PostgresDsn[] {source, target}) {
            Everything.run(database, "CREATE TABLE t AS SELECT i FROM generate_series(1, 100000) AS i");
        }
    }

    @AfterAll
    void stop() {
        databases.close();
    }

    private DatabaseException failure(DataComparison.Builder comparison, PostgresDsn from) {
        return catchThrowableOfType(
                DatabaseException.class,
                () -> comparison.build().compare(LocalDatabases.dataSource(from), LocalDatabases.dataSource(target)));
    }

    @Test
    void aWrongPasswordIsSaidWithoutIt() {
        DatabaseException failure = failure(
                DataComparison.builder(),
                new PostgresDsn(source.host(), source.port(), source.database(), source.user(), "wrong-secret"));

        assertThat(failure.reason()).isEqualTo(Reason.LOGIN_REFUSED);
        assertThat(failure.subject()).isEqualTo("the source database");
        assertThat(failure).hasMessageNotContaining("wrong-secret").hasMessageContaining("Nothing was changed");
    }

    @Test
    void anUnreachableServerIsSaid() {
        PostgresDsn nowhere = new PostgresDsn("127.0.0.1", 1, source.database(), source.user(), source.password());

        assertThat(failure(DataComparison.builder(), nowhere).reason()).isEqualTo(Reason.UNREACHABLE);
        assertThatThrownBy(() -> Statistics.analyze(LocalDatabases.dataSource(nowhere)))
                .isInstanceOf(DatabaseException.class);
    }

    @Test
    void aStatementThatTakesTooLongNamesItsTable() throws Exception {
        PostgresDsn slow = databases.create("15");
        Everything.run(slow, "CREATE TABLE t AS SELECT i FROM generate_series(1, 3000000) AS i");

        DatabaseException failure = failure(DataComparison.builder().statementTimeout(Duration.ofMillis(400)), slow);

        assertThat(failure.reason()).isEqualTo(Reason.TIMED_OUT);
        assertThat(failure.subject()).isEqualTo("table public.t of the source");
    }

    @Test
    void aTableThatIsDroppedMeanwhileIsNamed() throws Exception {
        PostgresDsn losing = databases.create("15");
        Everything.run(losing, "CREATE TABLE t AS SELECT i FROM generate_series(1, 100000) AS i");
        AtomicBoolean dropped = new AtomicBoolean();

        DatabaseException failure = failure(
                DataComparison.builder().connections(1).executor(task -> {
                    if (dropped.compareAndSet(false, true)) {
                        try {
                            Everything.run(losing, "DROP TABLE t");
                        } catch (SQLException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                    task.run();
                }),
                losing);

        assertThat(failure.reason()).isEqualTo(Reason.CHANGED_MEANWHILE);
        assertThat(failure.subject()).isEqualTo("table public.t of the source");
    }

    @Test
    void aRoleThatMayNotReadATableIsToldWhichOne() throws Exception {
        PostgresDsn closed = databases.create("15");
        Everything.run(
                closed,
                "CREATE TABLE t AS SELECT i FROM generate_series(1, 10) AS i; REVOKE SELECT ON t FROM CURRENT_USER");

        DatabaseException failure = failure(DataComparison.builder(), closed);

        assertThat(failure.reason()).isEqualTo(Reason.NO_PERMISSION);
        assertThat(failure.subject()).isEqualTo("table public.t of the source");
        assertThat(failure).hasMessageContaining("Grant the right");
    }

    @Test
    void anInterruptEndsIt() {
        Thread.currentThread().interrupt();

        assertThat(failure(DataComparison.builder(), source).reason()).isEqualTo(Reason.INTERRUPTED);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void afterwardsAPooledConnectionIsAsItWas() throws Exception {
        try (Connection pooled = LocalDatabases.dataSource(source).getConnection();
                Statement statement = pooled.createStatement()) {
            DataComparison.builder()
                    .connections(1)
                    .build()
                    .compare(new OneConnection(pooled), LocalDatabases.dataSource(target));

            assertThat(pooled.getAutoCommit()).isTrue();
            for (String setting : new String[] {"search_path", "statement_timeout", "TimeZone"}) {
                try (var row = statement.executeQuery("SELECT current_setting('" + setting + "'), reset_val"
                        + " FROM pg_settings WHERE name = '" + setting + "'")) {
                    row.next();
                    assertThat(row.getString(1)).as(setting).isEqualTo(row.getString(2));
                }
            }
        }
    }
}
