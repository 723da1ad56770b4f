package io.github.divio4j.upgrade.postgres;

import io.github.divio4j.upgrade.postgres.Finding.Severity;
import io.github.divio4j.upgrade.postgres.LeftSettings.Setting;
import io.github.divio4j.upgrade.postgres.RemovedNames.Kind;
import io.github.divio4j.upgrade.postgres.RemovedNames.Removed;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The checks that compare two servers, or describe one: extensions, locales, roles, settings, sizes, sessions. */
final class ServerChecks {

    private static final String DATABASE = "the database";

    /** Settings that came with the operating system, or that nothing rests on. */
    private static final Set<String> UNIMPORTANT_SETTINGS =
            Set.of("lc_collate", "lc_ctype", "stats_temp_directory", "trace_recovery_messages", "ssl_ecdh_curve");

    /** Who owns something, or was granted something. */
    private static final String ROLES = """
            SELECT DISTINCT pg_get_userbyid(x.role), x.what FROM (
                SELECT c.relowner AS role, 'owns something' AS what, c.oid, 'pg_class'::regclass AS catalog FROM pg_class c
                UNION ALL SELECT p.proowner, 'owns something', p.oid, 'pg_proc'::regclass FROM pg_proc p
                UNION ALL SELECT n.nspowner, 'owns something', n.oid, 'pg_namespace'::regclass FROM pg_namespace n
                UNION ALL SELECT t.typowner, 'owns something', t.oid, 'pg_type'::regclass FROM pg_type t
                UNION ALL SELECT (aclexplode(c.relacl)).grantee, 'was granted something', c.oid, 'pg_class'::regclass
                    FROM pg_class c
                UNION ALL SELECT (aclexplode(p.proacl)).grantee, 'was granted something', p.oid, 'pg_proc'::regclass
                    FROM pg_proc p
                UNION ALL SELECT (aclexplode(n.nspacl)).grantee, 'was granted something', n.oid, 'pg_namespace'::regclass
                    FROM pg_namespace n
                UNION ALL SELECT (aclexplode(d.defaclacl)).grantee, 'is granted something by default', 16384,
                    'pg_default_acl'::regclass FROM pg_default_acl d
                UNION ALL SELECT r, 'is named by policy ' || quote_ident(p.polname) || ' on ' || p.polrelid::regclass, p.oid,
                    'pg_policy'::regclass FROM pg_policy p, unnest(p.polroles) AS r) x
            WHERE x.oid >= 16384 AND x.role <> 0
                AND x.role <> (SELECT datdba FROM pg_database WHERE datname = current_database())
                AND pg_get_userbyid(x.role) <> current_user AND pg_get_userbyid(x.role) !~ '^pg_'
                AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = x.catalog AND e.objid = x.oid AND e.deptype = 'e')
            ORDER BY 1, 2
            """;

    private final Look look;

    /** Whether texts sort in both in the same way, as far as can be told; null if there is no way to the target. */
    private @Nullable Boolean sameLocale;

    private ServerChecks(Look look) {
        this.look = look;
    }

    static void check(Look look) {
        ServerChecks checks = new ServerChecks(look);
        checks.states();
        checks.extensions();
        checks.publicSchema();
        checks.passwords();
        checks.locales();
        checks.partitions();
        checks.leftSettings();
        checks.roles();
        checks.removedSettings();
        checks.locks();
        checks.describe();
    }

    // The servers

    private void states() {
        String recovery = "SELECT pg_catalog.pg_is_in_recovery()";
        if (look.to() < look.from()) {
            look.found(
                    "SERVER",
                    Severity.BLOCKS_RESTORE,
                    Look.TARGET,
                    "It is of an older version than the source, and a dump is restored into the same or a newer one.",
                    "Choose a newer version.");
        }
        look.askSource("SERVER", () -> {
            if (look.source().row(recovery, row -> row.getBoolean(1))) {
                look.found(
                        "SERVER",
                        Severity.WARNING,
                        Look.SOURCE,
                        "Its server is in recovery: a copy that follows another one. It cannot be fenced.",
                        "Use the primary server.");
            }
        });
        look.askTarget("SERVER", () -> {
            if (target().row(recovery, row -> row.getBoolean(1))) {
                look.found(
                        "SERVER",
                        Severity.BLOCKS_RESTORE,
                        Look.TARGET,
                        "Its server is in recovery, and takes no writes.",
                        "Use the primary server, or wait until it has recovered.");
            }
        });
    }

    private Connected target() {
        return Objects.requireNonNull(look.target());
    }

    // C07

    private record Extension(String name, String version) {}

