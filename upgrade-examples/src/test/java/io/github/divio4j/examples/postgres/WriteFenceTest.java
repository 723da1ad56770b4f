package io.github.divio4j.examples.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.divio4j.examples.sandbox.LocalDatabases;
import io.github.divio4j.examples.sandbox.PostgresDsn;
import io.github.divio4j.upgrade.postgres.DatabaseException;
import io.github.divio4j.upgrade.postgres.DatabaseException.Reason;
import io.github.divio4j.upgrade.postgres.FenceState;
import io.github.divio4j.upgrade.postgres.FenceState.Kind;
import io.github.divio4j.upgrade.postgres.LossMeter;
import io.github.divio4j.upgrade.postgres.Mark;
import io.github.divio4j.upgrade.postgres.WriteFence;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(SharedDatabases.class)
class WriteFenceTest {
    private static final String READ_ONLY = "read-only transaction";
    private static final String RUN = "shop/live/fence/DEFAULT/13-15 of [run 7]";

    private static final String NEWEST = SharedDatabases.versions().get(3);

    private final LocalDatabases databases;

    WriteFenceTest(LocalDatabases databases) {
        this.databases = databases;
    }

    private PostgresDsn shop(String version) throws Exception {
        PostgresDsn shop = databases.create(version);
        Client.run(shop, Writers.TABLE);
        return shop;
    }

    private static WriteFence fence(PostgresDsn database) {
        return WriteFence.of(LocalDatabases.dataSource(database));
    }

    private static List<Kind> gaps(PostgresDsn database) {
        return fence(database).state().gaps().stream().map(FenceState.Gap::kind).toList();
    }

    private static DatabaseException failure(Runnable action) {
        return catchThrowableOfType(DatabaseException.class, action::run);
    }

