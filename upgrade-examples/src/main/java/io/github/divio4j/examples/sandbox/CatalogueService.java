package io.github.divio4j.examples.sandbox;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the catalogue.
 *
 * @param type {@code DATABASE} or {@code STORAGE}
 * @param scheme of its data source names
 * @param version the major version of PostgreSQL if it is one
 */
record CatalogueService(
        String id,
        Region region,
        String name,
        String type,
        String identifier,
        String description,
        String scheme,
        @Nullable String version) {

    static final String DATABASE = "DATABASE";
    static final String STORAGE = "STORAGE";

    Optional<String> postgresVersion() {
        return Optional.ofNullable(version);
    }

    static String postgresName(String version) {
        return "PostgreSQL Database " + version;
    }

    static CatalogueService postgres(String id, Region region, String version) {
        return new CatalogueService(
                id,
                region,
                postgresName(version),
                DATABASE,
                "postgresql-" + version + "-shared",
                "A database on a shared PostgreSQL " + version + " server",
                "postgres",
                version);
    }

    static CatalogueService mysql(String id, Region region) {
        return new CatalogueService(
                id,
                region,
                "MySQL Database",
                DATABASE,
                "mysql-shared",
                "A database on a shared MySQL server",
                "mysql",
                null);
    }

    static CatalogueService objectStorage(String id, Region region) {
        return new CatalogueService(
                id, region, "Object Storage", STORAGE, "s3-shared", "A bucket for files", "s3", null);
    }
}