    private record Offered(String version, boolean creatable) {}

    private void extensions() {
        List<Extension> used = new ArrayList<>();
        look.askSource(
                "C07",
                () -> used.addAll(look.source()
                        .rows(
                                "SELECT extname::text, extversion FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1",
                                row -> new Extension(row.getString(1), row.getString(2)))));
        if (used.isEmpty()) {
            return;
        }
        if (look.target() == null) {
            Map<String, Removed> removed = new HashMap<>();
            RemovedNames.between(look.from(), look.to(), Kind.EXTENSION).forEach(r -> removed.put(r.name(), r));
            for (Extension extension : used) {
                Removed gone = removed.get(extension.name());
                if (gone != null) {
                    missing(extension, "PostgreSQL has no more since version " + gone.since());
                } else {
                    look.found(
                            "C07",
                            Severity.INFORMATION,
                            "extension " + extension.name(),
                            "Version " + extension.version() + " of it is used, and there was no way to the target.",
                            "See that the new service offers it, in this version or a newer one.");
                }
            }
            return;
        }
        look.askTarget("C07", () -> {
            Map<String, Offered> offered = offered();
            for (Extension extension : used) {
                Offered there = offered.get(extension.name());
                if (there == null) {
                    missing(extension, "the target does not offer");
                } else if (compare(there.version(), extension.version()) < 0) {
                    look.found(
                            "C07",
                            Severity.BLOCKS_RESTORE,
                            "extension " + extension.name(),
                            "Version " + extension.version() + " is used, and the target offers " + there.version()
                                    + " only.",
                            "Choose a service with this version or a newer one.");
                } else if (!there.creatable()) {
                    look.found(
                            "C07",
                            Severity.WARNING,
                            "extension " + extension.name(),
                            "The role of the target may not create it: that takes a superuser there.",
                            "See that the platform creates it, or restores as a role that may.");
                }
            }
        });
    }

    private void missing(Extension extension, String who) {
        look.found(
                "C07",
                Severity.BLOCKS_RESTORE,
                "extension " + extension.name(),
                "Version " + extension.version() + " of it is used, which " + who + ".",
                "Do without it and drop it, or choose a service that offers it.");
    }

    /** Extensions by what they are called; a superuser creates any, others those that are trusted, or need no rights. */
    private Map<String, Offered> offered() throws SQLException {
        Map<String, Offered> offered = new HashMap<>();
        target().each(
                        "SELECT a.name::text, coalesce(a.installed_version, a.default_version), a.installed_version IS NOT NULL"
                                + " OR NOT coalesce(v.superuser" + (look.to() >= 13 ? " AND NOT v.trusted" : "")
                                + ", false) OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)"
                                + " FROM pg_available_extensions a LEFT JOIN pg_available_extension_versions v"
                                + " ON v.name = a.name AND v.version = a.default_version",
                        0,
                        row -> offered.put(row.getString(1), new Offered(row.getString(2), row.getBoolean(3))));
        return offered;
    }

    /** Compares versions of extensions, number by number. */
    static int compare(String one, String other) {
        String[] ones = one.split("[^0-9]+", -1);
        String[] others = other.split("[^0-9]+", -1);
        for (int i = 0; i < Math.min(ones.length, others.length); i++) {
            if (!ones[i].isEmpty() && !others[i].isEmpty()) {
                int byNumber = new java.math.BigInteger(ones[i]).compareTo(new java.math.BigInteger(others[i]));
                if (byNumber != 0) {
                    return byNumber;
                }
            }
        }
        return Integer.compare(ones.length, others.length);
    }

    // C08

    private void publicSchema() {
        if (!look.crosses(15)) {
            return;
        }
        look.askSource("C08", () -> {
            List<String> roles = look.source()
                    .rows(
                            "SELECT DISTINCT r.rolname::text FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner"
                                    + " WHERE c.relnamespace = 'public'::regnamespace AND NOT r.rolsuper"
                                    + " AND NOT pg_has_role(r.oid, (SELECT datdba FROM pg_database"
                                    + " WHERE datname = current_database()), 'USAGE')"
                                    + " AND has_schema_privilege('public', 'public', 'CREATE') ORDER BY 1",
                            row -> row.getString(1));
            for (String role : roles) {
                look.found(
                        "C08",
                        Severity.APPLICATION,
                        "role " + role,
                        "It creates tables in the schema public, which every role may here. Since version 15 nobody but the owner"
                                + " of the database may in a new one, unless the dump brings the right along.",
                        "GRANT CREATE ON SCHEMA public TO " + role + " in the target, after the restore.");
            }
        });
        look.askTarget("C08", () -> {
            if (!target().row(
                            "SELECT has_schema_privilege('public', 'CREATE') FROM pg_namespace WHERE nspname = 'public'",
                            row -> row.getBoolean(1))) {
                look.found(
                        "C08",
                        Severity.APPLICATION,
                        "schema public",
                        "The role of the target may not create tables in it.",
                        "Let the owner of the database GRANT CREATE ON SCHEMA public to the role.");
            }
        });
    }

