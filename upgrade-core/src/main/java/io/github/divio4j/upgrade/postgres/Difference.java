package io.github.divio4j.upgrade.postgres;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Something that is not the same in two databases.
 *
 * @param kind what it is about
 * @param object its name, with schema and quoted where SQL wants it: {@code public.orders}, {@code order_placed on public.orders}
 * @param what what differs, for people: {@code is missing in the target}
 * @param sampleKeys for rows and large objects, some of those that differ, with their primary keys as the database holds them:
 *     {@code id=42 is missing in the target}; at most ten; empty where there is no primary key
 */
public record Difference(Kind kind, String object, String what, List<String> sampleKeys) {

    /** What can differ. More kinds may be added in minor versions. */
    public enum Kind {
        /** A schema. */
        SCHEMA("schema"),
        /** A table: that it is there, how it is partitioned, whether rows are hidden. */
        TABLE("table"),
        /** A column of a table, a view or a composite type. */
        COLUMN("column"),
        /** The rows of a table. */
        ROWS("rows of table"),
        /** A sequence and how far it has come. */
        SEQUENCE("sequence"),
        /** An index; one that is not valid is not used. */
        INDEX("index"),
        /** A constraint of a table. */
        CONSTRAINT("constraint"),
        /** A trigger and whether it is enabled. */
        TRIGGER("trigger"),
        /** A rewrite rule. */
        RULE("rule"),
        /** A policy of row security. */
        POLICY("policy"),
        /** A view. */
        VIEW("view"),
        /** A materialized view and whether it holds rows. */
        MATERIALIZED_VIEW("materialized view"),
        /** A function, a procedure or an aggregate. */
        FUNCTION("function"),
        /** An enum, a domain, a range or a composite type. */
        TYPE("type"),
        /** An operator, a cast, a collation, a text search configuration, extended statistics, a foreign server. */
        OTHER("object"),
        /** An extension; its version may differ. */
        EXTENSION("extension"),
        /** What a role may do. */
        PRIVILEGE("privileges of"),
        /** The large objects. */
        LARGE_OBJECT("large objects of");

        private final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    /** Checks and copies the parts. */
    public Difference {
        requireNonNull(kind, "kind");
        requireNonNull(object, "object");
        requireNonNull(what, "what");
        sampleKeys = List.copyOf(sampleKeys);
    }

    /** Returns all of it in one line, for people. */
    public String describe() {
        return kind.word + " " + object + " " + what
                + (sampleKeys.isEmpty() ? "" : " (" + String.join("; ", sampleKeys) + ")");
    }
}
