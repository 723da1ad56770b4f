package io.github.divio4j.client.model;

import java.util.Objects;

/** The checks that every record makes. */
final class Checks {
    private Checks() {}

    static String id(String value, String name) {
        Objects.requireNonNull(value, name);
        if (value.isBlank()) {
            throw new IllegalArgumentException(name + " must not be blank");
        }
        return value;
    }
}
