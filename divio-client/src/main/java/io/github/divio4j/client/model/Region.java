package io.github.divio4j.client.model;

import java.util.Objects;

/**
 * A place where applications run.
 *
 * @param id its id
 * @param name its name for people; empty when the API gives none
 */
public record Region(String id, String name) {
    /** Checks the parts. */
    public Region {
        Checks.id(id, "id");
        Objects.requireNonNull(name, "name");
    }
}
