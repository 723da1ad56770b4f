package io.github.divio4j.upgrade.postgres;

import io.github.divio4j.upgrade.postgres.Difference.Kind;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a database has beside rows: objects, each with facts that are the same after an honest restore on any later version.
 *
 * <p>What belongs to an extension or to the system is left out, and so are owners: the platform gives every instance a role of its
 * own. Definitions are texts that a later version may write differently; they are kept apart from facts, with what
 * {@link Definitions} needs to compare them.
 */
final class Catalog {

    static final String USERS_SCHEMA = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

    private static final int SEQUENCES_AT_ONCE = 200;

    private final Map<ObjectKey, Item> items = new TreeMap<>();
    private final SnapshotSession session;
    private final int version;
    private final String subject;

    /** What an object is called by. */
    record ObjectKey(Kind kind, String name) implements Comparable<ObjectKey> {
        @Override
        public int compareTo(ObjectKey other) {
            int byKind = kind.compareTo(other.kind);
            return byKind != 0 ? byKind : name.compareTo(other.name);
        }
    }

    /**
     * An object.
     *
     * @param of the relation that it belongs to; null if to none
     * @param facts by what they are called
     * @param definitions by what they are called; without those that it does not have
     */
    record Item(@Nullable String of, Map<String, String> facts, Map<String, String> definitions) {}

    private Catalog(SnapshotSession session) {
        this.session = session;
        this.version = session.version();
        this.subject = "the objects of the " + session.side();
    }

    /**
     * Reads all of it, and what the connected role and others may do.
     *
     * @param roles that exist
     */
    static Catalog read(SnapshotSession session, List<String> roles) {
        Catalog catalog = new Catalog(session);
        catalog.readRelations();
        catalog.readWhatBelongsToTables();
        catalog.readViewsFunctionsAndTypes();
        catalog.readOthers();
        catalog.readSequences();
        catalog.readPrivileges("the connected role", "current_user");
        for (String role : roles) {
            catalog.readPrivileges("role " + role, literal(role));
        }
        return catalog;
    }

    Map<ObjectKey, Item> items() {
        return items;
    }

    /** The condition for an object of {@code catalog}, in a query in which {@code n} is its schema, to be the user's. */
    static String users(String catalog, String alias) {
        return USERS_SCHEMA + " AND " + noExtensionHas(catalog, alias);
    }

    private static String noExtensionHas(String catalog, String alias) {
        return "NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '" + catalog + "'::regclass AND e.objid = "
                + alias + ".oid AND e.deptype = 'e')";
    }

    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private String since(int since, String sql, String otherwise) {
        return version >= since ? sql : otherwise;
    }

    /**
     * Adds an object for each row. Its columns are: name; of, which is the relation that it belongs to; a fact each; and
     * definitions, whose names end with a star.
     */
    private void read(Kind kind, String sql) {
        session.forEach(sql, subject, row -> add(kind, row));
    }

    private void add(Kind kind, ResultSet row) throws SQLException {
        ResultSetMetaData columns = row.getMetaData();
        Map<String, String> facts = new LinkedHashMap<>();
        Map<String, String> definitions = new LinkedHashMap<>();
        String of = null;
        for (int i = 2; i <= columns.getColumnCount(); i++) {
            String label = columns.getColumnLabel(i);
            String value = row.getString(i);
            if (label.equals("of")) {
                of = value;
            } else if (label.endsWith("*")) {
                if (value != null) {
                    definitions.put(label.substring(0, label.length() - 1), value);
                }
            } else {
                facts.put(label, value == null || value.isEmpty() ? "none" : value);
            }
        }
        items.put(new ObjectKey(kind, row.getString(1)), new Item(of, facts, definitions));
    }

