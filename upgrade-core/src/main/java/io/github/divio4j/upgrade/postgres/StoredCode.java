package io.github.divio4j.upgrade.postgres;

import io.github.divio4j.upgrade.postgres.Finding.Severity;
import io.github.divio4j.upgrade.postgres.RemovedNames.Kind;
import io.github.divio4j.upgrade.postgres.RemovedNames.Removed;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Looks through the code that a database holds for what a later version does not have (C13), and for what does not run while a dump is
 * restored (C12).
 *
 * <p>What the server has parsed (views, rules, defaults, checks, indexes, policies, the conditions of triggers, bodies of SQL between
 * BEGIN ATOMIC and END) names functions and operators by their oids, so that nothing is taken for them. Bodies of other functions are
 * text that the server reads when it runs, so a restore goes well, and the application fails later.
 */
final class StoredCode {

    private static final String RULE = "CASE WHEN c.relkind = 'v' THEN 'view ' || c.oid::regclass"
            + " WHEN c.relkind = 'm' THEN 'materialized view ' || c.oid::regclass"
            + " ELSE 'rule ' || quote_ident(r.rulename) || ' on ' || c.oid::regclass END";

    /** Everything parsed, as the server holds it; only the name of what it belongs to is formatted. */
    private static final String PARSED = "SELECT " + RULE + " AS name, c.oid AS owner, 'pg_class'::regclass AS catalog,"
            + " coalesce(r.ev_action::text, '') || coalesce(r.ev_qual::text, '') AS tree"
            + " FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class WHERE c.oid >= 16384"
            + " UNION ALL SELECT 'default of column ' || d.adrelid::regclass || '.' || quote_ident(a.attname), d.adrelid,"
            + " 'pg_class'::regclass, d.adbin::text FROM pg_attrdef d"
            + " JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE d.adrelid >= 16384"
            + " UNION ALL SELECT 'constraint ' || quote_ident(k.conname) || CASE WHEN k.conrelid <> 0"
            + " THEN ' on ' || k.conrelid::regclass ELSE ' of ' || k.contypid::regtype END,"
            + " CASE WHEN k.conrelid <> 0 THEN k.conrelid ELSE k.contypid END,"
            + " CASE WHEN k.conrelid <> 0 THEN 'pg_class'::regclass ELSE 'pg_type'::regclass END, k.conbin::text"
            + " FROM pg_constraint k WHERE k.contype = 'c' AND k.oid >= 16384"
            + " UNION ALL SELECT 'index ' || i.indexrelid::regclass, i.indrelid, 'pg_class'::regclass,"
            + " coalesce(i.indexprs::text, '') || coalesce(i.indpred::text, '')"
            + " FROM pg_index i WHERE i.indrelid >= 16384 AND (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL)"
            + " UNION ALL SELECT 'policy ' || quote_ident(p.polname) || ' on ' || p.polrelid::regclass, p.polrelid,"
            + " 'pg_class'::regclass, coalesce(p.polqual::text, '') || coalesce(p.polwithcheck::text, '') FROM pg_policy p"
            + " UNION ALL SELECT 'trigger ' || quote_ident(t.tgname) || ' on ' || t.tgrelid::regclass, t.tgrelid,"
            + " 'pg_class'::regclass, t.tgqual::text FROM pg_trigger t WHERE t.tgqual IS NOT NULL AND NOT t.tgisinternal";

    private static final String PARSED_FUNCTIONS = " UNION ALL SELECT 'function ' || p.oid::regprocedure, p.oid,"
            + " 'pg_proc'::regclass, p.prosqlbody::text FROM pg_proc p WHERE p.oid >= 16384 AND p.prosqlbody IS NOT NULL";

    private static final String NOT_OF_EXTENSION =
            " NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = %s" + " AND e.objid = %s AND e.deptype = 'e')";

