package io.github.divio4j.examples.postgres;

import io.github.divio4j.examples.sandbox.LocalDatabases;
import io.github.divio4j.examples.sandbox.PostgresDsn;
import java.util.List;

/**
 * One object for every check that may block a restore.
 *
 * @param id of the check
 * @param oldest the first version on which it can be planted
 * @param gone the first version that refuses it; 0 if any does
 * @param role whether the owner of the database plants it, or it takes a superuser
 * @param sql what plants it
 * @param object what is to be found
 * @param rehearsed what a rehearsal finds, if it does; otherwise empty
 */
record PlantedBlockers(String id, double oldest, double gone, Role role, String sql, String object, String rehearsed) {

    enum Role {
        OWNER,
        SUPERUSER
    }

    static List<PlantedBlockers> all() {
        return List.of(
                owner("C01", 12, "CREATE TABLE with_oids (a integer) WITH OIDS", "table public.with_oids", ""),
                owner(
                        "C02",
                        12,
                        "CREATE TABLE old_times (id integer PRIMARY KEY, at abstime)",
                        "column public.old_times.at",
                        "table public.old_times"),
                owner(
                        "C02",
                        12,
                        "CREATE FUNCTION waited(reltime) RETURNS integer LANGUAGE sql AS 'SELECT 1'",
                        "function public.waited(reltime)",
                        "function public.waited(reltime)"),
                owner(
                        "C02",
                        10,
                        "CREATE TABLE untyped AS SELECT 'x' AS letter",
                        "column public.untyped.letter",
                        "table public.untyped"),
                owner(
                        "C03",
                        13,
                        "CREATE FUNCTION opaque_trigger() RETURNS opaque LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
                        "function public.opaque_trigger()",
                        "function public.opaque_trigger()"),
                owner(
                        "C04",
                        14,
                        "CREATE AGGREGATE collected (anyelement) (sfunc = array_append, stype = anyarray, initcond = '{}')",
                        "aggregate public.collected(anyelement)",
                        "aggregate public.collected(anyelement)"),
                owner(
                        "C04",
                        14,
                        "CREATE OPERATOR |+| (leftarg = anyarray, rightarg = anyelement, procedure = array_append)",
                        "operator public.|+|(anyarray,anyelement)",
                        "operator public.|+|"),
                owner(
                        "C05",
                        14,
                        "CREATE FUNCTION doubled(integer) RETURNS integer LANGUAGE sql AS 'SELECT 2 * $1';"
                                + " CREATE OPERATOR !!! (leftarg = integer, procedure = doubled)",
                        "operator public.!!!(integer,NONE)",
                        "operator public.!!!"),
                new PlantedBlockers(
                        "C06",
                        0,
                        15,
                        Role.SUPERUSER,
                        "CREATE LANGUAGE other HANDLER plpgsql_call_handler; ALTER LANGUAGE other RENAME TO plpythonu",
                        "language plpythonu",
                        "procedural language plpythonu"),
                new PlantedBlockers(
                        "C07",
                        0,
                        10,
                        Role.SUPERUSER,
                        "CREATE EXTENSION tsearch2",
                        "extension tsearch2",
                        "extension tsearch2"),
                new PlantedBlockers(
                        "C07",
                        0,
                        17,
                        Role.SUPERUSER,
                        "CREATE EXTENSION adminpack",
                        "extension adminpack",
                        "extension adminpack"),
                owner(
                        "C12",
                        0,
                        "CREATE TABLE lookup (id integer, label text); CREATE TABLE things (id integer, kind integer);"
                                + " CREATE FUNCTION label(integer) RETURNS text LANGUAGE sql IMMUTABLE"
                                + " AS 'SELECT label FROM lookup WHERE id = $1';"
                                + " CREATE INDEX things_label ON things (label(kind))",
                        "index public.things_label",
                        "index public.things_label"),
                owner(
                        "C12",
                        0,
                        "CREATE FUNCTION is_known(integer) RETURNS boolean LANGUAGE plpgsql"
                                + " AS 'BEGIN RETURN EXISTS (SELECT FROM lookup); END';"
                                + " ALTER TABLE things ADD CONSTRAINT known CHECK (is_known(kind))",
                        "constraint known on public.things",
                        ""),
                owner(
                        "C12",
                        0,
                        "CREATE MATERIALIZED VIEW labels AS SELECT is_known(id) FROM things WITH NO DATA",
                        "materialized view public.labels",
                        ""),
                owner(
                        "C12",
                        0,
                        "CREATE FUNCTION label_of(integer) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT public.label($1)';"
                                + " CREATE INDEX things_label_of ON things (label_of(kind))",
                        "index public.things_label_of",
                        "index public.things_label_of"),
                owner(
                        "C13",
                        10,
                        "CREATE VIEW log_position AS SELECT pg_current_xlog_location() AS now",
                        "view public.log_position",
                        "view public.log_position"),
                owner(
                        "C13",
                        10,
                        "CREATE TABLE positions (at text DEFAULT pg_current_xlog_location()::text)",
                        "default of column public.positions.at",
                        "table public.positions"),
                owner(
                        "C13",
                        12,
                        "CREATE VIEW with_source AS SELECT adsrc FROM pg_attrdef",
                        "view public.with_source",
                        "view public.with_source"),
                owner(
                        "C13",
                        14,
                        "CREATE VIEW factorials AS SELECT i, i::bigint ! AS f FROM generate_series(1, 5) AS i",
                        "view public.factorials",
                        "view public.factorials"),
                owner(
                        "C13",
                        14,
                        "CREATE TABLE inside (p point, CONSTRAINT in_box CHECK (p @ box '((0,0),(1,1))'))",
                        "constraint in_box on public.inside",
                        "table public.inside"),
                owner(
                        "C13",
                        17,
                        "CREATE VIEW checkpoints AS SELECT checkpoints_timed FROM pg_stat_bgwriter",
                        "view public.checkpoints",
                        "view public.checkpoints"),
                new PlantedBlockers(
                        "C15",
                        10,
                        18,
                        Role.OWNER,
                        "CREATE UNLOGGED TABLE unlogged_parent (a integer) PARTITION BY RANGE (a)",
                        "table public.unlogged_parent",
                        "table public.unlogged_parent"),
                owner(
                        "C17",
                        10,
                        "CREATE SEQUENCE counter; CREATE VIEW steps AS SELECT last_value, increment_by FROM counter",
                        "view public.steps",
                        "view public.steps"),
                owner(
                        "C21",
                        0,
                        "CREATE TABLE forced (a integer); ALTER TABLE forced ENABLE ROW LEVEL SECURITY;"
                                + " ALTER TABLE forced FORCE ROW LEVEL SECURITY",
                        "table public.forced",
                        ""),
                owner(
                        "C28",
                        14,
                        "CREATE FUNCTION warning() RETURNS integer LANGUAGE sql SET operator_precedence_warning = on AS 'SELECT 1'",
                        "function public.warning()",
                        "function public.warning()"));
    }

    private static PlantedBlockers owner(String id, double gone, String sql, String object, String rehearsed) {
        return new PlantedBlockers(id, 0, gone, Role.OWNER, sql, object, rehearsed);
    }

    /** Those that a server of this version can hold and the newest refuses. */
    static List<PlantedBlockers> on(String version) {
        double number = Double.parseDouble(version);
        return all().stream()
                .filter(one -> number >= one.oldest && (one.gone == 0 || number < one.gone))
                .toList();
    }

    static void plant(LocalDatabases databases, PostgresDsn database, String version) throws Exception {
        try (Client owner = Client.of(database);
                Client superuser = new Client(databases.administrator(database))) {
            for (PlantedBlockers one : on(version)) {
                (one.role == Role.OWNER ? owner : superuser).run(one.sql);
            }
        }
    }
}