    private void readRelations() {
        read(Kind.SCHEMA, "SELECT quote_ident(n.nspname) FROM pg_namespace n WHERE " + users("pg_namespace", "n"));
        read(
                Kind.TABLE,
                "SELECT c.oid::regclass::text, CASE c.relkind WHEN 'p' THEN 'partitioned' WHEN 'f' THEN 'foreign'"
                        + " ELSE 'ordinary' END AS kind,"
                        + " CASE WHEN c.relkind = 'r' THEN c.relpersistence::text END AS persistence,"
                        + " c.relrowsecurity::text AS \"row security\", c.relforcerowsecurity::text AS \"forced row security\", "
                        + since(120000, "false", "c.relhasoids") + "::text AS \"object ids\","
                        + " (SELECT string_agg(i.inhparent::regclass::text, ', ' ORDER BY i.inhseqno) FROM pg_inherits i"
                        + " WHERE i.inhrelid = c.oid) AS parents, "
                        + since(
                                100000,
                                "pg_get_expr(c.relpartbound, c.oid) AS \"partition bound\","
                                        + " CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS \"partition key\"",
                                "NULL AS \"partition bound\", NULL AS \"partition key\"")
                        + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'f') AND "
                        + users("pg_class", "c"));
        read(
                Kind.COLUMN,
                "SELECT c.oid::regclass || '.' || quote_ident(a.attname), c.oid::regclass::text AS of,"
                        + " format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull::text AS \"not null\", "
                        + since(100000, "CASE WHEN NOT c.relispartition THEN a.attidentity::text END", "NULL")
                        // Since 17 partitions have it from their table.
                        + " AS identity, "
                        + since(120000, "a.attgenerated::text", "NULL") + " AS generated,"
                        // The type name has had a collation since 12, and so has what a view makes of it.
                        + " CASE WHEN a.attcollation <> t.typcollation AND c.relkind IN ('r', 'p', 'f', 'c') THEN"
                        + " (SELECT quote_ident(l.collname) FROM pg_collation l WHERE l.oid = a.attcollation) END AS collation,"
                        + " pg_get_expr(d.adbin, d.adrelid) AS \"default*\""
                        + " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
                        + " JOIN pg_type t ON t.oid = a.atttypid"
                        + " LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
                        + " WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c') AND a.attnum > 0 AND NOT a.attisdropped AND "
                        + users("pg_class", "c"));
    }

    private void readWhatBelongsToTables() {
        String columns =
                "(SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY u.ord) FROM unnest(%s) WITH ORDINALITY"
                        + " AS u (num, ord) JOIN pg_attribute a ON a.attrelid = %s AND a.attnum = u.num)";
        read(
                Kind.CONSTRAINT,
                "SELECT quote_ident(k.conname) || ' on ' || k.conrelid::regclass, k.conrelid::regclass::text AS of,"
                        + " CASE k.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' WHEN 'f' THEN 'foreign key'"
                        + " WHEN 'x' THEN 'exclusion' ELSE 'check' END AS kind,"
                        + " k.convalidated::text AS validated, "
                        + since(180000, "k.conenforced::text", "'true'") + " AS enforced,"
                        + " k.condeferrable::text AS deferrable, k.condeferred::text AS deferred,"
                        + " CASE WHEN k.contype <> 'c' THEN " + String.format(columns, "k.conkey", "k.conrelid")
                        + " END AS columns,"
                        + " CASE WHEN k.contype = 'f' THEN k.confrelid::regclass || ' ('"
                        + " || " + String.format(columns, "k.confkey", "k.confrelid")
                        + " || ') ' || k.confmatchtype::text"
                        + " || k.confupdtype::text || k.confdeltype::text END AS \"referenced columns\","
                        + " CASE WHEN k.contype = 'x' THEN pg_get_constraintdef(k.oid) END AS definition,"
                        + " CASE WHEN k.contype = 'c' THEN pg_get_expr(k.conbin, k.conrelid) END AS \"condition*\""
                        + " FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid"
                        + " JOIN pg_namespace n ON n.oid = c.relnamespace"
                        // Not those for NOT NULL, which are constraints since 18, nor those that partitions have by
                        // themselves.
                        + " WHERE k.contype IN ('p', 'u', 'f', 'x', 'c') AND "
                        + since(110000, "k.conparentid = 0 AND ", "") + users("pg_class", "c"));
        read(
                Kind.INDEX,
                "SELECT i.indexrelid::regclass::text, i.indrelid::regclass::text AS of,"
                        + " i.indisvalid::text AS valid, i.indisready::text AS ready, i.indisunique::text AS unique,"
                        + " i.indisprimary::text AS primary, i.indisexclusion::text AS exclusion, m.amname::text AS method, "
                        + since(150000, "i.indnullsnotdistinct::text", "'false'") + " AS \"nulls not distinct\","
                        + " (SELECT string_agg(coalesce(quote_ident(a.attname), 'expression') || coalesce(' ' || o.opcname, '')"
                        + " || coalesce(' ' || p.bits, ''), ', ' ORDER BY u.ord)"
                        + " FROM unnest(i.indkey) WITH ORDINALITY AS u (num, ord)"
                        + " LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = u.num AND u.num <> 0"
                        + " LEFT JOIN unnest(i.indclass) WITH ORDINALITY AS k (oid, ord) ON k.ord = u.ord"
                        + " LEFT JOIN pg_opclass o ON o.oid = k.oid"
                        + " LEFT JOIN unnest(i.indoption) WITH ORDINALITY AS p (bits, ord) ON p.ord = u.ord) AS columns,"
                        + " pg_get_expr(i.indexprs, i.indrelid) AS \"expressions*\","
                        + " pg_get_expr(i.indpred, i.indrelid) AS \"condition*\""
                        + " FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam"
                        + " JOIN pg_namespace n ON n.oid = c.relnamespace"
                        + " JOIN pg_class r ON r.oid = i.indrelid WHERE " + USERS_SCHEMA + " AND "
                        + noExtensionHas("pg_class", "r"));
        read(
                Kind.TRIGGER,
                "SELECT quote_ident(t.tgname) || ' on ' || t.tgrelid::regclass, t.tgrelid::regclass::text AS of,"
                        + " CASE t.tgenabled WHEN 'D' THEN 'no' WHEN 'O' THEN 'yes' WHEN 'A' THEN 'always' ELSE 'on replicas' END"
                        + " AS enabled, t.tgtype::text AS events, t.tgfoid::regproc::text AS function,"
                        + " t.tgdeferrable::text AS deferrable, t.tginitdeferred::text AS deferred,"
                        + " encode(t.tgargs, 'hex') AS arguments, "
                        + String.format(columns, "t.tgattr", "t.tgrelid") + " AS columns,"
                        + " substring(pg_get_triggerdef(t.oid) FROM 'WHEN \\((.*)\\) EXECUTE (?:PROCEDURE|FUNCTION)')"
                        + " AS \"trigger condition*\""
                        + " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
                        + " WHERE NOT t.tgisinternal AND " + since(130000, "t.tgparentid = 0 AND ", "")
                        + users("pg_class", "c"));
        read(
                Kind.RULE,
                "SELECT quote_ident(r.rulename) || ' on ' || r.ev_class::regclass, r.ev_class::regclass::text AS of,"
                        + " r.ev_type::text AS event, r.ev_enabled::text AS enabled, r.is_instead::text AS instead"
                        + " FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace"
                        + " WHERE r.rulename <> '_RETURN' AND " + users("pg_class", "c"));
        read(
                Kind.POLICY,
                "SELECT quote_ident(p.polname) || ' on ' || p.polrelid::regclass, p.polrelid::regclass::text AS of,"
                        + " p.polcmd::text AS command, " + since(100000, "p.polpermissive::text", "'true'")
                        + " AS permissive,"
                        + " pg_get_expr(p.polqual, p.polrelid) AS \"condition*\","
                        + " pg_get_expr(p.polwithcheck, p.polrelid) AS \"check*\""
                        + " FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
                        + " WHERE " + users("pg_class", "c"));
    }

    private void readViewsFunctionsAndTypes() {
        String view = "SELECT c.oid::regclass::text, array_to_string(c.reloptions, ', ') AS options, %s"
                + " pg_get_viewdef(c.oid) AS \"query*\" FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE c.relkind = '%s' AND " + users("pg_class", "c");
        read(Kind.VIEW, String.format(view, "", "v"));
        read(Kind.MATERIALIZED_VIEW, String.format(view, "c.relispopulated::text AS populated,", "m"));
        String kind = since(
                110000, "p.prokind::text", "CASE WHEN p.proisagg THEN 'a' WHEN p.proiswindow THEN 'w' ELSE 'f' END");
        read(
                Kind.FUNCTION,
                "SELECT p.oid::regprocedure::text, l.lanname::text AS language, " + kind + " AS kind,"
                        + " pg_get_function_result(p.oid) AS result, "
                        // Since 14 the arguments of procedures are written with their mode.
                        + " regexp_replace(pg_get_function_identity_arguments(p.oid), '(^|, )IN ', '\\1', 'g') AS arguments,"
                        + " p.pronargdefaults::text AS \"default arguments\", p.provolatile::text AS volatility,"
                        + " p.proisstrict::text AS strict, p.prosecdef::text AS \"security definer\","
                        + " p.proleakproof::text AS leakproof, p.proparallel::text AS parallel, p.procost::text AS cost,"
                        + " p.prorows::text AS rows, array_to_string(p.proconfig, ', ') AS settings,"
                        + " md5(p.prosrc) AS \"hash of the source\","
                        + " a.aggtransfn::text AS \"transition function\", a.aggfinalfn::text AS \"final function\","
                        + " format_type(a.aggtranstype, NULL) AS \"state type\", a.agginitval AS \"initial value\", "
                        + since(140000, "pg_get_function_sqlbody(p.oid)", "NULL") + " AS \"body*\""
                        + " FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang JOIN pg_namespace n ON n.oid = p.pronamespace"
                        + " LEFT JOIN pg_aggregate a ON a.aggfnoid = p.oid"
                        // Those that a type brings along; since 14 a range type brings more of them.
                        + " WHERE NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_proc'::regclass AND i.objid = p.oid"
                        + " AND i.deptype = 'i') AND " + users("pg_proc", "p"));
        read(
                Kind.TYPE,
                "SELECT format_type(t.oid, NULL), t.typtype::text AS kind,"
                        + " (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_enum e"
                        + " WHERE e.enumtypid = t.oid) AS labels,"
                        + " CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END AS \"base type\","
                        + " CASE WHEN t.typtype = 'd' THEN t.typnotnull::text END AS \"not null\", t.typdefault AS default,"
                        + " (SELECT format_type(r.rngsubtype, NULL) FROM pg_range r WHERE r.rngtypid = t.oid) AS subtype,"
                        + " (SELECT string_agg(quote_ident(k.conname) || CASE WHEN k.convalidated THEN '' ELSE ' (not validated)' END, ', ' ORDER BY k.conname)"
                        + " FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c') AS constraints,"
                        + " (SELECT string_agg(pg_get_constraintdef(k.oid), ' ' ORDER BY k.conname)"
                        + " FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c') AS \"domain constraints*\""
                        + " FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace"
                        + " WHERE (t.typtype IN ('e', 'd', 'r') OR t.typtype = 'c' AND EXISTS"
                        + " (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c')) AND "
                        + users("pg_type", "t"));
    }

    private void readOthers() {
        read(
                Kind.EXTENSION,
                "SELECT quote_ident(x.extname), quote_ident(n.nspname) AS schema FROM pg_extension x"
                        + " JOIN pg_namespace n ON n.oid = x.extnamespace WHERE x.extname <> 'plpgsql'");
        read(
                Kind.OTHER,
                "SELECT 'operator ' || o.oid::regoperator, o.oprcode::text AS function FROM pg_operator o"
                        + " JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE " + users("pg_operator", "o"));
        read(
                Kind.OTHER,
                "SELECT 'cast from ' || format_type(c.castsource, NULL) || ' to ' || format_type(c.casttarget, NULL),"
                        + " c.castfunc::regproc::text AS function, c.castcontext::text AS context FROM pg_cast c"
                        + " WHERE c.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_depend i"
                        // Since 14 a range type brings one along.
                        + " WHERE i.classid = 'pg_cast'::regclass AND i.objid = c.oid AND i.deptype = 'i') AND "
                        + noExtensionHas("pg_cast", "c"));
        read(
                Kind.OTHER,
                "SELECT 'collation ' || quote_ident(n.nspname) || '.' || quote_ident(l.collname) FROM pg_collation l"
                        + " JOIN pg_namespace n ON n.oid = l.collnamespace WHERE " + users("pg_collation", "l"));
        read(
                Kind.OTHER,
                "SELECT 'text search configuration ' || c.oid::regconfig FROM pg_ts_config c"
                        + " JOIN pg_namespace n ON n.oid = c.cfgnamespace WHERE " + users("pg_ts_config", "c"));
        read(
                Kind.OTHER,
                "SELECT 'text search dictionary ' || d.oid::regdictionary FROM pg_ts_dict d"
                        + " JOIN pg_namespace n ON n.oid = d.dictnamespace WHERE " + users("pg_ts_dict", "d"));
        read(
                Kind.OTHER,
                "SELECT 'operator class ' || quote_ident(n.nspname) || '.' || quote_ident(o.opcname) || ' for ' || m.amname"
                        + " FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace JOIN pg_am m ON m.oid = o.opcmethod"
                        + " WHERE " + users("pg_opclass", "o"));
        read(
                Kind.OTHER,
                "SELECT 'foreign server ' || quote_ident(s.srvname) FROM pg_foreign_server s WHERE "
                        + noExtensionHas("pg_foreign_server", "s"));
        if (version >= 100000) {
            read(
                    Kind.OTHER,
                    "SELECT 'statistics ' || quote_ident(n.nspname) || '.' || quote_ident(s.stxname),"
                            + " s.stxrelid::regclass::text AS of FROM pg_statistic_ext s"
                            + " JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE " + users("pg_statistic_ext", "s"));
        }
    }

    private void readSequences() {
        String owner =
                "(SELECT string_agg(d.refobjid::regclass || '.' || quote_ident(a.attname), ', ') FROM pg_depend d"
                        + " JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid"
                        + " WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.objid = c.oid"
                        + " AND d.deptype IN ('a', 'i'))";
        List<String> queries = session.query(
                "SELECT 'SELECT ' || quote_literal(c.oid::regclass) || ', last_value::text AS \"last value\","
                        + " is_called::text AS called, ' || "
                        + since(
                                100000,
                                "format('%L::text, %L::text, %L::text, %L::text, %L::text, %L::text', s.seqincrement, s.seqmin,"
                                        + " s.seqmax, s.seqcycle::text, s.seqcache, s.seqstart)",
                                "'increment_by::text, min_value::text, max_value::text, is_cycled::text, cache_value::text,"
                                        + " start_value::text'")
                        + " || format(', %L::text FROM ', " + owner + ") || c.oid::regclass"
                        + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                        + since(100000, " JOIN pg_sequence s ON s.seqrelid = c.oid", "")
                        + " WHERE c.relkind = 'S' AND " + users("pg_class", "c"),
                subject,
                row -> row.getString(1));
        for (int from = 0; from < queries.size(); from += SEQUENCES_AT_ONCE) {
            List<String> some = queries.subList(from, Math.min(queries.size(), from + SEQUENCES_AT_ONCE));
            read(
                    Kind.SEQUENCE,
                    "SELECT name, value AS \"last value\", called, increment,"
                            // Until 9.6 the lowest value of those that count down was one more.
                            + " CASE min WHEN '-9223372036854775807' THEN '-9223372036854775808' ELSE min END AS minimum,"
                            + " max AS maximum, cycle, cache, start, owner AS \"owning column\" FROM ("
                            + String.join(" UNION ALL ", some)
                            + ") AS s (name, value, called, increment, min, max, cycle, cache, start, owner)");
        }
    }

    private void readPrivileges(String who, String role) {
        String name = literal(who + " on ");
        readPrivileges(
                name + " || CASE c.relkind WHEN 'S' THEN 'sequence ' ELSE '' END || c.oid::regclass",
                "c.oid::regclass::text",
                "CASE WHEN c.relkind = 'S' THEN ARRAY['USAGE', 'SELECT', 'UPDATE'] ELSE"
                        + " ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'] END",
                "CASE WHEN c.relkind = 'S' THEN has_sequence_privilege(" + role + ", c.oid, p.p) ELSE"
                        + " has_table_privilege(" + role + ", c.oid, p.p) END",
                "pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND "
                        + users("pg_class", "c"));
        readPrivileges(
                name + " || 'schema ' || quote_ident(n.nspname)",
                "'schema ' || quote_ident(n.nspname)",
                "ARRAY['USAGE', 'CREATE']",
                "has_schema_privilege(" + role + ", n.oid, p.p)",
                "pg_namespace n WHERE " + users("pg_namespace", "n"));
        readPrivileges(
                name + " || 'function ' || f.oid::regprocedure",
                "'function ' || f.oid::regprocedure",
                "ARRAY['EXECUTE']",
                "has_function_privilege(" + role + ", f.oid, p.p)",
                "pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace WHERE NOT EXISTS (SELECT FROM pg_depend i"
                        + " WHERE i.classid = 'pg_proc'::regclass AND i.objid = f.oid AND i.deptype = 'i') AND "
                        + users("pg_proc", "f"));
        readPrivileges(
                name + " || 'the database'",
                "NULL",
                "ARRAY['CONNECT', 'CREATE', 'TEMPORARY']",
                "has_database_privilege(" + role + ", d.oid, p.p)",
                "pg_database d WHERE d.datname = current_database()");
    }

    private void readPrivileges(String name, String of, String privileges, String has, String from) {
        read(
                Kind.PRIVILEGE,
                "SELECT " + name + ", " + of + " AS of, (SELECT string_agg(p.p, ', ' ORDER BY p.o) FROM unnest("
                        + privileges + ") WITH ORDINALITY AS p (p, o) WHERE " + has + ") AS privileges FROM " + from);
    }
}