    // C09

    private void passwords() {
        if (look.to() < 14) {
            return;
        }
        look.askSource("C09", () -> {
            String sql = "SELECT setting, source FROM pg_settings WHERE name = 'password_encryption'";
            boolean scram = look.source().row(sql, row -> row.getString(1).startsWith("scram"));
            boolean chosen = look.source().row(sql, row -> !row.getString(2).equals("default"));
            if (!scram) {
                // The default up to 13 says nothing of the driver; before 10 no driver can have spoken SCRAM to this
                // server.
                boolean hint = chosen || look.from() < 10;
                look.found(
                        "C09",
                        hint ? Severity.APPLICATION : Severity.INFORMATION,
                        "passwords",
                        "The source keeps new passwords as MD5"
                                + (chosen
                                        ? ", by a setting of its own"
                                        : look.from() < 10 ? ", and knows nothing else" : "")
                                + ". Since version 14 servers keep them for SCRAM, which needs libpq 10 or newer (psycopg2 shows"
                                + " its own as psycopg2.__libpq_version__) or pgjdbc 42.2.",
                        "Log in to the target once from the application's own container before it moves.");
            }
        });
        if (look.to() >= 18) {
            look.askTarget("C09", () -> {
                if (target().row("SELECT current_setting('password_encryption')", row -> row.getString(1))
                        .equals("md5")) {
                    look.found(
                            "C09",
                            Severity.INFORMATION,
                            "passwords",
                            "The target keeps passwords as MD5, which version 18 warns of and a later one will refuse.",
                            "Ask the platform for SCRAM, and set the password anew.");
                }
            });
        }
    }

    // C10 and C11

    private record Sorting(String encoding, String collate, String ctype, String provider, String version) {
        static Sorting of(Connected connected, int version) throws SQLException {
            return connected.row(
                    "SELECT pg_encoding_to_char(encoding), datcollate, datctype, "
                            + (version >= 15
                                    ? "datlocprovider::text, coalesce(pg_database_collation_actual_version(oid), '')"
                                    : "'c', ''")
                            + " FROM pg_database WHERE datname = current_database()",
                    row -> new Sorting(
                            row.getString(1), row.getString(2), row.getString(3), row.getString(4), row.getString(5)));
        }

        /** One locale is written in more than one way: en_US.UTF-8, en_US.utf8. */
        private static String plain(String locale) {
            return locale.toLowerCase(Locale.ROOT).replace("-", "");
        }

        boolean sortsAs(Sorting other) {
            return plain(collate).equals(plain(other.collate))
                    && plain(ctype).equals(plain(other.ctype))
                    && provider.equals(other.provider);
        }

        @Override
        public String toString() {
            return collate
                    + (ctype.equals(collate) ? "" : " and " + ctype)
                    + (provider.equals("i") ? " by ICU" : provider.equals("b") ? " by PostgreSQL itself" : "");
        }
    }

    private void locales() {
        List<Sorting> both = new ArrayList<>();
        look.askSource("C10", () -> {
            both.add(Sorting.of(look.source(), look.from()));
            staleCollation(look.source(), look.from(), Look.SOURCE);
        });
        look.askTarget("C10", () -> {
            both.add(Sorting.of(target(), look.to()));
            staleCollation(target(), look.to(), Look.TARGET);
        });
        if (both.size() < 2) {
            return;
        }
        Sorting from = both.get(0);
        Sorting to = both.get(1);
        boolean same = from.sortsAs(to);
        sameLocale = same;
        if (!from.encoding().equals(to.encoding())) {
            look.found(
                    "C10",
                    Severity.WARNING,
                    DATABASE,
                    "Its encoding is " + from.encoding() + ", and in the target " + to.encoding()
                            + ": texts that have no place there are not restored.",
                    "Choose a target with the same encoding, or rehearse the restore with all rows.");
        }
        if (!same) {
            look.found(
                    "C10",
                    Severity.WARNING,
                    DATABASE,
                    "Its locale is " + from + ", and in the target " + to
                            + ": texts may sort differently, and what is unique here may not be there.",
                    "Choose a target with the same locale, or see whether the order of texts matters.");
        } else if (!from.version().isEmpty()
                && !to.version().isEmpty()
                && !from.version().equals(to.version())) {
            look.found(
                    "C10",
                    Severity.INFORMATION,
                    DATABASE,
                    "The locale " + from + " is version " + from.version() + " here and " + to.version()
                            + " in the target: some texts may sort differently.",
                    "See whether the order of texts matters.");
        }
    }

