package io.github.divio4j.upgrade.postgres;

import io.github.divio4j.upgrade.postgres.Finding.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The checks that are one question to the source. Each row of an answer is a finding: its first column is the object, the others
 * stand in the sentence for {@code {1}}, {@code {2}} and so on.
 *
 * <p>What the versions changed is told by PostgreSQL's release notes, of the major version that a check names.
 */
final class Checks {

    /** For an alias that has an oid of a catalogue: not what an extension brings along. */
    private static final String OWN = " AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '%s'::regclass"
            + " AND e.objid = %s.oid AND e.deptype = 'e')";

    private static final String OWN_RELATION = OWN.formatted("pg_class", "c");
    private static final String OWN_FUNCTION = OWN.formatted("pg_proc", "p");

    private static final String RELATION = "CASE c.relkind WHEN 'v' THEN 'view ' WHEN 'm' THEN 'materialized view '"
            + " WHEN 'f' THEN 'foreign table ' WHEN 'c' THEN 'type ' WHEN 'S' THEN 'sequence ' ELSE 'table ' END"
            + " || c.oid::regclass";

    private static final String COLUMN_TYPES = "SELECT 'column ' || c.oid::regclass || '.' || quote_ident(a.attname),"
            + " t.typname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid"
            + " WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'm', 'v', 'f', 'c') AND a.attnum > 0 AND NOT a.attisdropped"
            + OWN_RELATION + " AND t.typname IN ";

    private static final String OLD_TIMES = "('abstime', '_abstime', 'reltime', '_reltime', 'tinterval', '_tinterval')";

    private static final String ARRAY_FUNCTIONS =
            "(SELECT f.oid FROM pg_proc f WHERE f.pronamespace = 'pg_catalog'::regnamespace"
                    + " AND f.proname IN ('array_append', 'array_prepend', 'array_cat', 'array_position', 'array_positions',"
                    + " 'array_remove', 'array_replace', 'width_bucket'))";

    /**
     * A check.
     *
     * @param border the version whose border an upgrade must cross for it to matter; 0 if it always does
     * @param oldest the first version that can answer the question
     */
    record Check(String id, Severity severity, int border, int oldest, String sql, String why, String remedy) {

        boolean applies(Look look) {
            return look.from() >= oldest && (border == 0 || look.crosses(border));
        }
    }

