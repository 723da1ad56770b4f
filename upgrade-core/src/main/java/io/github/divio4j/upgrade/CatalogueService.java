package io.github.divio4j.upgrade;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A service of a region's catalogue, such as "PostgreSQL Database 15".
 *
 * @param id the platform's id
 * @param name the name shown to people
 * @param identifier the technical name, where the platform gives one
 */
public record CatalogueService(
        String id, String name, @Nullable String identifier) {

    /** Checks that id and name are there. */
    public CatalogueService {
        requireNonNull(id, "id");
        requireNonNull(name, "name");
    }

    /** Whether name or identifier call it PostgreSQL. */
    public boolean isPostgres() {
        return mentionsPostgres(name) || (identifier != null && mentionsPostgres(identifier));
    }

    /** The PostgreSQL version that name or identifier tell; empty for other services and where it cannot be read. */
    public Optional<PostgresVersion> postgresVersion() {
        return PostgresVersion.inCatalogueEntry(name, identifier);
    }

    private static boolean mentionsPostgres(String text) {
        return text.toLowerCase(Locale.ROOT).contains("postgres");
    }
}
