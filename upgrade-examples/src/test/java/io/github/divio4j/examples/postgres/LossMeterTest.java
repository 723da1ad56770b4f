package io.github.divio4j.examples.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.divio4j.examples.sandbox.LocalDatabases;
import io.github.divio4j.examples.sandbox.PostgresDsn;
import io.github.divio4j.upgrade.TableWrites;
import io.github.divio4j.upgrade.TableWrites.Accuracy;
import io.github.divio4j.upgrade.WrittenSince;
import io.github.divio4j.upgrade.postgres.DatabaseException;
import io.github.divio4j.upgrade.postgres.DatabaseException.Reason;
import io.github.divio4j.upgrade.postgres.LossMeter;
import io.github.divio4j.upgrade.postgres.Mark;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(SharedDatabases.class)
class LossMeterTest {
    private static final String SCHEMA = """
            CREATE TABLE orders (id serial PRIMARY KEY, amount float8, tags text[], placed timestamptz DEFAULT now());
            INSERT INTO orders (amount, tags) SELECT n / 10.0, ARRAY['a b', NULL] FROM generate_series(1, 1200) n;
            CREATE TABLE "Order Lines" (code char(4), line numeric, note text, PRIMARY KEY (line, code));
            INSERT INTO "Order Lines" SELECT 'c' || n % 7, n + 0.50, 'x' FROM generate_series(1, 50) n;
            CREATE TABLE log (entry text);
            INSERT INTO log SELECT 'entry ' || n FROM generate_series(1, 20) n;
            """;

    private static final String OLDEST = SharedDatabases.versions().get(0);
    private static final String NEXT = SharedDatabases.versions().get(1);

    private final LocalDatabases databases;

    LossMeterTest(LocalDatabases databases) {
        this.databases = databases;
    }

    /** A dump can be made of servers up to the version of the client tools, and restored into any that is newer. */
    static Stream<Arguments> pairs() {
        List<String> versions = SharedDatabases.versions();
        return Stream.of(
                Arguments.of(versions.get(0), versions.get(1)),
                Arguments.of(versions.get(1), versions.get(versions.size() - 1)),
                Arguments.of(versions.get(2), versions.get(versions.size() - 1)));
    }