    /** The functions and operators of the server itself that parsed code names. */
    private static final String NAMED =
            "WITH parsed AS (%s), named AS (SELECT DISTINCT s.name, m[1] AS kind, m[2]::oid AS oid"
                    + " FROM parsed s, regexp_matches(s.tree, ':(funcid|aggfnoid|winfnoid|opno) (\\d+)', 'g') AS m"
                    + " WHERE" + NOT_OF_EXTENSION.formatted("s.catalog", "s.owner") + " AND m[2]::bigint < 16384)"
                    + " SELECT n.name, p.proname::text FROM named n JOIN pg_proc p ON p.oid = n.oid WHERE n.kind <> 'opno'"
                    + " AND p.proname::text = ANY (?)"
                    + " UNION SELECT n.name, o.sign FROM named n JOIN (SELECT oid, oprname || '('"
                    + " || CASE WHEN oprleft = 0 THEN '-' ELSE oprleft::regtype::text END || ','"
                    + " || CASE WHEN oprright = 0 THEN '-' ELSE oprright::regtype::text END || ')' AS sign FROM pg_operator) o"
                    + " ON o.oid = n.oid WHERE n.kind = 'opno' AND o.sign = ANY (?)";

    private static final String VIEWS = "SELECT " + RULE + ", pg_get_viewdef(c.oid) FROM pg_rewrite r"
            + " JOIN pg_class c ON c.oid = r.ev_class WHERE c.relkind IN ('v', 'm') AND c.oid >= 16384 AND"
            + NOT_OF_EXTENSION.formatted("'pg_class'::regclass", "c.oid");

    private static final String FUNCTIONS = "SELECT 'function ' || p.oid::regprocedure, p.prosrc FROM pg_proc p"
            + " JOIN pg_language l ON l.oid = p.prolang WHERE p.oid >= 16384 AND l.lanname NOT IN ('c', 'internal') AND"
            + NOT_OF_EXTENSION.formatted("'pg_proc'::regclass", "p.oid");

    /** What is computed while rows are restored, or just after, and by which functions of which body. */
    private static final String CALLED_BY_RESTORE =
            "SELECT DISTINCT u.name, p.oid::regprocedure::text, l.lanname::text, p.prosrc,"
                    + " NOT (" + NOT_OF_EXTENSION.formatted("'pg_proc'::regclass", "p.oid") + ")"
                    + " FROM (SELECT CASE c.relkind WHEN 'p' THEN 'partition key of table ' ELSE 'index ' END || c.oid::regclass AS name,"
                    + " d.refobjid AS f FROM pg_depend d JOIN pg_class c ON c.oid = d.objid AND c.relkind IN ('i', 'I', 'p')"
                    + " WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_proc'::regclass"
                    + " UNION ALL SELECT 'materialized view ' || c.oid::regclass, d.refobjid FROM pg_depend d"
                    + " JOIN pg_rewrite r ON r.oid = d.objid JOIN pg_class c ON c.oid = r.ev_class AND c.relkind = 'm'"
                    + " WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_proc'::regclass"
                    + " UNION ALL SELECT 'constraint ' || quote_ident(k.conname) || CASE WHEN k.conrelid <> 0"
                    + " THEN ' on ' || k.conrelid::regclass ELSE ' of ' || k.contypid::regtype END, d.refobjid FROM pg_depend d"
                    + " JOIN pg_constraint k ON k.oid = d.objid AND k.contype = 'c'"
                    + " WHERE d.classid = 'pg_constraint'::regclass AND d.refclassid = 'pg_proc'::regclass%s) u"
                    + " JOIN pg_proc p ON p.oid = u.f JOIN pg_language l ON l.oid = p.prolang"
                    + " WHERE l.lanname NOT IN ('c', 'internal')"
                    + " AND coalesce(array_to_string(p.proconfig, ','), '') !~ 'search_path' ORDER BY 1, 2";

    /** The bodies of all functions that run with the search path of their caller. */
    private static final String BODIES =
            "SELECT n.nspname || '.' || p.proname, p.oid::regprocedure::text, l.lanname::text,"
                    + " p.prosrc, NOT (" + NOT_OF_EXTENSION.formatted("'pg_proc'::regclass", "p.oid") + ")"
                    + " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang"
                    + " WHERE l.lanname IN ('sql', 'plpgsql') AND " + Catalog.USERS_SCHEMA
                    + " AND coalesce(array_to_string(p.proconfig, ','), '') !~ 'search_path'";

    private static final String GENERATED = " UNION ALL SELECT 'generated column ' || a.attrelid::regclass || '.'"
            + " || quote_ident(a.attname), d.refobjid FROM pg_depend d JOIN pg_attrdef f ON f.oid = d.objid"
            + " JOIN pg_attribute a ON a.attrelid = f.adrelid AND a.attnum = f.adnum AND a.attgenerated <> ''"
            + " WHERE d.classid = 'pg_attrdef'::regclass AND d.refclassid = 'pg_proc'::regclass";

