package io.github.divio4j.client.model;

import java.util.Objects;

/**
 * The account of a token.
 *
 * @param id its id
 * @param email its e-mail address; empty when the API gives none
 * @param firstName a name; empty when the API gives none
 * @param lastName a name; empty when the API gives none
 */
public record Account(String id, String email, String firstName, String lastName) {
    /** Checks the parts. */
    public Account {
        Checks.id(id, "id");
        Objects.requireNonNull(email, "email");
        Objects.requireNonNull(firstName, "firstName");
        Objects.requireNonNull(lastName, "lastName");
    }
}
