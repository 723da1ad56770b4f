package io.github.divio4j.examples.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.github.divio4j.examples.sandbox.LocalDatabases;
import io.github.divio4j.examples.sandbox.PostgresDsn;
import io.github.divio4j.upgrade.PostgresVersion;
import io.github.divio4j.upgrade.postgres.DatabaseAddress;
import io.github.divio4j.upgrade.postgres.DatabaseException;
import io.github.divio4j.upgrade.postgres.DatabaseException.Reason;
import io.github.divio4j.upgrade.postgres.Finding;
import io.github.divio4j.upgrade.postgres.Finding.Severity;
import io.github.divio4j.upgrade.postgres.Preflight;
import io.github.divio4j.upgrade.postgres.PreflightResult;
import io.github.divio4j.upgrade.postgres.Rehearsal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SharedDatabases.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PreflightTest {
    private static final String OLDEST = SharedDatabases.versions().get(0);
    private static final String OLDER = SharedDatabases.versions().get(1);
    private static final String LATER = SharedDatabases.versions().get(2);
    private static final String NEWEST = SharedDatabases.versions().get(3);

    private final LocalDatabases databases;

    PreflightTest(LocalDatabases databases) {
        this.databases = databases;
    }

    private static Preflight.Builder preflight(PostgresDsn source, String version) {
        return Preflight.of(LocalDatabases.dataSource(source), PostgresVersion.parse(version))
                .sampling(Duration.ZERO);
    }

    private static Preflight.Builder preflight(PostgresDsn source, PostgresDsn target, String version) {
        return preflight(source, version).target(LocalDatabases.dataSource(target));
    }

    private static DatabaseAddress address(PostgresDsn database) {
        return new DatabaseAddress(
                database.host(), database.port(), database.database(), database.user(), database.password(), Map.of());
    }

    private static Rehearsal rehearsal(PostgresDsn source) {
        return Rehearsal.of(address(source));
    }

    private static List<Finding> of(PreflightResult result, String id) {
        return result.findings().stream().filter(f -> f.id().equals(id)).toList();
    }

    private static List<String> holds(PostgresDsn database) throws Exception {
        return Client.texts(
                database,
                "SELECT relname FROM pg_class WHERE oid >= 16384 UNION ALL SELECT proname FROM pg_proc WHERE oid >= 16384");
    }

    /** The oldest can hold nearly all, and one in the middle the rest. */
    static Stream<String> versionsThatHoldBlockers() {
        return Stream.of(OLDEST, LATER);
    }

    /** Planted, looked at and rehearsed once for all that is to be seen in it. */
    private record Planted(PreflightResult result, List<String> leftInTarget) {}

    private final Map<String, Planted> planted = new HashMap<>();

    private Planted planted(String version) throws Exception {
        if (!planted.containsKey(version)) {
            PostgresDsn source = databases.create(version);
            PostgresDsn target = databases.create(NEWEST);
            PlantedBlockers.plant(databases, source, version);
            PreflightResult result = preflight(source, target, NEWEST)
                    .rehearsal(rehearsal(source))
                    .build()
                    .run();
            planted.put(version, new Planted(result, holds(target)));
        }
        return planted.get(version);
    }

    @ParameterizedTest
    @MethodSource("versionsThatHoldBlockers")
    void whateverBlocksTheRestoreIsFoundAndNothingElse(String version) throws Exception {
        PreflightResult result = planted(version).result();

        assertThat(result.blocking().stream().filter(f -> !f.id().equals("REHEARSAL")))
                .extracting(Finding::id, Finding::object)
                .containsExactlyInAnyOrderElementsOf(PlantedBlockers.on(version).stream()
                        .map(one -> tuple(one.id(), one.object()))
                        .toList());
        assertThat(result.blocking())
                .allSatisfy(finding -> assertThat(finding.remedy()).endsWith("."));
        assertThat(result.passed()).isFalse();
        assertThat(result.describe())
                .contains("blocks the restore: C12, index public.things_label: It calls function"
                        + " public.label(integer), which names lookup without a schema.");
    }

    @ParameterizedTest
    @MethodSource("versionsThatHoldBlockers")
    void theNewServerItselfRefusesWhatARehearsalCanShowAndIsEmptyAgain(String version) throws Exception {
        assertThat(of(planted(version).result(), "REHEARSAL"))
                .extracting(Finding::object)
                .containsExactlyInAnyOrderElementsOf(PlantedBlockers.on(version).stream()
                        .map(PlantedBlockers::rehearsed)
                        .filter(object -> !object.isEmpty())
                        .toList());
        assertThat(planted(version).leftInTarget()).isEmpty();
    }

    @Test
    void nothingIsFoundAboveInformationWhereNothingIsWrong() throws Exception {
        PostgresDsn source = databases.create(OLDER);
        PostgresDsn target = databases.create(LATER);
        databases.fillOrderBook(source, 1_000);

        PreflightResult result = preflight(source, target, LATER)
                .rehearsal(rehearsal(source))
                .build()
                .run();

        assertThat(result.findings())
                .isNotEmpty()
                .as(result.describe())
                .allMatch(finding -> finding.severity() == Severity.INFORMATION);
        assertThat(result.passed()).isTrue();
        assertThat(result.sourceVersion()).startsWith(OLDER + ".");
        assertThat(result.targetVersion()).startsWith(LATER + ".");
        assertThat(result.rehearsed()).isPositive();
        assertThat(result.bytes()).isGreaterThan(1_000_000L);
        assertThat(result.duration()).isGreaterThan(result.rehearsed());
        assertThat(result.durationBasis()).contains("6.0 MB").contains("rehearsal");
        assertThat(holds(target)).isEmpty();
    }

    @Test
    void aDatabaseThatHoldsOneOfEachIsNotSaidToBlock() throws Exception {
        PostgresDsn source = Everything.create(databases, OLDER);
        PostgresDsn target = databases.create(LATER);

        PreflightResult result = preflight(source, target, LATER)
                .rehearsal(rehearsal(source))
                .build()
                .run();

        assertThat(result.blocking()).as(result.describe()).isEmpty();
        assertThat(result.of(Severity.WARNING)).isEmpty();
    }

    @Test
    void whatOnlyLooksLikeABlockerIsNotSaidToBlockAndTheNewServerTakesIt() throws Exception {
        PostgresDsn source = databases.create(OLDEST);
        PostgresDsn target = databases.create(NEWEST);
        try (Client owner = Client.of(source)) {
            owner.run("CREATE SEQUENCE counter; CREATE VIEW counted AS SELECT last_value FROM counter");
            owner.run("CREATE AGGREGATE numbers (integer) (sfunc = array_append, stype = integer[], initcond = '{}')");
            owner.run("CREATE TABLE lookup (id integer, label text)");
            owner.run("CREATE FUNCTION clean(lookup text) RETURNS text LANGUAGE sql IMMUTABLE"
                    + " AS 'SELECT lower($1) /* not FROM lookup */'");
            owner.run("CREATE FUNCTION label(integer) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = public"
                    + " AS 'SELECT label FROM lookup WHERE id = $1'");
            owner.run("CREATE FUNCTION other(integer) RETURNS text LANGUAGE sql IMMUTABLE"
                    + " AS 'SELECT label FROM public.lookup WHERE id = $1'");
            owner.run(
                    "CREATE INDEX lookup_clean ON lookup (clean(label)); CREATE INDEX lookup_label ON lookup (label(id));"
                            + " CREATE INDEX lookup_other ON lookup (other(id))");
            owner.run("CREATE TABLE seen (a integer); ALTER TABLE seen ENABLE ROW LEVEL SECURITY");
            owner.run("CREATE TABLE not_hidden (a integer); ALTER TABLE not_hidden FORCE ROW LEVEL SECURITY");
            owner.run(
                    "CREATE VIEW words AS SELECT 'pg_current_xlog_location() and pg_stat_bgwriter.checkpoints_timed' AS text,"
                            + " array_length(ARRAY[1] || 2, 1) AS n, '(1,1)'::point <@ '((0,0),(2,2))'::box AS inside");
            owner.run("CREATE FUNCTION careful() RETURNS integer LANGUAGE plpgsql AS"
                    + " 'DECLARE n integer := 10; BEGIN -- no pg_start_backup() here \n RETURN n + 1e3::integer; END'");
        }

        PreflightResult result = preflight(source, target, NEWEST)
                .rehearsal(rehearsal(source))
                .build()
                .run();

        assertThat(result.blocking()).as(result.describe()).isEmpty();
        assertThat(of(result, "C13")).isEmpty();
        assertThat(result.rehearsed()).isNotNull();
    }

    // What the application and its people should know

    @Test
    void whatIsLeftBehindOrBehavesDifferentlyIsSaid() throws Exception {
        PostgresDsn source = databases.create(OLDEST);
        PostgresDsn target = databases.create(NEWEST);
        PostgresDsn reader = databases.create(OLDEST);
        try (Client owner = Client.of(source)) {
            owner.run("CREATE TABLE measured (id integer PRIMARY KEY, kilos double precision, n integer)");
            owner.run("CREATE FUNCTION numbers() RETURNS refcursor LANGUAGE sql AS 'SELECT NULL::refcursor'");
            owner.run("CREATE FUNCTION touched() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'");
            owner.run("CREATE CONSTRAINT TRIGGER late AFTER INSERT ON measured DEFERRABLE INITIALLY DEFERRED"
                    + " FOR EACH ROW EXECUTE PROCEDURE touched()");
            owner.run("ALTER TABLE measured ADD CONSTRAINT light CHECK (n < 5) NOT VALID");
            owner.run("INSERT INTO measured VALUES (1, 0.5, 1), (2, 0.5, 1)");
            assertThatThrownBy(() -> owner.run("CREATE UNIQUE INDEX CONCURRENTLY broken ON measured (n)"))
                    .isInstanceOf(SQLException.class);
            owner.run("ALTER DATABASE " + source.database() + " SET work_mem = '7MB'");
            owner.run("GRANT SELECT ON measured TO " + reader.user());
            owner.run("CREATE FUNCTION started() RETURNS text LANGUAGE plpgsql AS"
                    + " 'BEGIN RETURN pg_start_backup($$x$$); -- never pg_stop_backup() \n END'");
            owner.run("CREATE VIEW sorting AS SELECT current_setting('lc_collate') AS name");
            owner.run("CREATE TABLE databasechangeloglock (id integer, locked boolean)");
            owner.run("INSERT INTO databasechangeloglock VALUES (1, true)");
            owner.run("BEGIN; INSERT INTO measured VALUES (3, 1, 1); PREPARE TRANSACTION 'waits'");
        }

        PreflightResult result;
        try (Client someone = Client.of(source)) {
            assertThat(someone.texts("SELECT 1")).hasSize(1);
            result = preflight(source, target, NEWEST).build().run();
        } finally {
            Client.run(source, "ROLLBACK PREPARED 'waits'");
        }

        assertThat(result.blocking()).isEmpty();
        assertThat(result.of(Severity.WARNING))
                .extracting(Finding::id, Finding::object)
                .containsExactly(
                        tuple("C19", "setting work_mem of the database"),
                        tuple("C20", "role " + reader.user()),
                        tuple("C22", "prepared transaction 'waits'"),
                        tuple("LOCK", "table public.databasechangeloglock"));
        assertThat(result.of(Severity.APPLICATION))
                .extracting(Finding::id, Finding::object)
                .contains(
                        tuple("C13", "function public.started()"),
                        tuple("C13", "view public.sorting"),
                        tuple("C14", "function public.numbers()"),
                        tuple("C16", "trigger late on public.measured"));
        assertThat(of(result, "C13").get(0).why()).contains("pg_start_backup()").doesNotContain("pg_stop_backup");
        assertThat(result.of(Severity.INFORMATION))
                .extracting(Finding::id, Finding::object)
                .contains(tuple("C18", "index public.broken"), tuple("C24", "constraint light on public.measured"));
        assertThat(of(result, "C27").get(0).why()).contains("role " + source.user() + " (shop)");
    }

    @Test
    void extensionsAreComparedWithWhatTheTargetOffersAndMayBeGiven() throws Exception {
        PostgresDsn source = databases.create(OLDER);
        PostgresDsn target = databases.create(LATER);
        try (Client administrator = new Client(databases.administrator(source))) {
            administrator.run("CREATE EXTENSION hstore; CREATE EXTENSION citext; CREATE EXTENSION adminpack;"
                    + " CREATE EXTENSION pg_stat_statements");
            administrator.run("UPDATE pg_extension SET extversion = '99.1' WHERE extname = 'citext'");
        }

        List<Finding> compared = of(preflight(source, target, LATER).build().run(), "C07");
        List<Finding> guessed = of(preflight(source, NEWEST).build().run(), "C07");

        assertThat(compared)
                .extracting(Finding::severity, Finding::object)
                .containsExactly(
                        tuple(Severity.BLOCKS_RESTORE, "extension citext"),
                        tuple(Severity.WARNING, "extension adminpack"),
                        tuple(Severity.WARNING, "extension pg_stat_statements"));
        assertThat(guessed)
                .extracting(Finding::severity, Finding::object)
                .containsExactly(
                        tuple(Severity.BLOCKS_RESTORE, "extension adminpack"),
                        tuple(Severity.INFORMATION, "extension citext"),
                        tuple(Severity.INFORMATION, "extension hstore"),
                        tuple(Severity.INFORMATION, "extension pg_stat_statements"));
    }

    @Test
    void anotherLocaleIsAWarningAndSoAreTextsThatTellPartitionsApart() throws Exception {
        PostgresDsn source = databases.create(OLDER);
        PostgresDsn target = databases.create(LATER);
        Client.run(source, "CREATE TABLE by_name (name text) PARTITION BY RANGE (name)");
        PreflightResult same = preflight(source, target, LATER).build().run();
        try (Client administrator = new Client(databases.administrator(target))) {
            administrator.run("UPDATE pg_database SET datcollate = 'POSIX' WHERE datname = current_database()");
        }

        PreflightResult different = preflight(source, target, LATER).build().run();

        assertThat(of(same, "C10")).isEmpty();
        assertThat(of(same, "C11")).extracting(Finding::severity).containsExactly(Severity.INFORMATION);
        assertThat(of(different, "C10"))
                .extracting(Finding::why)
                .singleElement(STRING)
                .contains("POSIX and C");
        assertThat(different.of(Severity.WARNING))
                .extracting(Finding::object)
                .containsExactly("the database", "table public.by_name");
    }

    @Test
    void aPolicyForARoleThatTheTargetDoesNotKnowBlocks() throws Exception {
        PostgresDsn source = databases.create(OLDER);
        PostgresDsn target = databases.create(LATER);
        PostgresDsn reader = databases.create(OLDER);
        Client.run(source, "CREATE TABLE t (a integer); CREATE POLICY few ON t TO " + reader.user());

        PreflightResult result = preflight(source, target, LATER)
                .rehearsal(rehearsal(source))
                .build()
                .run();

        assertThat(result.blocking())
                .extracting(Finding::id, Finding::object)
                .containsExactly(tuple("C20", "role " + reader.user()), tuple("REHEARSAL", "policy public.t few"));
    }

    @Test
    void whatTheRoleMayNotReadItCannotDump() throws Exception {
        PostgresDsn source = databases.create(LATER);
        PostgresDsn target = databases.create(LATER);
        Client.run(source, "CREATE TABLE hidden (a integer); REVOKE SELECT ON hidden FROM CURRENT_USER");

        PreflightResult result = preflight(source, target, LATER)
                .rehearsal(rehearsal(source))
                .build()
                .run();

        assertThat(result.blocking())
                .extracting(Finding::id, Finding::object)
                .containsExactly(tuple("C21", "table public.hidden"));
        assertThat(of(result, "REHEARSAL").get(0).why())
                .contains("pg_dump failed")
                .contains("permission denied for table hidden");
    }

    @Test
    void aRoleThatRestsOnEverybodysRightToTheSchemaPublicIsNamed() throws Exception {
        PostgresDsn source = databases.create(OLDER);
        PostgresDsn other = databases.create(OLDER);
        Client.run(source, "GRANT CONNECT ON DATABASE " + source.database() + " TO " + other.user());
        Client.run(
                new PostgresDsn(source.host(), source.port(), source.database(), other.user(), other.password()),
                "CREATE TABLE guests (a integer)");

        assertThat(of(preflight(source, LATER).build().run(), "C08"))
                .extracting(Finding::severity, Finding::object)
                .containsExactly(tuple(Severity.APPLICATION, "role " + other.user()));
    }

    @Test
    void floatsAndPasswordsOfAServerThatKnowsNoScramAreForTheApplication() throws Exception {
        PostgresDsn source = databases.create(OLDEST);
        Client.run(source, "CREATE TABLE measured (kilos double precision, grams real)");

        PreflightResult result = preflight(source, NEWEST).build().run();

        assertThat(Double.parseDouble(OLDEST) < 12 ? of(result, "C23") : List.of())
                .allSatisfy(f -> assertThat(f.why()).contains("(kilos, grams)"))
                .hasSize(Double.parseDouble(OLDEST) < 12 ? 1 : 0);
        assertThat(of(result, "C09"))
                .extracting(Finding::severity)
                .containsExactly(Double.parseDouble(OLDEST) < 10 ? Severity.APPLICATION : Severity.INFORMATION);
    }

    @Test
    void whatWasGoneBeforeTheSourcesVersionOrGoesAfterTheTargetsIsNothingToTheUpgrade() throws Exception {
        PostgresDsn source = databases.create(OLDER);
        Client.run(source, "CREATE TABLE f (kilos double precision)");
        Client.run(source, "CREATE VIEW checkpoints AS SELECT checkpoints_timed FROM pg_stat_bgwriter");

        assertThat(preflight(source, LATER).build().run().blocking()).isEmpty();
        assertThat(preflight(source, NEWEST).build().run().blocking())
                .extracting(Finding::object)
                .containsExactly("view public.checkpoints");
    }

    @Test
    void writesAreCountedWhileItLooks() throws Exception {
        PostgresDsn source = databases.create(NEWEST);
        Client.run(source, Writers.TABLE);

        PreflightResult result;
        try (Writers writers = new Writers(source)) {
            writers.await(10);
            result = preflight(source, NEWEST)
                    .sampling(Duration.ofMillis(1_500))
                    .bytesPerSecond(100_000)
                    .build()
                    .run();
        }

        assertThat(result.writesPerSecond()).isPositive();
        assertThat(result.duration()).isGreaterThan(Duration.ofSeconds(50));
        assertThat(of(result, "C26").get(0).why()).contains("rows would be lost");
    }

    // What stands in the way of looking

    private static DatabaseException failure(Preflight.Builder preflight) {
        return catchThrowableOfType(
                DatabaseException.class, () -> preflight.build().run());
    }

    private static PostgresDsn withWrongPassword(PostgresDsn database) {
        return new PostgresDsn(database.host(), database.port(), database.database(), database.user(), "wrong-secret");
    }

    @Test
    void aWrongPasswordIsSaidWithoutIt() throws Exception {
        PostgresDsn source = databases.create(LATER);

        DatabaseException thrown = failure(preflight(withWrongPassword(source), NEWEST));
        DatabaseException ofTarget = failure(preflight(source, withWrongPassword(source), LATER));

        assertThat(thrown.reason()).isEqualTo(Reason.LOGIN_REFUSED);
        assertThat(thrown.subject()).isEqualTo("the source database");
        assertThat(thrown).hasMessageNotContaining("wrong-secret").hasMessageContaining("Nothing was changed.");
        assertThat(ofTarget.subject()).isEqualTo("the target database");
    }

    @Test
    void anUnreachableServerIsSaid() throws Exception {
        PostgresDsn there = databases.create(LATER);
        PostgresDsn nowhere = new PostgresDsn("127.0.0.1", 1, there.database(), there.user(), there.password());

        assertThat(failure(preflight(nowhere, NEWEST)).reason()).isEqualTo(Reason.UNREACHABLE);
        assertThat(failure(preflight(there, nowhere, NEWEST)).reason()).isEqualTo(Reason.UNREACHABLE);
    }

    @Test
    void aCheckThatTheRoleMayNotMakeHidesNoOther() throws Exception {
        PostgresDsn source = databases.create(LATER);
        try (Client administrator = new Client(databases.administrator(source))) {
            administrator.run("REVOKE SELECT ON pg_catalog.pg_prepared_xacts, pg_catalog.pg_policy FROM PUBLIC");
        }
        Client.run(
                source,
                "CREATE TABLE t (a integer); ALTER TABLE t ENABLE ROW LEVEL SECURITY;"
                        + " ALTER TABLE t FORCE ROW LEVEL SECURITY");

        PreflightResult result = preflight(source, NEWEST).build().run();

        assertThat(of(result, "C22"))
                .extracting(Finding::severity, Finding::object, Finding::remedy)
                .containsExactly(tuple(
                        Severity.INFORMATION,
                        "the source database",
                        "Grant the right to the role, or use the role that owns the objects."));
        assertThat(of(result, "C20").get(0).why()).startsWith("Could not be checked: ERROR: permission denied");
        assertThat(of(result, "C20").get(0).severity()).isEqualTo(Severity.WARNING);
        assertThat(of(result, "C21")).extracting(Finding::object).containsExactly("table public.t");
    }

    @Test
    void aCheckThatTakesTooLongHidesNoOther() throws Exception {
        PostgresDsn source = databases.create(LATER);
        Client.run(source, "CREATE TABLE t (a integer); REVOKE SELECT ON t FROM CURRENT_USER");
        try (Client administrator = new Client(databases.administrator(source))) {
            administrator.run("BEGIN; LOCK TABLE pg_catalog.pg_partitioned_table IN ACCESS EXCLUSIVE MODE");

            PreflightResult result = preflight(source, NEWEST)
                    .statementTimeout(Duration.ofMillis(500))
                    .build()
                    .run();

            assertThat(of(result, "C11")).hasSize(1).allSatisfy(finding -> {
                assertThat(finding.why()).startsWith("Could not be checked: ERROR: canceling statement");
                assertThat(finding.remedy()).startsWith("Allow more time");
            });
            assertThat(of(result, "C21")).extracting(Finding::object).containsExactly("table public.t");
        }
    }

    @Test
    void aDatabaseInRecoveryIsToldAsSourceAndRefusedAsTarget() throws Exception {
        PostgresDsn copy = databases.create(LATER);
        try (Client administrator = new Client(databases.administrator(copy))) {
            // Says so to whoever asks, without being a copy.
            administrator.run("CREATE OR REPLACE FUNCTION pg_catalog.pg_is_in_recovery() RETURNS boolean LANGUAGE sql"
                    + " AS 'SELECT true'");
        }

        assertThat(of(preflight(copy, copy, LATER).build().run(), "SERVER"))
                .extracting(Finding::severity, Finding::object, Finding::remedy)
                .containsExactly(
                        tuple(
                                Severity.BLOCKS_RESTORE,
                                "the target database",
                                "Use the primary server, or wait until it has recovered."),
                        tuple(Severity.WARNING, "the source database", "Use the primary server."));
    }

    @Test
    void anOlderTargetAndOneOfAnotherVersionThanAskedForAreSaid() throws Exception {
        PostgresDsn source = databases.create(LATER);
        PostgresDsn target = databases.create(OLDER);

        PreflightResult result = preflight(source, target, NEWEST).build().run();

        assertThat(of(result, "SERVER"))
                .extracting(Finding::severity)
                .containsExactly(Severity.BLOCKS_RESTORE, Severity.WARNING);
        assertThat(result.targetVersion()).startsWith(OLDER + ".");
    }

    // Rehearsals

    @Test
    void aTargetThatIsNotEmptyIsLeftAsItIs() throws Exception {
        PostgresDsn source = databases.create(OLDER);
        PostgresDsn target = databases.create(LATER);
        Client.run(source, "CREATE TABLE t (a integer)");
        Client.run(target, "CREATE TABLE in_use AS SELECT 1 AS a");

        PreflightResult result = preflight(source, target, LATER)
                .rehearsal(rehearsal(source))
                .build()
                .run();

        assertThat(of(result, "REHEARSAL"))
                .extracting(Finding::severity, Finding::why)
                .containsExactly(
                        tuple(
                                Severity.WARNING,
                                "The restore could not be rehearsed: the target is not empty: it holds relation public.in_use."));
        assertThat(result.rehearsed()).isNull();
        assertThat(Client.texts(target, "SELECT a FROM in_use")).containsExactly("1");
    }

    @Test
    void whatFailsOnlyBecauseOfSomethingElseIsToldWithThat() throws Exception {
        PostgresDsn source = databases.create(OLDER);
        PostgresDsn target = databases.create(NEWEST);
        Client.run(
                source,
                "CREATE VIEW checkpoints AS SELECT checkpoints_timed AS n FROM pg_stat_bgwriter;"
                        + " CREATE VIEW twice AS SELECT 2 * n AS n FROM checkpoints;"
                        + " CREATE TABLE \"it's; -- {d 'x'}\" (a integer DEFAULT 1, b text DEFAULT 'a;b $$ {fn now()}')");

        PreflightResult result = preflight(source, target, NEWEST)
                .rehearsal(rehearsal(source))
                .build()
                .run();

        assertThat(of(result, "REHEARSAL")).extracting(Finding::object).containsExactly("view public.checkpoints");
        assertThat(of(result, "REHEARSAL").get(0).why())
                .contains("checkpoints_timed does not exist")
                .endsWith("What needs it fails, too: view public.twice.");
    }

    @Test
    void aDumpProgramThatIsOlderThanTheServerIsToldWithTheRemedy(@TempDir Path folder) throws Exception {
        PostgresDsn database = databases.create(LATER);
        Path program = dumpProgram(folder, "9.5.25", "");

        PreflightResult result = preflight(database, databases.create(LATER), LATER)
                .rehearsal(rehearsal(database).withProgram(program.toString()))
                .build()
                .run();

        assertThat(of(result, "REHEARSAL").get(0).why()).contains("pg_dump is version 9");
        assertThat(of(result, "REHEARSAL").get(0).remedy()).contains("postgresql-client-" + LATER);
    }

    @Test
    void aDumpProgramThatCannotRunOrLogInIsToldWithoutPasswordOrAddress() throws Exception {
        PostgresDsn database = databases.create(LATER);
        PostgresDsn target = databases.create(LATER);

        Finding missing = of(
                        preflight(database, target, LATER)
                                .rehearsal(rehearsal(database).withProgram("no_such_pg_dump"))
                                .build()
                                .run(),
                        "REHEARSAL")
                .get(0);
        Finding refused = of(
                        preflight(database, target, LATER)
                                .rehearsal(rehearsal(withWrongPassword(database)))
                                .build()
                                .run(),
                        "REHEARSAL")
                .get(0);

        assertThat(missing.remedy()).startsWith("Install PostgreSQL's client programs");
        assertThat(refused.why())
                .contains("password authentication failed")
                .doesNotContain("wrong-secret")
                .doesNotContain(database.host());
    }

    private static Path dumpProgram(Path folder, String version, String dump) throws Exception {
        Path program = folder.resolve("pg_dump");
        Files.writeString(folder.resolve("dump.sql"), dump);
        Files.writeString(
                program,
                "#!/bin/sh\nif [ \"$1\" = --version ]; then echo 'pg_dump (PostgreSQL) " + version + "'; else cat '"
                        + folder.resolve("dump.sql") + "'; fi\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return program;
    }

    /** A dump in which something happens after a table was made. */
    private static String dumpThat(String happens) {
        return "-- Name: t; Type: TABLE; Schema: public; Owner: -\nCREATE TABLE public.t ();\n"
                + "-- Name: u; Type: TABLE; Schema: public; Owner: -\n" + happens + ";\n";
    }

    @Test
    void aRehearsalThatIsCutOffLeavesTheTargetEmpty(@TempDir Path folder) throws Exception {
        PostgresDsn source = databases.create(LATER);
        PostgresDsn target = databases.create(LATER);
        Path program = dumpProgram(folder, "99.0", dumpThat("SELECT pg_terminate_backend(pg_backend_pid())"));

        DatabaseException thrown = failure(
                preflight(source, target, LATER).rehearsal(rehearsal(source).withProgram(program.toString())));

        assertThat(thrown.reason()).isEqualTo(Reason.CONNECTION_LOST);
        assertThat(thrown.trueNow()).isEqualTo("The server rolls back what was rehearsed.");
        assertThat(holds(target)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT pg_sleep(20)", "DO $$ BEGIN RAISE SQLSTATE '53200'; END $$"})
    void aRehearsalThatTakesTooLongOrFindsNoRoomIsNoVerdict(String happens, @TempDir Path folder) throws Exception {
        PostgresDsn source = databases.create(LATER);
        PostgresDsn target = databases.create(LATER);
        Path program = dumpProgram(folder, "99.0", dumpThat(happens));

        PreflightResult result = preflight(source, target, LATER)
                .rehearsal(rehearsal(source).withProgram(program.toString()))
                .statementTimeout(Duration.ofMillis(300))
                .build()
                .run();

        assertThat(result.blocking()).isEmpty();
        assertThat(of(result, "REHEARSAL").get(0).why()).startsWith("The restore could not be rehearsed: ERROR");
        assertThat(holds(target)).isEmpty();
    }

    @Test
    void whatIsLeftInTheTargetAfterwardsIsAnErrorThatNamesIt(@TempDir Path folder) throws Exception {
        PostgresDsn source = databases.create(LATER);
        PostgresDsn target = databases.create(LATER);
        Path program = dumpProgram(folder, "99.0", dumpThat("COMMIT"));

        DatabaseException thrown = failure(
                preflight(source, target, LATER).rehearsal(rehearsal(source).withProgram(program.toString())));

        assertThat(thrown).hasMessageContaining("leave the target empty").hasMessageContaining("relation public.t");
        assertThat(thrown.remedy()).contains("empty it");
    }

    @Test
    void anInterruptEndsTheRehearsal() throws Exception {
        PostgresDsn source = databases.create(LATER);
        PostgresDsn target = databases.create(LATER);
        Thread.currentThread().interrupt();

        DatabaseException thrown = failure(preflight(source, target, LATER).rehearsal(rehearsal(source)));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(thrown.reason()).isEqualTo(Reason.INTERRUPTED);
    }

    @Test
    void aRehearsalWithoutATargetIsNotMade() throws Exception {
        PostgresDsn source = databases.create(LATER);

        PreflightResult result =
                preflight(source, NEWEST).rehearsal(rehearsal(source)).build().run();

        assertThat(of(result, "REHEARSAL").get(0).why()).contains("there was no way to the target");
    }

    @Test
    void afterwardsAPooledConnectionIsAsItWas() throws Exception {
        PostgresDsn source = databases.create(LATER);
        PostgresDsn target = databases.create(LATER);
        try (Connection pooled = LocalDatabases.dataSource(target).getConnection();
                Client client = new Client(pooled)) {
            Preflight.of(LocalDatabases.dataSource(source), PostgresVersion.parse(LATER))
                    .target(new OneConnection(pooled))
                    .rehearsal(rehearsal(source))
                    .sampling(Duration.ZERO)
                    .build()
                    .run();

            assertThat(pooled.getAutoCommit()).isTrue();
            assertThat(client.texts("SELECT name FROM pg_settings WHERE setting <> reset_val AND source = 'session'"))
                    .doesNotContain("search_path", "statement_timeout", "row_security", "check_function_bodies");
        }
    }
}
