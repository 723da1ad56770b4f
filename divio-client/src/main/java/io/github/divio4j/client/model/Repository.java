package io.github.divio4j.client.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An external Git repository.
 *
 * @param id its id
 * @param url where it is, or null when the API does not say; it may hold a password
 * @param state how far the platform is with copying it
 * @param publicKey the SSH key that has to be allowed to read it; null when the API gives none
 */
public record Repository(
        String id,
        @Nullable String url,
        RepositoryState state,
        @Nullable String publicKey) {
    /** Checks the parts. */
    public Repository {
        Checks.id(id, "id");
        Objects.requireNonNull(state, "state");
    }

    /** Shows everything but the URL. */
    @Override
    public String toString() {
        return "Repository[id=" + id + ", url=" + (url == null ? "null" : "***") + ", state=" + state + ", publicKey="
                + publicKey + "]";
    }
}
