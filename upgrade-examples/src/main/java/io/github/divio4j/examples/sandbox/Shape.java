package io.github.divio4j.examples.sandbox;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object: requests are validated with it and the OpenAPI document is written from it, so the two
 * cannot disagree.
 */
record Shape(String name, List<Field> fields) {

    static Shape of(String name, Field... fields) {
        return new Shape(name, List.of(fields));
    }

    /** Reads a whole object: what is mandatory has to be there. */
    Input read(Map<String, @Nullable Object> body) {
        return new Input(this, body, false);
    }

    /** Reads the fields that are there. */
    Input readPartially(Map<String, @Nullable Object> body) {
        return new Input(this, body, true);
    }
}
