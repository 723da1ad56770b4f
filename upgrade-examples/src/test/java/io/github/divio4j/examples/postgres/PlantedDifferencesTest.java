package io.github.divio4j.examples.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.examples.sandbox.LocalDatabases;
import io.github.divio4j.examples.sandbox.PostgresDsn;
import io.github.divio4j.upgrade.postgres.ComparisonResult;
import io.github.divio4j.upgrade.postgres.DataComparison;
import io.github.divio4j.upgrade.postgres.Difference;
import io.github.divio4j.upgrade.postgres.Difference.Kind;
import java.sql.Connection;
import java.sql.Statement;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each difference that is planted into an honest restore is found, at the right object, and nothing else is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlantedDifferencesTest {
    private static final String DEALS = "\"Sales Dept\".\"Deal s\"";

    private LocalDatabases databases;
    private PostgresDsn source;
    private PostgresDsn target;

    @BeforeAll
    void start() throws Exception {
        databases = new LocalDatabases();
        String from = LocalDatabases.versions().contains("13") ? "13" : "14";
        source = Everything.create(databases, from);
        target = databases.create("15");
        databases.copy(source, target);
    }

    @AfterAll
    void stop() {
        databases.close();
    }

    private ComparisonResult compare(DataComparison.Level level) {
        return DataComparison.builder()
                .level(level)
                .build()
                .compare(LocalDatabases.dataSource(source), LocalDatabases.dataSource(target));
    }

    private void administer(String sql) throws Exception {
        try (Connection connection = databases.administrator(target);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Arguments planted(String sql, String undo, Kind kind, String object, String what) {
        return Arguments.of(sql, undo, kind, object, what);
    }

    static Stream<Arguments> plants() {
        return Stream.of(
                planted(
                        "ALTER SEQUENCE never_used RESTART WITH 5",
                        "ALTER SEQUENCE never_used RESTART WITH 1",
                        Kind.SEQUENCE,
                        "public.never_used",
                        "has another last value: 1 in the source, 5 in the target"),
                planted(
                        "SELECT nextval('never_used')",
                        "SELECT setval('never_used', 1, false)",
                        Kind.SEQUENCE,
                        "public.never_used",
                        "has another called: false in the source, true in the target"),
                planted(
                        "SELECT setval('numbers_id_seq', 17)",
                        "SELECT setval('numbers_id_seq', 2505)",
                        Kind.SEQUENCE,
                        "public.numbers_id_seq",
                        "has another last value: 2505 in the source, 17 in the target"),
                planted(
                        "ALTER TABLE numbers DISABLE TRIGGER touched",
                        "ALTER TABLE numbers ENABLE TRIGGER touched",
                        Kind.TRIGGER,
                        "touched on public.numbers",
                        "has another enabled: yes in the source, no in the target"),
                planted(
                        "DROP TRIGGER touched ON numbers",
                        "CREATE TRIGGER touched BEFORE UPDATE ON numbers FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)"
                                + " EXECUTE PROCEDURE touched()",
                        Kind.TRIGGER,
                        "touched on public.numbers",
                        "is missing in the target"),
                planted(
                        "REVOKE UPDATE, DELETE ON numbers FROM CURRENT_USER",
                        "GRANT UPDATE, DELETE ON numbers TO CURRENT_USER",
                        Kind.PRIVILEGE,
                        "the connected role on public.numbers",
                        "lack DELETE, UPDATE in the target"),
                planted(
                        "REVOKE USAGE ON SEQUENCE never_used FROM CURRENT_USER",
                        "GRANT USAGE ON SEQUENCE never_used TO CURRENT_USER",
                        Kind.PRIVILEGE,
                        "the connected role on sequence public.never_used",
                        "lack USAGE in the target"),
                planted(
                        "DROP VIEW per_mood",
                        "CREATE VIEW per_mood WITH (security_barrier) AS SELECT mood, count(*) AS n, total_of(f8) AS total,"
                                + " date_part('year', day) AS year FROM numbers GROUP BY mood, day HAVING count(*) > 1"
                                + " ORDER BY 2 DESC",
                        Kind.VIEW,
                        "public.per_mood",
                        "is missing in the target"),
                planted(
                        "CREATE OR REPLACE VIEW happy AS SELECT n.id, n.f8 AS value, n.day FROM numbers n WHERE n.mood = 'sad'",
                        "CREATE OR REPLACE VIEW happy AS SELECT n.id, n.f8 AS value, n.day FROM numbers n WHERE n.mood = 'happy'"
                                + " AND n.day <= CURRENT_DATE",
                        Kind.VIEW,
                        "public.happy",
                        "has another query"),
                planted(
                        "DROP FUNCTION greet(text, integer)",
                        "CREATE FUNCTION greet(name text DEFAULT 'you', times integer DEFAULT 1) RETURNS text LANGUAGE plpgsql"
                                + " STABLE SET search_path = pg_catalog AS"
                                + " $$ BEGIN RETURN repeat('hello ' || name, times); END $$",
                        Kind.FUNCTION,
                        "public.greet(text,integer)",
                        "is missing in the target"),
                planted(
                        "ALTER FUNCTION half(double precision) VOLATILE",
                        "ALTER FUNCTION half(double precision) IMMUTABLE",
                        Kind.FUNCTION,
                        "public.half(double precision)",
                        "has another volatility: i in the source, v in the target"),
                planted(
                        "REFRESH MATERIALIZED VIEW moods WITH NO DATA",
                        "REFRESH MATERIALIZED VIEW moods",
                        Kind.MATERIALIZED_VIEW,
                        "public.moods",
                        "has another populated: true in the source, false in the target"),
                planted(
                        "DROP INDEX numbers_who",
                        "CREATE INDEX numbers_who ON numbers (who DESC NULLS LAST, \"Weird \"\"Name'\")",
                        Kind.INDEX,
                        "public.numbers_who",
                        "is missing in the target"),
                planted(
                        "ALTER TABLE numbers DROP CONSTRAINT numbers_amount_check",
                        "ALTER TABLE numbers ADD CONSTRAINT numbers_amount_check CHECK (amount > 0.5 OR amount IS NULL)",
                        Kind.CONSTRAINT,
                        "numbers_amount_check on public.numbers",
                        "is missing in the target"),
                planted(
                        "ALTER TABLE numbers DROP CONSTRAINT numbers_amount_check;"
                                + " ALTER TABLE numbers ADD CONSTRAINT numbers_amount_check CHECK (amount > 0.5 OR amount IS NULL)"
                                + " NOT VALID",
                        "ALTER TABLE numbers VALIDATE CONSTRAINT numbers_amount_check",
                        Kind.CONSTRAINT,
                        "numbers_amount_check on public.numbers",
                        "has another validated: true in the source, false in the target"),
                planted(
                        "ALTER TABLE numbers ALTER tags DROP DEFAULT",
                        "ALTER TABLE numbers ALTER tags SET DEFAULT '{}'",
                        Kind.COLUMN,
                        "public.numbers.tags",
                        "lacks its default in the target"),
                planted(
                        "ALTER TABLE numbers ALTER mood SET DEFAULT 'sad'",
                        "ALTER TABLE numbers ALTER mood SET DEFAULT 'ok'",
                        Kind.COLUMN,
                        "public.numbers.mood",
                        "has another default"),
                planted(
                        "DROP TABLE nothing_in_it",
                        "CREATE TABLE nothing_in_it ()",
                        Kind.TABLE,
                        "public.nothing_in_it",
                        "is missing in the target"),
                planted(
                        "CREATE TABLE more (id integer)",
                        "DROP TABLE more",
                        Kind.TABLE,
                        "public.more",
                        "is in the target only"),
                planted(
                        "ALTER TABLE tenants DISABLE ROW LEVEL SECURITY",
                        "ALTER TABLE tenants ENABLE ROW LEVEL SECURITY",
                        Kind.TABLE,
                        "public.tenants",
                        "has another row security: true in the source, false in the target"),
                planted(
                        "DROP POLICY own_rows ON tenants",
                        "CREATE POLICY own_rows ON tenants FOR SELECT USING (owner = current_user)",
                        Kind.POLICY,
                        "own_rows on public.tenants",
                        "is missing in the target"),
                planted(
                        "ALTER DOMAIN percentage DROP CONSTRAINT percentage_range",
                        "ALTER DOMAIN percentage ADD CONSTRAINT percentage_range CHECK (VALUE >= 0 AND VALUE <= 100)",
                        Kind.TYPE,
                        "public.percentage",
                        "has another constraints: percentage_range in the source, none in the target; lacks its domain"
                                + " constraints in the target"),
                planted(
                        "SELECT lo_put(900003, 2400000, 'x')",
                        "SELECT lo_put(900003, 2400000, '0')",
                        Kind.LARGE_OBJECT,
                        "the database",
                        "differ: 0 missing in the target, 0 in the target only, 1 changed"),
                planted(
                        "SELECT lo_unlink(900002)",
                        "SELECT lo_create(900002)",
                        Kind.LARGE_OBJECT,
                        "the database",
                        "differ: 1 missing in the target, 0 in the target only, 0 changed"),
                planted(
                        "UPDATE no_key SET v = v + 1e-15 WHERE v = 1",
                        "UPDATE no_key SET v = 1 WHERE v BETWEEN 1 AND 1 + 1e-14",
                        Kind.ROWS,
                        "public.no_key",
                        "have other content: 50 of them in both"),
                planted(
                        "DROP RULE keep ON " + DEALS,
                        "CREATE RULE keep AS ON DELETE TO " + DEALS + " DO INSTEAD NOTHING",
                        Kind.RULE,
                        "keep on " + DEALS,
                        "is missing in the target"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("plants")
    void isFound(String sql, String undo, Kind kind, String object, String what) throws Exception {
        Everything.run(target, sql);
        try {
            ComparisonResult result = compare(DataComparison.Level.CHECKSUMS);

            assertThat(result.differences()).as(result.describe()).hasSize(1).allSatisfy(difference -> {
                assertThat(difference.kind()).isEqualTo(kind);
                assertThat(difference.object()).isEqualTo(object);
                assertThat(difference.what()).isEqualTo(what);
            });
        } finally {
            Everything.run(target, undo);
        }
    }

    @Test
    void aMissingExtensionIsFound() throws Exception {
        Everything.run(target, "BEGIN; DROP EXTENSION citext CASCADE; DROP TABLE with_extensions; COMMIT");
        try {
            assertThat(compare(DataComparison.Level.COUNTS).differences())
                    .extracting(Difference::kind, Difference::object, Difference::what)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple(
                                    Kind.TABLE, "public.with_extensions", "is missing in the target"),
                            org.assertj.core.groups.Tuple.tuple(Kind.EXTENSION, "citext", "is missing in the target"));
        } finally {
            Everything.run(
                    target,
                    "CREATE EXTENSION citext SCHEMA \"Sales Dept\";"
                            + " CREATE TABLE with_extensions (id integer PRIMARY KEY, h hstore, c \"Sales Dept\".citext);"
                            + " INSERT INTO with_extensions VALUES (1, 'a=>1, b=>NULL', 'MiXed')");
        }
    }

    @Test
    void anIndexThatIsNotValidIsFound() throws Exception {
        administer("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'numbers_words'::regclass");
        try {
            assertThat(compare(DataComparison.Level.COUNTS).differences())
                    .extracting(Difference::describe)
                    .containsExactly(
                            "index public.numbers_words has another valid: true in the source, false in the target");
        } finally {
            administer("UPDATE pg_index SET indisvalid = true WHERE indexrelid = 'numbers_words'::regclass");
        }
    }

    @Test
    void rowsAreNamedByTheirPrimaryKeys() throws Exception {
        Everything.run(target, "ALTER TABLE " + DEALS + " DISABLE RULE keep");
        Everything.run(
                target,
                "DELETE FROM " + DEALS + " WHERE no = 7; INSERT INTO " + DEALS + " VALUES ('x''y', 7, NULL, 1);"
                        + " UPDATE " + DEALS + " SET score = 0 WHERE no = 9");
        Everything.run(target, "ALTER TABLE " + DEALS + " ENABLE RULE keep");
        try {
            assertThat(compare(DataComparison.Level.CHECKSUMS).differences())
                    .containsExactly(new Difference(
                            Kind.ROWS,
                            DEALS,
                            "have other content: 300 of them in both",
                            java.util.List.of(
                                    "region=r0, no=9 has other values",
                                    "region=r1, no=7 is missing in the target",
                                    "region=x'y, no=7 is in the target only")));
        } finally {
            Everything.run(target, "ALTER TABLE " + DEALS + " DISABLE RULE keep");
            Everything.run(
                    target,
                    "DELETE FROM " + DEALS + " WHERE no = 7; INSERT INTO " + DEALS + " VALUES ('r1', 7, 7, 7 / 9.0);"
                            + " UPDATE " + DEALS + " SET score = 9 / 9.0 WHERE no = 9");
            Everything.run(target, "ALTER TABLE " + DEALS + " ENABLE RULE keep");
        }
    }

    @Test
    void ofManyRowsTenAreNamed() throws Exception {
        Everything.run(target, "DELETE FROM by_hash");
        try {
            assertThat(compare(DataComparison.Level.CHECKSUMS).differences())
                    .hasSize(2)
                    .allSatisfy(
                            difference -> assertThat(difference.sampleKeys()).hasSize(10));
        } finally {
            Everything.run(target, "INSERT INTO by_hash SELECT i, 'v' || i FROM generate_series(1, 100) AS i");
        }
    }

    @Test
    void countsFindAMissingRowButNoChangedOne() throws Exception {
        Everything.run(target, "UPDATE by_hash SET v = 'other' WHERE id = 1");
        try {
            assertThat(compare(DataComparison.Level.COUNTS).isSame()).isTrue();
            Everything.run(target, "DELETE FROM by_hash WHERE id = 1");
            assertThat(compare(DataComparison.Level.COUNTS).differences())
                    .singleElement()
                    .satisfies(
                            difference -> assertThat(difference.describe())
                                    .matches(
                                            "rows of table public.by_hash_. differ in number: (\\d+) in the source, \\d+ in the target"));
        } finally {
            Everything.run(target, "INSERT INTO by_hash VALUES (1, 'v1') ON CONFLICT (id) DO UPDATE SET v = 'v1'");
        }
    }

    @Test
    void theRightToCreateInASchemaIsCompared() throws Exception {
        administer("ALTER SCHEMA public OWNER TO postgres; REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        try {
            assertThat(compare(DataComparison.Level.COUNTS).differences())
                    .extracting(Difference::describe)
                    .containsExactly("privileges of the connected role on schema public lack CREATE in the target");
        } finally {
            administer("ALTER SCHEMA public OWNER TO pg_database_owner");
        }
    }
}
