package io.github.divio4j.upgrade.postgres;

import static java.util.Objects.requireNonNull;

import io.github.divio4j.upgrade.postgres.Catalog.Item;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether two texts define the same, although the versions that wrote them write differently (16, for one, no longer puts the
 * table before each column of a view): the target reads both of them into temporary objects, which are undone at once, and writes
 * both of them.
 */
final class Definitions {

    private static final String TEMPORARY = "pg_temp.divio4j_definition";

    private final SnapshotSession target;

    /** Takes the session over: what it does from now on is not in its snapshot any more. */
    Definitions(SnapshotSession target) {
        target.beginToTryOut();
        this.target = target;
    }

    /** Returns whether they define the same; null if that cannot be told. */
    @Nullable
    Boolean same(String definition, Item source, Item target) {
        try {
            return rewritten(definition, source).equals(rewritten(definition, target));
        } catch (SQLException e) {
            return null;
        }
    }

    private String rewritten(String definition, Item item) throws SQLException {
        String text = requireNonNull(item.definitions().get(definition));
        return switch (definition) {
            case "query" -> view(text);
            case "trigger condition" ->
                view("SELECT (" + text + ") AS e FROM " + item.of() + " AS old, " + item.of() + " AS new");
            case "domain constraints" ->
                target.tryOut(
                        List.of("CREATE DOMAIN " + TEMPORARY + " AS "
                                + item.facts().get("base type") + " " + text),
                        "SELECT string_agg(pg_get_constraintdef(oid), ' ' ORDER BY oid) FROM pg_constraint WHERE contypid = '"
                                + TEMPORARY + "'::regtype AND contype = 'c'");
            case "body" ->
                target.tryOut(
                        List.of("CREATE "
                                + (item.facts().getOrDefault("kind", "").equals("p") ? "PROCEDURE " : "FUNCTION ")
                                + TEMPORARY + "(" + item.facts().get("arguments") + ")"
                                + (item.facts().getOrDefault("result", "none").equals("none")
                                        ? ""
                                        : " RETURNS " + item.facts().get("result"))
                                + " LANGUAGE sql " + text),
                        "SELECT pg_get_function_sqlbody(oid) FROM pg_proc WHERE oid = '" + TEMPORARY + "'::regproc");
            default ->
                view("SELECT ROW(" + text + ") IS NULL AS e" + (item.of() == null ? "" : " FROM ONLY " + item.of()));
        };
    }

    private String view(String query) throws SQLException {
        return target.tryOut(
                List.of("CREATE VIEW " + TEMPORARY + " AS " + query),
                "SELECT pg_get_viewdef('" + TEMPORARY + "'::regclass)");
    }
}