    private PostgresDsn shop(String version) throws Exception {
        PostgresDsn shop = databases.create(version);
        Client.run(shop, SCHEMA);
        // Otherwise some of these rows would be counted after a mark.
        long deadline = System.nanoTime() + 15_000_000_000L;
        while (!Client.texts(shop, "SELECT sum(n_tup_ins) FROM pg_stat_user_tables")
                .contains("1270")) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(50);
        }
        return shop;
    }

    private PostgresDsn restored(PostgresDsn source, String version) throws Exception {
        PostgresDsn target = databases.create(version);
        databases.copy(source, target);
        return target;
    }

    private static Mark mark(PostgresDsn database) {
        return LossMeter.mark(LocalDatabases.dataSource(database));
    }

    private static WrittenSince measure(PostgresDsn source, Mark mark, PostgresDsn target, @Nullable Mark restored) {
        return LossMeter.measure(LocalDatabases.dataSource(source), mark, LocalDatabases.dataSource(target), restored);
    }

    private static TableWrites table(WrittenSince written, String name) {
        return written.tables().stream()
                .filter(table -> table.table().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void everyRowIsCountedThatIsNotInTheTargetAsItIs(String from, String to) throws Exception {
        PostgresDsn source = shop(from);
        Mark mark = mark(source);
        Client.run(
                source,
                "INSERT INTO orders (amount) VALUES (0.1), (0.2); UPDATE orders SET amount = -1 WHERE id = 5;"
                        + " DELETE FROM orders WHERE id = 6; INSERT INTO log VALUES ('in between')");
        PostgresDsn target = restored(source, to);

        Client.run(
                source,
                "INSERT INTO orders (amount, tags) SELECT n / 3.0, ARRAY['late'] FROM generate_series(1, 700) n;"
                        + " UPDATE orders SET amount = amount + 1 WHERE id BETWEEN 11 AND 19;"
                        + " UPDATE orders SET amount = amount + 1 WHERE id BETWEEN 18 AND 20;"
                        + " DELETE FROM orders WHERE id BETWEEN 31 AND 35;"
                        + " INSERT INTO \"Order Lines\" VALUES ('new', 1.5, NULL);"
                        + " UPDATE \"Order Lines\" SET note = 'y' WHERE line = 3.50");
        WrittenSince written = measure(source, mark, target, null);

        assertThat(table(written, "public.orders"))
                .isEqualTo(new TableWrites("public.orders", 700, 10, 5, Accuracy.EXACT));
        assertThat(table(written, "public.\"Order Lines\""))
                .isEqualTo(new TableWrites("public.\"Order Lines\"", 1, 1, 0, Accuracy.EXACT));
        assertThat(table(written, "public.log"))
                .isEqualTo(new TableWrites("public.log", 1, 0, 0, Accuracy.UPPER_BOUND));
        assertThat(written.exact()).isFalse();
        assertThat(written.total()).isEqualTo(718);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void zeroIsMeasured(String from, String to) throws Exception {
        PostgresDsn source = shop(from);
        Mark mark = mark(source);
        Client.run(source, "INSERT INTO orders (amount) SELECT n FROM generate_series(1, 600) n");
        PostgresDsn target = restored(source, to);

        Client.run(source, "BEGIN; SELECT * FROM orders FOR UPDATE; COMMIT");
        Client.run(source, "BEGIN; UPDATE orders SET amount = 0; DELETE FROM \"Order Lines\"; ROLLBACK");
        WrittenSince written = measure(source, mark, target, null);

        assertThat(written.none()).isTrue();
        assertThat(written.exact()).isTrue();
        assertThat(written).asString().startsWith("nothing was written from ");
    }

    @ParameterizedTest
    @MethodSource("io.github.divio4j.examples.postgres.SharedDatabases#versions")
    void whatTransactionsThatWereOpenAtTheMarkCommittedLateIsCounted(String version) throws Exception {
        PostgresDsn source = shop(version);
        PostgresDsn target = shop(version);
        try (Client early = Client.of(source);
                Client late = Client.of(source)) {
            early.run("BEGIN; UPDATE \"Order Lines\" SET note = 'early' WHERE line = 1.50");
            late.run("BEGIN; SAVEPOINT one; INSERT INTO \"Order Lines\" VALUES ('sub', 1, ''); RELEASE one;"
                    + " INSERT INTO \"Order Lines\" VALUES ('top', 1, '')");
            Client.run(source, "INSERT INTO \"Order Lines\" VALUES ('done', 1, '')");
            Mark mark = mark(source);
            early.run("COMMIT");
            // As a backup of this moment would be restored.
            Client.run(
                    target,
                    "UPDATE \"Order Lines\" SET note = 'early' WHERE line = 1.50;"
                            + " INSERT INTO \"Order Lines\" VALUES ('done', 1, '')");
            late.run("COMMIT");
            Client.run(source, "VACUUM FREEZE \"Order Lines\"");

            assertThat(table(measure(source, mark, target, null), "public.\"Order Lines\""))
                    .isEqualTo(new TableWrites("public.\"Order Lines\"", 2, 0, 0, Accuracy.EXACT));
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void whatTheApplicationWritesToTheTargetIsToldApart(String from, String to) throws Exception {
        PostgresDsn source = shop(from);
        Mark mark = mark(source);
        PostgresDsn target = restored(source, to);
        Client.run(
                source,
                "INSERT INTO orders (amount) SELECT n FROM generate_series(1, 20) n; DELETE FROM orders WHERE id = 1;"
                        + " UPDATE orders SET amount = -1 WHERE id = 2");
        Mark restored = LossMeter.markRestored(LocalDatabases.dataSource(target));

        // Its sequence goes on where the backup's ended: these orders have the ids of those that are lost.
        Client.run(
                target,
                "INSERT INTO orders (amount) SELECT -n FROM generate_series(1, 5) n; UPDATE orders SET amount = 7"
                        + " WHERE id BETWEEN 100 AND 120; DELETE FROM orders WHERE id = 200");

        assertThat(table(
                        measure(source, Mark.parse(mark.text()), target, Mark.parse(restored.text())), "public.orders"))
                .isEqualTo(new TableWrites("public.orders", 20, 1, 1, Accuracy.EXACT));

        Client.run(target, "UPDATE orders SET amount = 8 WHERE id = 2");
        assertThat(table(measure(source, mark, target, restored), "public.orders"))
                .isEqualTo(new TableWrites("public.orders", 20, 1, 1, Accuracy.UPPER_BOUND));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void whileAnApplicationWritesThroughoutNoneIsMissedAndNoneIsMadeUp(String from, String to) throws Exception {
        PostgresDsn source = databases.create(from);
        Client.run(source, Writers.TABLE);
        PostgresDsn target;
        Mark mark;
        try (Writers writers = new Writers(source)) {
            writers.await(100);
            mark = mark(source);
            writers.await(100);
            target = restored(source, to);
            writers.await(100);
        }
        Set<String> lost = new HashSet<>(Client.texts(source, "SELECT number FROM written"));
        Client.texts(target, "SELECT number FROM written").forEach(lost::remove);

        WrittenSince written = measure(source, mark, target, null);

        assertThat(lost).hasSizeGreaterThanOrEqualTo(100);
        assertThat(table(written, "public.written"))
                .isEqualTo(new TableWrites("public.written", lost.size(), 0, 0, Accuracy.EXACT));
    }

    @ParameterizedTest
    @MethodSource("io.github.divio4j.examples.postgres.SharedDatabases#versions")
    void withoutATargetItIsAnUpperBound(String version) throws Exception {
        PostgresDsn source = shop(version);
        Mark mark = mark(source);
        Client.run(
                source,
                "INSERT INTO orders (amount) VALUES (1), (2); UPDATE orders SET amount = 3 WHERE id < 4;"
                        + " UPDATE orders SET amount = 4 WHERE id < 4; DELETE FROM log; SELECT lo_create(4711);"
                        + " SELECT lo_put(4711, 0, 'text')");

        WrittenSince written = LossMeter.measure(LocalDatabases.dataSource(source), mark);

        assertThat(table(written, "public.orders"))
                .isEqualTo(new TableWrites("public.orders", 2, 6, 0, Accuracy.UPPER_BOUND));
        assertThat(table(written, "public.log"))
                .isEqualTo(new TableWrites("public.log", 0, 0, 20, Accuracy.UPPER_BOUND));
        assertThat(table(written, "pg_largeobject").inserted()).isEqualTo(1);
        assertThat(table(written, "public.\"Order Lines\"").none()).isTrue();
        assertThat(written.exact()).isFalse();
    }

    @Test
    void tablesThatWereMadeDroppedOrTruncatedSinceAreSeen() throws Exception {
        PostgresDsn source = shop(OLDEST);
        Mark mark = mark(source);
        PostgresDsn target = restored(source, NEXT);
        Client.run(
                source,
                "DROP TABLE orders; TRUNCATE log; TRUNCATE \"Order Lines\";"
                        + " CREATE TABLE fresh (id integer PRIMARY KEY); INSERT INTO fresh VALUES (1), (2)");

        WrittenSince compared = measure(source, mark, target, null);
        assertThat(table(compared, "public.orders"))
                .isEqualTo(new TableWrites("public.orders", 0, 0, 1200, Accuracy.EXACT));
        assertThat(table(compared, "public.\"Order Lines\""))
                .isEqualTo(new TableWrites("public.\"Order Lines\"", 0, 0, 50, Accuracy.EXACT));
        assertThat(table(compared, "public.fresh")).isEqualTo(new TableWrites("public.fresh", 2, 0, 0, Accuracy.EXACT));
        assertThat(table(compared, "public.log").accuracy()).isEqualTo(Accuracy.INCOMPLETE);

        WrittenSince alone = LossMeter.measure(LocalDatabases.dataSource(source), mark);
        assertThat(table(alone, "public.orders").accuracy()).isEqualTo(Accuracy.INCOMPLETE);
        assertThat(table(alone, "public.log").accuracy()).isEqualTo(Accuracy.INCOMPLETE);
        assertThat(alone.none()).isFalse();
    }

    @Test
    void rowsThatAreMissingInTheTargetFromBeforeTheMarkAreNoLossOfTheBackup() throws Exception {
        PostgresDsn source = shop(OLDEST);
        PostgresDsn target = shop(OLDEST);
        Client.run(target, "DELETE FROM \"Order Lines\" WHERE line > 40");

        assertThat(table(measure(source, mark(source), target, null), "public.\"Order Lines\""))
                .isEqualTo(new TableWrites("public.\"Order Lines\"", 0, 0, 0, Accuracy.INCOMPLETE));
    }

    @Test
    void aMarkOfAnotherDatabaseIsRefused() throws Exception {
        PostgresDsn source = shop(OLDEST);
        PostgresDsn other = shop(OLDEST);
        Mark mark = mark(other);

        DatabaseException thrown = catchThrowableOfType(
                DatabaseException.class, () -> LossMeter.measure(LocalDatabases.dataSource(source), mark));

        assertThat(thrown.reason()).isEqualTo(Reason.UNFIT_MARK);
        assertThat(thrown).hasMessageContaining("another database");
    }

    @Test
    void aMarkIsTheSameReadFromItsText() throws Exception {
        PostgresDsn source = shop(OLDEST);
        Mark restored = LossMeter.markRestored(LocalDatabases.dataSource(source));

        assertThat(restored.text()).doesNotContain("\n");
        assertThat(Mark.parse(restored.text())).isEqualTo(restored);
        assertThat(catchThrowableOfType(IllegalArgumentException.class, () -> Mark.parse("divio4j-mark 1 x")))
                .hasMessageStartingWith("Not the text of a mark");
    }
}