    private static final List<Check> ALL = List.of(
            new Check(
                    "C01",
                    Severity.BLOCKS_RESTORE,
                    12,
                    0,
                    "SELECT 'table ' || c.oid::regclass FROM pg_class c WHERE c.relhasoids AND c.relkind = 'r' AND c.oid >= 16384"
                            + OWN_RELATION,
                    "It is WITH OIDS, which version 12 does not know: the values of its column oid would be lost.",
                    "Copy oid into a column of its own if anything uses it, then ALTER TABLE ... SET WITHOUT OIDS."),
            new Check(
                    "C02",
                    Severity.BLOCKS_RESTORE,
                    12,
                    0,
                    COLUMN_TYPES + OLD_TIMES
                            + " UNION ALL SELECT 'function ' || p.oid::regprocedure, t.typname FROM pg_proc p JOIN pg_type t"
                            + " ON t.oid = p.prorettype OR t.oid = ANY (p.proargtypes) WHERE p.oid >= 16384"
                            + OWN_FUNCTION
                            + " AND t.typname IN " + OLD_TIMES
                            + " UNION ALL SELECT 'domain ' || d.oid::regtype, t.typname FROM pg_type d JOIN pg_type t"
                            + " ON t.oid = d.typbasetype WHERE d.typtype = 'd' AND d.oid >= 16384"
                            + OWN.formatted("pg_type", "d") + " AND t.typname IN " + OLD_TIMES,
                    "Version 12 has no type {1}: what it is a part of is not restored, with all rows.",
                    "Change it to timestamptz, interval or tstzrange."),
            new Check(
                    "C02",
                    Severity.BLOCKS_RESTORE,
                    10,
                    0,
                    COLUMN_TYPES + "('unknown') AND c.relkind NOT IN ('v', 'm')",
                    "Since version 10 no column can be of type {1}: what it is a part of is not restored.",
                    "Change its type to text."),
            new Check(
                    "C02",
                    Severity.INFORMATION,
                    10,
                    0,
                    COLUMN_TYPES + "('unknown') AND c.relkind IN ('v', 'm')",
                    "It is of type {1}, and will be text in the target.",
                    "Nothing is to be done, unless a client looks at the types of columns."),
            new Check(
                    "C03",
                    Severity.BLOCKS_RESTORE,
                    13,
                    0,
                    "SELECT 'function ' || p.oid::regprocedure FROM pg_proc p WHERE p.oid >= 16384"
                            + " AND (p.prorettype = 'opaque'::regtype OR 'opaque'::regtype = ANY (p.proargtypes))"
                            + OWN_FUNCTION,
                    "Version 13 has no type opaque.",
                    "Let it return trigger, or what it is used for: language_handler, cstring."),
            new Check(
                    "C04",
                    Severity.BLOCKS_RESTORE,
                    14,
                    0,
                    "SELECT 'aggregate ' || a.aggfnoid::regprocedure, a.aggtransfn::text FROM pg_aggregate a"
                            + " JOIN pg_proc p ON p.oid = a.aggfnoid WHERE p.oid >= 16384"
                            + " AND (a.aggtransfn IN " + ARRAY_FUNCTIONS + " OR a.aggfinalfn IN " + ARRAY_FUNCTIONS
                            + ")"
                            + " AND a.aggtranstype IN ('anyarray'::regtype, 'anyelement'::regtype)" + OWN_FUNCTION
                            + " UNION ALL SELECT 'operator ' || o.oid::regoperator, o.oprcode::text FROM pg_operator o"
                            + " WHERE o.oid >= 16384 AND o.oprcode IN " + ARRAY_FUNCTIONS
                            + " AND (o.oprleft IN ('anyarray'::regtype, 'anyelement'::regtype)"
                            + " OR o.oprright IN ('anyarray'::regtype, 'anyelement'::regtype))"
                            + OWN.formatted("pg_operator", "o"),
                    "It is made of {1}, whose arguments are anycompatible and anycompatiblearray since version 14.",
                    "Drop it before the backup, and make it anew after the restore with those types."),
            new Check(
                    "C05",
                    Severity.BLOCKS_RESTORE,
                    14,
                    0,
                    "SELECT 'operator ' || o.oid::regoperator FROM pg_operator o WHERE o.oprkind = 'r' AND o.oid >= 16384"
                            + OWN.formatted("pg_operator", "o"),
                    "It stands behind its operand, which no operator can since version 14.",
                    "Use a function in its place, and drop it."),
            new Check(
                    "C06",
                    Severity.BLOCKS_RESTORE,
                    15,
                    0,
                    "SELECT 'language ' || quote_ident(lanname) FROM pg_language WHERE lanname IN ('plpythonu', 'plpython2u')",
                    "Version 15 has no Python 2.",
                    "Move its functions to plpython3u, then drop the language."),
            new Check(
                    "C14",
                    Severity.APPLICATION,
                    16,
                    0,
                    "SELECT 'function ' || p.oid::regprocedure FROM pg_proc p WHERE p.oid >= 16384"
                            + " AND p.prorettype = 'refcursor'::regtype" + OWN_FUNCTION,
                    "It returns a cursor. Since version 16 a bound cursor in PL/pgSQL is no longer opened under the name of its"
                            + " variable.",
                    "FETCH by the name that the function returns, or assign a name to the variable before OPEN."),
            new Check(
                    "C15",
                    Severity.BLOCKS_RESTORE,
                    18,
                    10,
                    "SELECT 'table ' || c.oid::regclass FROM pg_class c WHERE c.relkind = 'p' AND c.relpersistence = 'u'"
                            + OWN_RELATION,
                    "It is partitioned and UNLOGGED, which version 18 refuses.",
                    "Make it anew without UNLOGGED, and attach its partitions to that; they may be unlogged."),
            new Check(
                    "C16",
                    Severity.APPLICATION,
                    18,
                    0,
                    "SELECT 'trigger ' || quote_ident(t.tgname) || ' on ' || t.tgrelid::regclass FROM pg_trigger t"
                            + " WHERE t.tgdeferrable AND NOT t.tgisinternal",
                    "It can be deferred. Since version 18 it then runs as the role that made the change, not as the one that"
                            + " commits.",
                    "See whether it rests on SET ROLE; if so make its function SECURITY DEFINER."),
            new Check(
                    "C17",
                    Severity.BLOCKS_RESTORE,
                    10,
                    0,
                    "SELECT 'view ' || r.ev_class::regclass, string_agg(DISTINCT a.attname::text, ', '), c.oid::regclass"
                            + " FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid"
                            + " JOIN pg_class c ON c.oid = d.refobjid AND c.relkind = 'S'"
                            + " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid"
                            + " WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass"
                            + " AND a.attname NOT IN ('last_value', 'log_cnt', 'is_called') GROUP BY r.ev_class, c.oid",
                    "It reads {1} of sequence {2}, which is no column there since version 10.",
                    "Read it from pg_sequences (version 10 and newer) or information_schema.sequences."),
            new Check(
                    "C18",
                    Severity.INFORMATION,
                    0,
                    0,
                    "SELECT 'index ' || i.indexrelid::regclass, i.indrelid::regclass FROM pg_index i WHERE NOT i.indisvalid",
                    "It is not valid, and is not in a dump: the target will not have it.",
                    "REINDEX it, or drop it."),
            new Check(
                    "C21",
                    Severity.BLOCKS_RESTORE,
                    0,
                    0,
                    "SELECT " + RELATION + " FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relrowsecurity"
                            + " AND (c.relforcerowsecurity OR NOT pg_has_role(c.relowner, 'USAGE'))"
                            + " AND NOT (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user)",
                    "Row security hides rows from this role, and a dump by it would fail.",
                    "ALTER TABLE ... NO FORCE ROW LEVEL SECURITY for the backup, or let a role with BYPASSRLS make it."),
            new Check(
                    "C21",
                    Severity.BLOCKS_RESTORE,
                    0,
                    0,
                    "SELECT " + RELATION
                            + " FROM pg_class c WHERE c.relkind IN ('r', 'p', 'm', 'f', 'S') AND c.oid >= 16384"
                            + OWN_RELATION + " AND c.relpersistence <> 't'"
                            + " AND NOT (has_schema_privilege(c.relnamespace, 'USAGE') AND CASE c.relkind"
                            + " WHEN 'S' THEN has_sequence_privilege(c.oid, 'SELECT')"
                            + " ELSE has_table_privilege(c.oid, 'SELECT') END)",
                    "This role may not read it, and a dump by it would fail.",
                    "GRANT it SELECT, and USAGE of its schema, or let the owner make the backup."),
            new Check(
                    "C22",
                    Severity.WARNING,
                    0,
                    0,
                    "SELECT 'prepared transaction ' || quote_literal(gid), prepared FROM pg_prepared_xacts"
                            + " WHERE database = current_database()",
                    "It waits since {1}, and is not in a dump: what it wrote would be lost.",
                    "COMMIT PREPARED or ROLLBACK PREPARED it before the backup."),
            new Check(
                    "C22",
                    Severity.WARNING,
                    0,
                    0,
                    "SELECT 'replication slot ' || slot_name, CASE WHEN active THEN 'is read right now' ELSE 'has a reader' END"
                            + " FROM pg_replication_slots WHERE database = current_database()",
                    "It {1}, and is not in a dump: whoever follows the changes of this database loses them.",
                    "Make a slot in the target before the application writes there, and let its readers begin anew."),
            new Check(
                    "C23",
                    Severity.APPLICATION,
                    12,
                    0,
                    "SELECT 'table ' || c.oid::regclass, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)"
                            + " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.oid >= 16384 AND c.relkind = 'r'"
                            + " AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid IN ('float4'::regtype, 'float8'::regtype)"
                            + OWN_RELATION + " GROUP BY c.oid",
                    "It holds floating point numbers ({1}). Since version 12 their text has more digits: 0.30000000000000004"
                            + " where it was 0.3.",
                    "See whether the application compares or shows them as text; round there, or SET extra_float_digits = 0."),
            new Check(
                    "C24",
                    Severity.INFORMATION,
                    0,
                    0,
                    "SELECT 'constraint ' || quote_ident(k.conname) || CASE WHEN k.conrelid <> 0 THEN ' on ' || k.conrelid::regclass"
                            + " ELSE '' END FROM pg_constraint k WHERE NOT k.convalidated",
                    "It is NOT VALID, and stays so in the target.",
                    "ALTER TABLE ... VALIDATE CONSTRAINT, if its rows are to satisfy it."));

    private static final Set<String> BLOCKING_OTHERS = Set.of("C07", "C12", "C13", "C20", "C28", "SERVER");

    private Checks() {}

    /** Returns whether a check may find what blocks the restore, so that it matters if it cannot be made. */
    static boolean mayBlock(String id) {
        return BLOCKING_OTHERS.contains(id)
                || ALL.stream().anyMatch(c -> c.id().equals(id) && c.severity() == Severity.BLOCKS_RESTORE);
    }

    /** Makes all that matter for the upgrade. */
    static void run(Look look) {
        for (Check check : ALL) {
            if (check.applies(look)) {
                look.askSource(check.id(), () -> {
                    for (List<String> row : look.source().rows(check.sql(), result -> {
                        List<String> columns = new ArrayList<>();
                        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                            columns.add(String.valueOf(result.getString(i)));
                        }
                        return columns;
                    })) {
                        String why = check.why();
                        for (int i = 1; i < row.size(); i++) {
                            why = why.replace("{" + i + "}", row.get(i));
                        }
                        look.found(check.id(), check.severity(), row.get(0), why, check.remedy());
                    }
                });
            }
        }
    }
}