    private void staleCollation(Connected connected, int version, String subject) throws SQLException {
        if (version < 15) {
            return;
        }
        if (connected.row(
                "SELECT coalesce(datcollversion <> pg_database_collation_actual_version(oid), false) FROM pg_database"
                        + " WHERE datname = current_database()",
                row -> row.getBoolean(1))) {
            look.found(
                    "C10",
                    Severity.WARNING,
                    subject,
                    "The system's locale was exchanged under it, so that its indexes may be out of order, and hide duplicates"
                            + " that a restore finds.",
                    "REINDEX DATABASE, then ALTER DATABASE ... REFRESH COLLATION VERSION.");
        }
    }

    private void partitions() {
        if (look.from() < 10) {
            return;
        }
        look.askSource(
                "C11",
                () -> look.source()
                        .each(
                                "SELECT 'table ' || p.partrelid::regclass, string_agg(quote_ident(a.attname), ', ')"
                                        + " FROM pg_partitioned_table p JOIN pg_attribute a ON a.attrelid = p.partrelid"
                                        + " AND a.attnum = ANY (p.partattrs) WHERE p.partstrat IN ('r', 'h')"
                                        + " AND a.attcollation <> 0 GROUP BY p.partrelid",
                                0,
                                row -> look.found(
                                        "C11",
                                        Boolean.TRUE.equals(sameLocale) ? Severity.INFORMATION : Severity.WARNING,
                                        row.getString(1),
                                        "Its partitions are told apart by text (" + row.getString(2)
                                                + "): a row may have no place where texts sort differently"
                                                + (sameLocale == null
                                                        ? ", and the target's locale is not known."
                                                        : sameLocale
                                                                ? "; the target's locale is the same."
                                                                : ", as they do in the target."),
                                        "Choose a target with the same locale.")));
    }

    // C19

    private void leftSettings() {
        look.askSource("C19", () -> {
            for (Setting setting : LeftSettings.read(look.source()).settings()) {
                look.found(
                        "C19",
                        Severity.WARNING,
                        setting.toString(),
                        "A dump leaves it behind.",
                        "Apply it to the target after the restore (LeftSettings does, where the role may).");
            }
        });
    }

    // C20

    private void roles() {
        Map<String, Set<String>> roles = new TreeMap<>();
        look.askSource(
                "C20",
                () -> look.source()
                        .each(
                                ROLES,
                                0,
                                row -> roles.computeIfAbsent(row.getString(1), r -> new TreeSet<>())
                                        .add(row.getString(2))));
        if (roles.isEmpty()) {
            return;
        }
        Set<String> known = new TreeSet<>();
        if (look.target() == null) {
            look.askSource(
                    "C20",
                    () -> known.addAll(look.source()
                            .rows("SELECT rolname::text FROM pg_roles WHERE rolsuper", row -> row.getString(1))));
        } else {
            look.askTarget(
                    "C20",
                    () -> known.addAll(target().rows("SELECT rolname::text FROM pg_roles", row -> row.getString(1))));
            if (known.isEmpty()) {
                return;
            }
        }
        roles.forEach((role, uses) -> {
            if (!known.contains(role)) {
                boolean policy = uses.stream().anyMatch(use -> use.startsWith("is named by policy"));
                look.found(
                        "C20",
                        policy && look.target() != null ? Severity.BLOCKS_RESTORE : Severity.WARNING,
                        "role " + role,
                        "It " + String.join(", ", uses)
                                + (look.target() == null
                                        ? ", and there was no way to the target."
                                        : ", and the target does not know it."),
                        policy
                                ? "Make the role in the target before the restore, or the policy is missing there."
                                : "Make the role in the target before the restore, or restore with --no-owner and --no-privileges"
                                        + " and grant anew.");
            }
        });
    }

    // C28