    /** Names that are found by the search path only. */
    private static final String USERS_NAMES = "SELECT 'r', c.relname::text FROM pg_class c JOIN pg_namespace n"
            + " ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND " + Catalog.USERS_SCHEMA
            + " UNION SELECT 'f', p.proname::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE "
            + Catalog.USERS_SCHEMA
            + " UNION SELECT 't', t.typname::text FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE "
            + Catalog.USERS_SCHEMA;

    private static final String NAME = "(\"(?:[^\"]|\"\")++\"|[A-Za-z_\\x80-\\uffff][\\w$\\x80-\\uffff]*+)";
    private static final Pattern RELATION_IN_CODE =
            Pattern.compile("(?i)\\b(?:from|join|into|update|table|only)\\s+" + NAME + "(?!\\s*+[.(])");
    private static final Pattern FUNCTION_IN_CODE = Pattern.compile("(?<![\\w.$\"])" + NAME + "\\s*+\\(");
    private static final Pattern QUALIFIED_FUNCTION =
            Pattern.compile("(?<![\\w.$\"])" + NAME + "\\s*+\\.\\s*+" + NAME + "\\s*+\\(");
    private static final Pattern TYPE_IN_CODE = Pattern.compile("::\\s*+" + NAME + "(?!\\s*+\\.)");
    private static final Pattern DYNAMIC = Pattern.compile("(?i)\\bexecute\\b");

    /** Wordings that no catalogue tells. */
    private enum Wording {
        SETS_IN_CASE(
                10,
                true,
                "a function that returns a set inside CASE",
                "(?is)\\bcase\\b(?:(?!\\b(?:end|select|from)\\b).)*?"
                        + "\\b(?:generate_series|unnest|regexp_split_to_table|jsonb?_array_elements(?:_text)?)\\s*\\("),
        FACTORIAL(14, false, "the operator ! or !!", "\\s!!\\s*[\\w($]|[\\w)]\\s*!\\s*(?:[),;]|$)"),
        CONTAINED_BY(14, false, "the geometric operator @", "(?i)(?<!\\bselect)(?<=[\\w)'])\\s@\\s+[\\w('$]"),
        GLUED_NUMBER(
                15,
                false,
                "a number that runs into the word behind it",
                "(?i)(?<![\\w.$\"'])\\d+(?!e[+-]?\\d)[a-z_]\\w*");

        private final int since;
        private final boolean inViews;
        private final String words;
        private final Pattern pattern;

        Wording(int since, boolean inViews, String words, String pattern) {
            this.since = since;
            this.inViews = inViews;
            this.words = words;
            this.pattern = Pattern.compile(pattern);
        }
    }

    private final Look look;

    /** What each object uses, and since when it is gone. */
    private final Map<String, Set<String>> parsed = new TreeMap<>();

    private final Map<String, Set<String>> bodies = new TreeMap<>();

    private StoredCode(Look look) {
        this.look = look;
    }

    static void check(Look look) {
        StoredCode code = new StoredCode(look);
        look.askSource("C12", code::lookForEmptySearchPath);
        look.askSource("C13", code::lookForRemovedNames);
        look.askSource("C13", code::readTexts);
        code.parsed.forEach((name, uses) -> look.found(
                "C13",
                Severity.BLOCKS_RESTORE,
                name,
                "It uses " + String.join(", ", uses) + ".",
                "Write it anew without, or drop it before the backup; the release notes of that version tell what takes its"
                        + " place."));
        code.bodies.forEach(
                (name, uses) -> look.found(
                        "C13",
                        Severity.APPLICATION,
                        name,
                        "It uses " + String.join(", ", uses) + ": it is restored, and fails when it is used.",
                        "Change it, together with the application; the release notes of that version tell what takes its place."));
    }

    private List<Removed> removed(Kind kind) {
        return RemovedNames.between(look.from(), look.to(), kind);
    }

    private static String gone(String what, int since) {
        return what + " (gone since version " + since + ")";
    }

    private static void add(Map<String, Set<String>> uses, String name, String use) {
        uses.computeIfAbsent(name, n -> new TreeSet<>()).add(use);
    }