    @ParameterizedTest
    @MethodSource("io.github.divio4j.examples.postgres.SharedDatabases#versions")
    void noWriteIsAcknowledgedOnceItIsUpAndAllAreOnceItIsLifted(String version) throws Exception {
        PostgresDsn shop = shop(version);
        try (Writers writers = new Writers(shop)) {
            writers.await(50);

            FenceState state = fence(shop).raise(RUN);
            List<String> rows = Client.texts(shop, "SELECT number FROM written ORDER BY number");
            long tried = writers.lastNumber();
            writers.awaitTried(50);

            assertThat(state.holds()).isTrue();
            assertThat(state.owner()).isEqualTo(RUN);
            assertThat(Client.texts(shop, "SELECT number FROM written ORDER BY number"))
                    .isEqualTo(rows);
            assertThat(writers.acknowledged()).allMatch(number -> number <= tried);
            assertThat(Set.copyOf(rows))
                    .containsAll(
                            writers.acknowledged().stream().map(String::valueOf).toList());
            assertThat(gaps(shop)).isEmpty();

            assertThat(fence(shop).lift(RUN)).isEmpty();
            writers.await(50);
            assertThat(fence(shop).state().up()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("io.github.divio4j.examples.postgres.SharedDatabases#oldestAndNewest")
    void liftingItLeavesTheSettingAndTheCommentAsTheyWere(String version) throws Exception {
        PostgresDsn shop = shop(version);
        String[][] cases = {
            {"RESET default_transaction_read_only", "NULL"},
            {"SET default_transaction_read_only = off", "'the shop''s [orders]\nand more'"},
            {"SET default_transaction_read_only = yes", "'the shop'"},
        };
        for (String[] one : cases) {
            Client.run(
                    shop,
                    "BEGIN READ WRITE; ALTER DATABASE " + shop.database() + " " + one[0] + "; COMMENT ON DATABASE "
                            + shop.database() + " IS " + one[1] + "; COMMIT");
            List<String> was = settingAndComment(shop);

            fence(shop).raise(RUN);
            assertThat(settingAndComment(shop)).isNotEqualTo(was);
            fence(shop).lift(RUN);

            assertThat(settingAndComment(shop)).isEqualTo(was);
        }
    }

    private static List<String> settingAndComment(PostgresDsn database) throws SQLException {
        return Client.texts(
                database,
                "SELECT concat(shobj_description(d.oid, 'pg_database'), ' / ', s.setconfig::text) FROM pg_database d"
                        + " LEFT JOIN pg_db_role_setting s ON s.setdatabase = d.oid AND s.setrole = 0"
                        + " WHERE datname = current_database()");
    }

    @Test
    void aBackupOfAFencedDatabaseHasAllRowsAndNoFence() throws Exception {
        PostgresDsn shop = shop(SharedDatabases.versions().get(0));
        PostgresDsn target = databases.create(SharedDatabases.versions().get(1));
        Mark mark;
        try (Writers writers = new Writers(shop)) {
            writers.await(20);
            fence(shop).raise(RUN);
            mark = LossMeter.mark(LocalDatabases.dataSource(shop));
            databases.copy(shop, target);
            writers.awaitTried(20);
        }

        assertThat(fence(target).state().up()).isFalse();
        Client.run(target, "CREATE TABLE more (id integer)");
        assertThat(LossMeter.measure(LocalDatabases.dataSource(shop), mark, LocalDatabases.dataSource(target), null)
                        .none())
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("io.github.divio4j.examples.postgres.SharedDatabases#oldestAndNewest")
    void raisedAgainByItsOwnerItIsTheSameFenceAndNobodyIsSentAway(String version) throws Exception {
        PostgresDsn shop = shop(version);
        FenceState first = fence(shop).raise(RUN);
        try (Client reader = Client.of(shop)) {
            assertThat(fence(shop).raise(RUN)).isEqualTo(first);

            assertThat(reader.texts("SELECT count(*) FROM written")).containsExactly("0");
        }
        fence(shop).lift(RUN);
        fence(shop).lift(RUN);
        Client.run(shop, "INSERT INTO written VALUES (1)");
    }

    @Test
    void anotherOwnersFenceIsReportedAndStays() throws Exception {
        PostgresDsn shop = shop(NEWEST);
        fence(shop).raise(RUN);

        for (Runnable attempt : List.<Runnable>of(
                () -> fence(shop).raise("run 8"), () -> fence(shop).lift("run 8"))) {
            DatabaseException thrown = failure(attempt);
            assertThat(thrown.reason()).isEqualTo(Reason.FENCED);
            assertThat(thrown).hasMessageContaining(RUN);
        }
        assertThat(fence(shop).state().owner()).isEqualTo(RUN);
        assertThat(fence(shop).state().holds()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("io.github.divio4j.examples.postgres.SharedDatabases#oldestAndNewest")
    void whoeverAsksForAWritingTransactionIsFound(String version) throws Exception {
        PostgresDsn shop = shop(version);
        fence(shop).raise(RUN);

        try (Client client = Client.of(shop)) {
            client.run("BEGIN READ WRITE; INSERT INTO written VALUES (1), (2)");
            assertThat(gaps(shop)).containsExactly(Kind.WRITING_SESSION);
            assertThat(fence(shop).state().holds()).isTrue();
            client.run("COMMIT");
        }
        await(() -> gaps(shop).contains(Kind.WRITTEN));
        assertThat(fence(shop).state().holds()).isFalse();
        assertThat(fence(shop).state()).asString().contains("2 inserted, 0 updated, 0 deleted");
        assertThat(failure(() -> fence(shop).raise(RUN)).reason()).isEqualTo(Reason.NOT_FENCED);
        assertThat(fence(shop).state().up()).isTrue();
    }

    /** Counters reach the reader a little later than the writes. */
    private static void await(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + 15_000_000_000L;
        while (!condition.call()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    @Test
    void aRoleThatOverridesTheDatabaseIsRefusedAndTheFenceTakenAwayAgain() throws Exception {
        PostgresDsn shop = shop(NEWEST);
        Client.run(shop, "ALTER ROLE " + shop.user() + " SET default_transaction_read_only = off");

        DatabaseException thrown = failure(() -> fence(shop).raise(RUN));

        assertThat(thrown.reason()).isEqualTo(Reason.NOT_FENCED);
        assertThat(thrown).hasMessageContaining("by the setting of the user");
        assertThat(thrown.trueNow()).isEqualTo("The fence was taken away again, and the database takes writes.");
        assertThat(fence(shop).state().up()).isFalse();
        Client.run(shop, "INSERT INTO written VALUES (1)");
    }

    @Test
    void anotherRoleThatOverridesTheDatabaseIsNamed() throws Exception {
        PostgresDsn shop = shop(NEWEST);
        PostgresDsn other = databases.create(NEWEST);
        Client.run(other, "ALTER ROLE " + other.user() + " SET default_transaction_read_only = off");
        Client.run(shop, "GRANT CONNECT ON DATABASE " + shop.database() + " TO " + other.user());

        FenceState state = fence(shop).raise(RUN);

        assertThat(state.holds()).isTrue();
        assertThat(state.gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.kind()).isEqualTo(Kind.ROLE_SETTING);
            assertThat(gap.description()).contains(other.user());
        });
    }

    @ParameterizedTest
    @MethodSource("io.github.divio4j.examples.postgres.SharedDatabases#oldestAndNewest")
    void preparedTransactionsCannotBeKeptOut(String version) throws Exception {
        PostgresDsn shop = shop(version);
        Client.run(shop, "BEGIN; INSERT INTO written VALUES (1); PREPARE TRANSACTION 'order 1 of " + version + "'");

        DatabaseException thrown = failure(() -> fence(shop).raise(RUN));

        assertThat(thrown.reason()).isEqualTo(Reason.NOT_FENCED);
        assertThat(thrown).hasMessageContaining("order 1");
        assertThat(thrown.trueNow()).isEqualTo("Nothing was changed.");
        assertThat(fence(shop).state().up()).isFalse();

        Client.run(shop, "COMMIT PREPARED 'order 1 of " + version + "'");
        fence(shop).raise(RUN);
        Client.run(
                shop,
                "BEGIN READ WRITE; INSERT INTO written VALUES (2); PREPARE TRANSACTION 'order 2 of " + version + "'");
        assertThat(gaps(shop)).contains(Kind.PREPARED_TRANSACTION);
        Client.run(shop, "ROLLBACK PREPARED 'order 2 of " + version + "'");
    }

    @ParameterizedTest
    @MethodSource("io.github.divio4j.examples.postgres.SharedDatabases#oldestAndNewest")
    void aSessionThatThisRoleMayNotEndIsReportedAndMustNotBeWriting(String version) throws Exception {
        PostgresDsn shop = shop(version);
        WriteFence fence = fence(shop).withPatience(Duration.ofMillis(1_500));
        try (Client administrator = new Client(databases.administrator(shop))) {
            FenceState state = fence.raise(RUN);
            assertThat(state.holds()).isTrue();
            assertThat(state.gaps()).singleElement().satisfies(gap -> {
                assertThat(gap.kind()).isEqualTo(Kind.OLDER_SESSION);
                assertThat(gap.description()).contains("role postgres");
            });
            fence.lift(RUN);

            administrator.run("BEGIN; INSERT INTO written VALUES (1)");
            DatabaseException thrown = failure(() -> fence.raise(RUN));
            assertThat(thrown.reason()).isEqualTo(Reason.NOT_FENCED);
            assertThat(thrown).hasMessageContaining("role postgres");
            assertThat(fence.state().up()).isFalse();

            administrator.run("COMMIT");
            assertThat(fence.raise(RUN).holds()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("io.github.divio4j.examples.postgres.SharedDatabases#versions")
    void largeObjectsAreWrittenInSpiteOfItUpTo15AndFound(String version) throws Exception {
        PostgresDsn shop = shop(version);
        Client.run(shop, "SELECT lo_create(4711)");
        fence(shop).raise(RUN);
        if (Double.parseDouble(version) < 16) {
            assertThat(gaps(shop)).containsExactly(Kind.LARGE_OBJECTS);

            Client.run(shop, "SELECT lo_put(4711, 0, '\\xff')");
            await(() -> gaps(shop).contains(Kind.WRITTEN));
        } else {
            assertThat(gaps(shop)).isEmpty();
            assertThatThrownBy(() -> Client.run(shop, "SELECT lo_put(4711, 0, '\\xff')"))
                    .hasMessageContaining(READ_ONLY);
        }
    }

    @Test
    void aStatementThatRunsMayFinish() throws Exception {
        PostgresDsn shop = shop(NEWEST);
        Client.run(shop, "CREATE VIEW slowly AS SELECT 1 AS number FROM pg_sleep(1)");
        try (Client client = Client.of(shop)) {
            Thread slow = inBackground(() -> client.run("INSERT INTO written SELECT number FROM slowly"));
            await(() -> Client.texts(shop, "SELECT count(*) FROM pg_stat_activity WHERE state = 'active'")
                    .contains("2"));

            fence(shop).raise(RUN);

            slow.join();
            assertThat(Client.texts(shop, "SELECT number FROM written")).containsExactly("1");
        }
    }

    @Test
    void aStatementIsCutOffOnceTheGraceIsOver() throws Exception {
        PostgresDsn shop = shop(NEWEST);
        try (Client client = Client.of(shop)) {
            Thread slow = inBackground(() -> client.run("INSERT INTO written SELECT 1 FROM pg_sleep(60)"));
            await(() -> Client.texts(shop, "SELECT count(*) FROM pg_stat_activity WHERE state = 'active'")
                    .contains("2"));

            assertThat(fence(shop).withGrace(Duration.ZERO).raise(RUN).holds()).isTrue();

            slow.join();
            assertThat(Client.texts(shop, "SELECT number FROM written")).isEmpty();
        }
    }

    /** What is done with a connection. */
    interface Use {
        void run() throws SQLException;
    }

    private static Thread inBackground(Use use) {
        Thread thread = new Thread(() -> {
            try {
                use.run();
            } catch (SQLException cutOff) {
                // The test looks at what came of it.
            }
        });
        thread.start();
        return thread;
    }

    @Test
    void aPoolOfOlderConnectionsIsNoWayAroundIt() throws Exception {
        PostgresDsn shop = shop(NEWEST);
        List<Connection> older =
                List.of(shop.connect("pool"), shop.connect("pool"), shop.connect("pool"), shop.connect("pool"));

        FenceState state = WriteFence.of(Connections.first(older, LocalDatabases.dataSource(shop)))
                .raise(RUN);

        assertThat(state.holds()).isTrue();
        assertThat(older)
                .allSatisfy(connection -> assertThatThrownBy(
                                () -> new Client(connection).run("INSERT INTO written VALUES (1)"))
                        .isInstanceOf(SQLException.class));
    }

    @Test
    void ifItFailsHalfWayItIsTakenAwayAgain() throws Exception {
        PostgresDsn shop = shop(NEWEST);
        DataSource flaky = Connections.failing(2, 2, LocalDatabases.dataSource(shop));

        DatabaseException thrown = failure(() -> WriteFence.of(flaky).raise(RUN));

        assertThat(thrown.reason()).isEqualTo(Reason.UNREACHABLE);
        assertThat(thrown.trueNow()).isEqualTo("The fence was taken away again, and the database takes writes.");
        assertThat(fence(shop).state().up()).isFalse();
        Client.run(shop, "INSERT INTO written VALUES (1)");
    }

    @Test
    void interruptedItIsTakenAwayAgain() throws Exception {
        PostgresDsn shop = shop(NEWEST);
        try (Client administrator = new Client(databases.administrator(shop))) {
            administrator.run("BEGIN; INSERT INTO written VALUES (1)");
            List<DatabaseException> thrown = new CopyOnWriteArrayList<>();
            Thread raising =
                    inBackground(() -> thrown.add(failure(() -> fence(shop).raise(RUN))));
            // Whoever asks as the owner might be ended along with the others.
            await(() -> administrator
                    .texts("SELECT shobj_description(oid, 'pg_database') FROM pg_database"
                            + " WHERE datname = current_database()")
                    .toString()
                    .contains("divio4j-fence"));

            raising.interrupt();
            raising.join();

            assertThat(thrown).singleElement().satisfies(e -> {
                assertThat(e.reason()).isEqualTo(Reason.INTERRUPTED);
                assertThat(e.trueNow()).isEqualTo("The fence was taken away again, and the database takes writes.");
            });
            assertThat(fence(shop).state().up()).isFalse();
        }
    }

    @Test
    void whereThatFailsTooItSaysSoAndAnyoneFindsTheFenceAndBringsItToAnEnd() throws Exception {
        PostgresDsn shop = shop(NEWEST);
        DataSource gone = Connections.failing(2, Integer.MAX_VALUE, LocalDatabases.dataSource(shop));

        DatabaseException thrown = failure(() -> WriteFence.of(gone).raise(RUN));

        assertThat(thrown.trueNow()).startsWith("The fence may still be up.");
        assertThat(fence(shop).state().owner()).isEqualTo(RUN);
        assertThat(gaps(shop)).containsExactly(Kind.UNPROVEN);
        assertThat(fence(shop).state().holds()).isFalse();

        assertThat(fence(shop).raise(RUN).holds()).isTrue();
        fence(shop).lift(RUN);
        Client.run(shop, "INSERT INTO written VALUES (1)");
    }

    @Test
    void aProvenFenceStaysUpWhenRaisingItAgainFails() throws Exception {
        PostgresDsn shop = shop(NEWEST);
        fence(shop).raise(RUN);

        DatabaseException thrown =
                failure(() -> WriteFence.of(Connections.failing(2, Integer.MAX_VALUE, LocalDatabases.dataSource(shop)))
                        .raise(RUN));

        assertThat(thrown.trueNow()).isEqualTo("The fence is up as it was before.");
        assertThat(fence(shop).state().holds()).isTrue();
    }

    @Test
    void whoDoesNotOwnTheDatabaseIsToldSo() throws Exception {
        PostgresDsn shop = shop(NEWEST);
        PostgresDsn other = databases.create(NEWEST);
        try (Client administrator = new Client(databases.administrator(shop))) {
            administrator.run("GRANT CONNECT ON DATABASE " + shop.database() + " TO " + other.user());
        }
        PostgresDsn guest = new PostgresDsn(shop.host(), shop.port(), shop.database(), other.user(), other.password());

        DatabaseException thrown = failure(() -> fence(guest).raise(RUN));

        assertThat(thrown.reason()).isEqualTo(Reason.NO_PERMISSION);
        assertThat(thrown.trueNow()).isEqualTo("Nothing was changed.");
        assertThat(thrown).hasMessageNotContaining(other.password());
    }

    @ParameterizedTest
    @MethodSource("io.github.divio4j.examples.postgres.SharedDatabases#oldestAndNewest")
    void countersThatBeganAnewProveNothing(String version) throws Exception {
        PostgresDsn shop = shop(version);
        fence(shop).raise(RUN);

        try (Client administrator = new Client(databases.administrator(shop))) {
            administrator.run("SELECT pg_stat_reset()");
            await(() -> gaps(shop).contains(Kind.COUNTERS_RESET));
        }
    }

    @Test
    void somebodyWhoSwitchesTheSettingBackIsFound() throws Exception {
        PostgresDsn shop = shop(NEWEST);
        fence(shop).raise(RUN);

        Client.run(
                shop,
                "BEGIN READ WRITE; ALTER DATABASE " + shop.database() + " RESET default_transaction_read_only; COMMIT");

        assertThat(gaps(shop)).contains(Kind.SETTING_CHANGED);
        assertThat(fence(shop).state().holds()).isFalse();
    }
}
