package io.github.divio4j.upgrade.postgres;

import static java.util.Objects.requireNonNull;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;

/**
 * The settings that a database has for itself and for roles ({@code ALTER DATABASE ... SET}, {@code ALTER ROLE ... SET}), which a dump
 * leaves behind unless it is made with {@code --create}.
 *
 * <pre>{@code
 * List<LeftSettings.Outcome> outcomes = LeftSettings.of(source).applyTo(target);
 * }</pre>
 *
 * <p>The setting {@code default_transaction_read_only} of the database, or of the role that is connected, stays behind: it may be a
 * {@link WriteFence}, and would keep the application from writing in the target.
 *
 * <p>What a setting is set to may be a secret, and is in no text here.
 */
public final class LeftSettings {

    private static final String READ_ONLY = "default_transaction_read_only";

    private static final String SETTINGS = """
            SELECT s.setdatabase <> 0, CASE WHEN s.setrole = 0 THEN NULL
                    WHEN pg_get_userbyid(s.setrole) = current_user THEN '' ELSE pg_get_userbyid(s.setrole) END,
                c.setting
            FROM pg_catalog.pg_db_role_setting s, unnest(s.setconfig) AS c (setting)
            WHERE s.setdatabase = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
                OR (s.setdatabase = 0 AND pg_get_userbyid(s.setrole) = current_user)
            ORDER BY 1, 2 NULLS FIRST, 3
            """;

    /** Lists whose elements the server keeps quoted, so that the text of the list cannot be given as one value. */
    private static final Set<String> QUOTED_LISTS =
            Set.of("search_path", "temp_tablespaces", "local_preload_libraries", "session_preload_libraries");

    private final List<Setting> settings;

    private LeftSettings(List<Setting> settings) {
        this.settings = settings;
    }

    /** Whose sessions a setting is for. More may be added in minor versions. */
    public enum Scope {
        /** All sessions in the database. */
        DATABASE,
        /** Those of a role in the database. */
        ROLE_IN_DATABASE,
        /** Those of a role in any database of the server. */
        ROLE
    }

    /**
     * A setting. Its text leaves the value out.
     *
     * @param role whose sessions; an empty text for all roles, and for the role that is connected, which has another name in the target
     * @param name such as {@code search_path}
     * @param value as the server keeps it
     */
    public record Setting(Scope scope, String role, String name, String value) {
        /** Checks the parts. */
        public Setting {
            requireNonNull(scope, "scope");
            requireNonNull(role, "role");
            requireNonNull(name, "name");
            requireNonNull(value, "value");
        }

        private boolean isSameButForValue(Setting other) {
            return scope == other.scope && role.equals(other.role) && name.equals(other.name);
        }

        @Override
        public String toString() {
            String whose = role.isEmpty() ? "the connected role" : "role " + role;
            return "setting " + name
                    + switch (scope) {
                        case DATABASE -> " of the database";
                        case ROLE_IN_DATABASE -> " of " + whose + " in the database";
                        case ROLE -> " of " + whose;
                    };
        }
    }

    /** What became of a setting. */
    public enum State {
        /** The target has it now. */
        APPLIED,
        /** The target had it already. */
        THERE,
        /** The target does not have it. */
        LEFT
    }

    /**
     * What became of a setting in the target.
     *
     * @param why if it is left, why, and what to do; otherwise empty
     */
    public record Outcome(Setting setting, State state, String why) {
        /** Checks the parts. */
        public Outcome {
            requireNonNull(setting, "setting");
            requireNonNull(state, "state");
            requireNonNull(why, "why");
        }
    }

    /**
     * Reads the settings of a database.
     *
     * @throws DatabaseException if it cannot be reached or read
     */
    public static LeftSettings of(DataSource source) {
        try (Connected connected = Connected.to(requireNonNull(source, "source"))) {
            return read(connected);
        } catch (SQLException e) {
            throw DatabaseException.of("read the settings", "the source database", "nothing was changed", e);
        }
    }

