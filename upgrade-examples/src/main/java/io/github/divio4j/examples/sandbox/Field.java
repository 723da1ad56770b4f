package io.github.divio4j.examples.sandbox;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A field of a JSON object.
 *
 * @param choices the values that are allowed; any if empty
 * @param shape of the elements of an {@link Kind#OBJECTS}
 */
record Field(
        String name,
        Kind kind,
        boolean required,
        boolean nullable,
        List<String> choices,
        @Nullable Shape shape) {

    /** What a value looks like in JSON. */
    enum Kind {
        TEXT("string"),
        NOTES("string"),
        ID("string"),
        SLUG("slug"),
        URL("url"),
        BOOLEAN("boolean"),
        INTEGER("integer"),
        NUMBER("float"),
        DATETIME("datetime"),
        IDS("list"),
        OBJECTS("list"),
        OBJECT("nested object"),
        LIST("list");

        private final String metadataType;

        Kind(String metadataType) {
            this.metadataType = metadataType;
        }

        /** What Django REST Framework calls it in the answer to OPTIONS. */
        String metadataType() {
            return metadataType;
        }
    }

    private static Field of(String name, Kind kind) {
        return new Field(name, kind, false, false, List.of(), null);
    }

    static Field text(String name) {
        return of(name, Kind.TEXT);
    }

    /** Text that may be empty. */
    static Field notes(String name) {
        return of(name, Kind.NOTES);
    }

    static Field id(String name) {
        return of(name, Kind.ID);
    }

    static Field slug(String name) {
        return of(name, Kind.SLUG);
    }

    static Field url(String name) {
        return of(name, Kind.URL);
    }

    static Field bool(String name) {
        return of(name, Kind.BOOLEAN);
    }

    static Field integer(String name) {
        return of(name, Kind.INTEGER);
    }

    static Field number(String name) {
        return of(name, Kind.NUMBER);
    }

    static Field datetime(String name) {
        return of(name, Kind.DATETIME);
    }

    static Field ids(String name) {
        return of(name, Kind.IDS);
    }

    static Field object(String name) {
        return of(name, Kind.OBJECT);
    }

    /** A list of anything. */
    static Field list(String name) {
        return of(name, Kind.LIST);
    }

    static Field objects(String name, Shape shape) {
        return new Field(name, Kind.OBJECTS, false, false, List.of(), shape);
    }

    Field mandatory() {
        return new Field(name, kind, true, nullable, choices, shape);
    }

    Field orNull() {
        return new Field(name, kind, required, true, choices, shape);
    }

    Field oneOf(String... values) {
        return new Field(name, kind, required, nullable, List.of(values), shape);
    }
}