    private void removedSettings() {
        List<Removed> removed = RemovedNames.between(look.from(), look.to(), Kind.SETTING).stream()
                .filter(r -> !UNIMPORTANT_SETTINGS.contains(r.name()))
                .toList();
        if (removed.isEmpty()) {
            return;
        }
        Map<String, Integer> since = new HashMap<>();
        removed.forEach(r -> since.put(r.name(), r.since()));
        String[] names = since.keySet().toArray(new String[0]);
        look.askSource("C28", () -> {
            look.source()
                    .each(
                            "SELECT name FROM pg_settings WHERE source NOT IN ('default', 'override') AND name = ANY (?)",
                            0,
                            row -> look.found(
                                    "C28",
                                    Severity.WARNING,
                                    "setting " + row.getString(1),
                                    "It is set, and gone since version " + since.get(row.getString(1)) + ".",
                                    "See what it was set for, and do without it."),
                            (Object) names);
            look.source()
                    .each(
                            "SELECT 'function ' || p.oid::regprocedure, split_part(c, '=', 1) FROM pg_proc p, unnest(p.proconfig) AS c"
                                    // Everybody takes this, also without knowing what it was.
                                    + " WHERE p.oid >= 16384 AND split_part(c, '=', 1) = ANY (?) AND c <> 'default_with_oids=off'",
                            0,
                            row -> look.found(
                                    "C28",
                                    Severity.BLOCKS_RESTORE,
                                    row.getString(1),
                                    "It sets " + row.getString(2) + ", which is gone since version "
                                            + since.get(row.getString(2)) + ".",
                                    "ALTER FUNCTION ... RESET " + row.getString(2) + "."),
                            (Object) names);
        });
    }

    // A lock travels in a dump

    private void locks() {
        look.askSource("LOCK", () -> {
            List<String> tables = look.source()
                    .rows(
                            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
                                    + " WHERE c.relname = 'databasechangeloglock' AND c.relkind = 'r' AND a.attname = 'locked'"
                                    + " AND has_table_privilege(c.oid, 'SELECT')",
                            row -> row.getString(1));
            for (String table : tables) {
                if (look.source().row("SELECT count(*) FROM " + table + " WHERE locked", row -> row.getLong(1)) > 0) {
                    look.found(
                            "LOCK",
                            Severity.WARNING,
                            "table " + table,
                            "Liquibase holds its lock: a migration runs, or one ended without releasing it. The lock would come"
                                    + " along, and keep the application from starting.",
                            "Let the migration end, or release the lock (liquibase release-locks).");
                }
            }
        });
    }

    // C25, C27, C29 and C30 only describe

    private void describe() {
        look.askSource("C27", () -> {
            Map<String, Long> sessions = Sessions.others(look.source()).stream()
                    .collect(Collectors.groupingBy(
                            s -> "role " + s.role() + (s.application().isEmpty() ? "" : " (" + s.application() + ")"),
                            TreeMap::new,
                            Collectors.counting()));
            if (!sessions.isEmpty()) {
                look.found(
                        "C27",
                        Severity.INFORMATION,
                        Look.SOURCE,
                        "Connected to it: "
                                + sessions.entrySet().stream()
                                        .map(e -> e.getKey() + (e.getValue() == 1 ? "" : " " + e.getValue() + " times"))
                                        .collect(Collectors.joining(", "))
                                + ".",
                        "Look again after the deployment: nobody should be left (Sessions).");
            }
        });
        look.askSource("C30", () -> {
            List<String> counts = look.source()
                    .rows(
                            "SELECT CASE c.relkind WHEN 'r' THEN 'tables' WHEN 'p' THEN 'partitioned tables' WHEN 'i' THEN"
                                    + " 'indexes' WHEN 'I' THEN 'partitioned indexes' WHEN 'S' THEN 'sequences' WHEN 'v' THEN"
                                    + " 'views' WHEN 'm' THEN 'materialized views' WHEN 'f' THEN 'foreign tables' END, count(*)"
                                    + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                                    + " WHERE c.relkind IN ('r', 'p', 'i', 'I', 'S', 'v', 'm', 'f') AND "
                                    + Catalog.users("pg_class", "c") + " GROUP BY 1 ORDER BY 1",
                            ServerChecks::count);
            look.found(
                    "C30",
                    Severity.INFORMATION,
                    Look.SOURCE,
                    counts.isEmpty() ? "It is empty." : "It holds: " + String.join(", ", counts) + ".",
                    "Compare after the restore (DataComparison).");
            if (!counts.isEmpty()) {
                look.found(
                        "C29",
                        Severity.INFORMATION,
                        Look.SOURCE,
                        "A dump brings no statistics along, and queries are slow without.",
                        "Analyze the target before the application moves (Statistics).");
            }
        });
    }

    private static String count(ResultSet row) throws SQLException {
        return row.getString(1) + " " + row.getLong(2);
    }
}
