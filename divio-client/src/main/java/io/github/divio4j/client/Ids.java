package io.github.divio4j.client;

import java.util.Objects;

/** Checks arguments before they become part of a URL, where a blank one would change what is called. */
final class Ids {
    private Ids() {}

    static String check(String id, String name) {
        Objects.requireNonNull(id, name);
        if (id.isBlank()) {
            throw new IllegalArgumentException(name + " must not be blank");
        }
        return id;
    }
}