    private void lookForRemovedNames() throws SQLException {
        Map<String, Removed> functions = byName(Kind.FUNCTION);
        Map<String, Removed> operators = byName(Kind.OPERATOR);
        String sql = NAMED.formatted(PARSED + (look.from() >= 14 ? PARSED_FUNCTIONS : ""));
        look.source()
                .each(
                        sql,
                        0,
                        row -> {
                            String name = row.getString(2);
                            Removed removed = functions.getOrDefault(name, operators.get(name));
                            if (removed != null) {
                                boolean function = removed.kind() == Kind.FUNCTION;
                                add(
                                        parsed,
                                        row.getString(1),
                                        gone(function ? name + "()" : "operator " + name, removed.since()));
                            }
                        },
                        functions.keySet().toArray(new String[0]),
                        operators.keySet().toArray(new String[0]));
    }

    private Map<String, Removed> byName(Kind kind) {
        Map<String, Removed> byName = new HashMap<>();
        removed(kind).forEach(r -> byName.put(r.name(), r));
        return byName;
    }

    private void readTexts() throws SQLException {
        Set<String> own = new HashSet<>(look.source()
                .rows(
                        "SELECT DISTINCT proname::text FROM pg_proc WHERE pronamespace <> 'pg_catalog'::regnamespace",
                        row -> row.getString(1)));
        List<Use> columns = columns();
        List<Use> settings = removed(Kind.SETTING).stream()
                .map(r -> new Use(
                        List.of(Pattern.compile(
                                "(?i)(?:\\b(?:set|show|reset)\\s+(?:(?:local|session)\\s+)?|\\b(?:current_setting|set_config)"
                                        + "\\s*\\(\\s*')" + r.name() + "\\b")),
                        gone("the setting " + r.name(), r.since())))
                .toList();
        List<Use> inBodies = new ArrayList<>(columns);
        inBodies.addAll(settings);
        removed(Kind.FUNCTION).stream()
                .filter(r -> !own.contains(r.name()))
                .forEach(r -> inBodies.add(new Use(
                        List.of(Pattern.compile("(?i)(?<![\\w.$\"])(?:pg_catalog\\.)?" + r.name() + "\\s*\\(")),
                        gone(r.name() + "()", r.since()))));
        removed(Kind.TYPE)
                .forEach(r -> inBodies.add(new Use(
                        List.of(Pattern.compile(
                                "(?i)(?:::\\s*|\\bas\\s+|^\\s*\\w+\\s+)(?:pg_catalog\\.)?" + r.name()
                                        + "\\b(?!\\s*\\()",
                                Pattern.MULTILINE)),
                        gone("the type " + r.name(), r.since()))));
        look.source().each(VIEWS, 100, row -> {
            String text = row.getString(2);
            use(parsed, row.getString(1), SqlText.code(text), columns);
            use(bodies, row.getString(1), text, settings);
            wordings(parsed, row.getString(1), text, true);
        });
        look.source().each(FUNCTIONS, 100, row -> {
            String text = row.getString(2);
            use(bodies, row.getString(1), SqlText.withoutComments(text), inBodies);
            wordings(bodies, row.getString(1), text, false);
        });
    }

    /** Something removed: a text that has all of the patterns uses it. */
    private record Use(List<Pattern> patterns, String words) {
        boolean in(String text) {
            return patterns.stream().allMatch(p -> p.matcher(text).find());
        }
    }

    private List<Use> columns() {
        return removed(Kind.COLUMN).stream()
                .map(r -> {
                    int dot = r.name().indexOf('.');
                    return new Use(
                            List.of(
                                    Pattern.compile("(?i)\\b" + r.name().substring(0, dot) + "\\b"),
                                    Pattern.compile("(?i)\\b" + r.name().substring(dot + 1) + "\\b")),
                            gone("the column " + r.name(), r.since()));
                })
                .toList();
    }

    private static void use(Map<String, Set<String>> found, String name, String text, List<Use> uses) {
        uses.stream().filter(use -> use.in(text)).forEach(use -> add(found, name, use.words()));
    }