    static LeftSettings read(Connected connected) throws SQLException {
        return new LeftSettings(connected
                .rows(SETTINGS, row -> {
                    String role = row.getString(2);
                    Scope scope =
                            !row.getBoolean(1) ? Scope.ROLE : role == null ? Scope.DATABASE : Scope.ROLE_IN_DATABASE;
                    String text = row.getString(3);
                    int equals = text.indexOf('=');
                    return new Setting(
                            scope, role == null ? "" : role, text.substring(0, equals), text.substring(equals + 1));
                })
                .stream()
                .filter(setting -> !isFence(setting))
                .toList());
    }

    private static boolean isFence(Setting setting) {
        return setting.name().equals(READ_ONLY) && setting.role().isEmpty();
    }

    /** Returns the settings, without those that must stay behind. */
    public List<Setting> settings() {
        return settings;
    }

    /**
     * Gives the target the settings, as far as its role may. Doing it again does no harm. Sessions have them from their next login on.
     *
     * @param target whose connected role takes the place of the one that was connected to the source; other roles go by their names
     * @return for each setting what became of it, in their order
     * @throws DatabaseException if the target cannot be reached, or the connection is lost; doing it again goes on from there
     */
    public List<Outcome> applyTo(DataSource target) {
        List<Outcome> outcomes = new ArrayList<>();
        try (Connected connected = Connected.to(requireNonNull(target, "target"))) {
            List<Setting> there = read(connected).settings();
            for (Setting setting : settings) {
                outcomes.add(
                        there.contains(setting) ? new Outcome(setting, State.THERE, "") : apply(connected, setting));
            }
        } catch (SQLException e) {
            throw DatabaseException.of(
                    "apply settings",
                    "the target database",
                    outcomes.size() + " of " + settings.size() + " settings were gone through",
                    e);
        }
        return List.copyOf(outcomes);
    }

    private static Outcome apply(Connected connected, Setting setting) throws SQLException {
        try {
            connected.transaction("READ WRITE", () -> {
                boolean list = QUOTED_LISTS.contains(setting.name());
                if (list) {
                    connected.row("SELECT set_config(?, ?, true)", row -> true, setting.name(), setting.value());
                }
                connected.execute(connected.row(
                        "SELECT "
                                + switch (setting.scope()) {
                                    case DATABASE -> "format('ALTER DATABASE %I', current_database())";
                                    case ROLE_IN_DATABASE ->
                                        "format('ALTER ROLE %I IN DATABASE %I', coalesce(nullif(?, ''), current_user),"
                                                + " current_database())";
                                    case ROLE -> "format('ALTER ROLE %I', coalesce(nullif(?, ''), current_user))";
                                }
                                // A name of one's own has a dot, and is quoted part by part.
                                + " || (SELECT ' SET ' || string_agg(quote_ident(p), '.') FROM unnest(string_to_array(?, '.'))"
                                + " AS p) || "
                                + (list ? "' FROM CURRENT'" : "format(' TO %L', ?::text)"),
                        row -> row.getString(1),
                        parameters(setting, list)));
                return true;
            });
            List<Setting> now = read(connected).settings();
            return now.stream().anyMatch(setting::isSameButForValue)
                    ? new Outcome(setting, State.APPLIED, "")
                    : new Outcome(setting, State.LEFT, "The server did not keep it.");
        } catch (SQLException e) {
            return switch (DatabaseException.reasonOf(e)) {
                case CONNECTION_LOST, UNREACHABLE -> throw e;
                default ->
                    new Outcome(
                            setting,
                            State.LEFT,
                            withoutValue(DatabaseException.words(e), setting)
                                    + ". Let a role with the right set it, or do without it.");
            };
        }
    }

    private static Object[] parameters(Setting setting, boolean list) {
        List<Object> parameters = new ArrayList<>();
        if (setting.scope() != Scope.DATABASE) {
            parameters.add(setting.role());
        }
        parameters.add(setting.name());
        if (!list) {
            parameters.add(setting.value());
        }
        return parameters.toArray();
    }

    /** The server repeats a value that it does not take. */
    private static String withoutValue(String words, Setting setting) {
        return setting.value().isEmpty() ? words : words.replace(setting.value(), "***");
    }
}