    private void wordings(Map<String, Set<String>> found, String name, String text, boolean view) {
        String code = SqlText.code(text);
        for (Wording wording : Wording.values()) {
            if (look.crosses(wording.since)
                    && (!view || wording.inViews)
                    && wording.pattern.matcher(code).find()) {
                add(found, name, wording.words + " (refused since version " + wording.since + ")");
            }
        }
    }

    // What is found by a search path, which is empty while a dump is restored

    private record Called(String by, String function, String language, String body, boolean ofExtension) {
        static Called read(ResultSet row) throws SQLException {
            return new Called(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    String.valueOf(row.getString(4)),
                    row.getBoolean(5));
        }
    }

    private void lookForEmptySearchPath() throws SQLException {
        List<Called> calls =
                look.source().rows(CALLED_BY_RESTORE.formatted(look.from() >= 12 ? GENERATED : ""), Called::read);
        if (calls.isEmpty()) {
            return;
        }
        Map<String, Set<String>> names = new HashMap<>();
        look.source()
                .each(
                        USERS_NAMES,
                        0,
                        row -> names.computeIfAbsent(row.getString(1), k -> new HashSet<>())
                                .add(row.getString(2)));
        Map<String, List<Called>> bodies =
                look.source().rows(BODIES, Called::read).stream().collect(Collectors.groupingBy(Called::by));
        for (Called call : calls) {
            withAllThatItCalls(call, bodies).forEach(called -> judge(call.by(), called, names));
        }
    }

    /** A function that names the schema of another one finds that one, which in turn may not find what it names. */
    private static Set<Called> withAllThatItCalls(Called call, Map<String, List<Called>> bodies) {
        Set<Called> all = new LinkedHashSet<>();
        Deque<Called> open = new ArrayDeque<>(List.of(call));
        Set<String> seen = new HashSet<>();
        while (!open.isEmpty()) {
            Called called = open.pop();
            if (seen.add(called.function())) {
                all.add(called);
                Matcher matcher = QUALIFIED_FUNCTION.matcher(SqlText.withoutComments(called.body()));
                while (matcher.find()) {
                    open.addAll(
                            bodies.getOrDefault(plain(matcher.group(1)) + "." + plain(matcher.group(2)), List.of()));
                }
            }
        }
        return all;
    }

    private void judge(String by, Called called, Map<String, Set<String>> names) {
        Set<String> missed = unqualified(called.body(), names);
        boolean known = called.language().equals("sql") || called.language().equals("plpgsql");
        if (!missed.isEmpty()) {
            look.found(
                    "C12",
                    called.ofExtension() ? Severity.WARNING : Severity.BLOCKS_RESTORE,
                    by,
                    "It calls function " + called.function() + ", which names " + String.join(", ", missed)
                            + " without a schema. While a dump is restored the search path is empty.",
                    called.ofExtension()
                            ? "See whether the version of the extension in the target does so, too."
                            : "Name the schema in the function, or ALTER FUNCTION " + called.function()
                                    + " SET search_path to where it is.");
        } else if (!known || DYNAMIC.matcher(SqlText.code(called.body())).find()) {
            look.found(
                    "C12",
                    Severity.INFORMATION,
                    by,
                    "It calls function " + called.function()
                            + ", of which cannot be told whether it runs with an empty search path, as it must while a dump is"
                            + " restored.",
                    "ALTER FUNCTION " + called.function()
                            + " SET search_path to where its names are, if it needs one.");
        }
    }

    private static Set<String> unqualified(String body, Map<String, Set<String>> names) {
        String code = SqlText.withoutComments(body);
        Set<String> found = new LinkedHashSet<>();
        collect(RELATION_IN_CODE, code, names.getOrDefault("r", Set.of()), found);
        collect(FUNCTION_IN_CODE, code, names.getOrDefault("f", Set.of()), found);
        collect(TYPE_IN_CODE, code, names.getOrDefault("t", Set.of()), found);
        return found.stream().limit(5).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static void collect(Pattern pattern, String code, Set<String> names, Set<String> found) {
        Matcher matcher = pattern.matcher(code);
        while (matcher.find()) {
            String name = plain(matcher.group(1));
            if (names.contains(name)) {
                found.add(name);
            }
        }
    }

    /** A name as the catalogue has it. */
    private static String plain(String written) {
        return written.startsWith("\"")
                ? written.substring(1, written.length() - 1).replace("\"\"", "\"")
                : written.toLowerCase(Locale.ROOT);
    }
}
