package io.github.divio4j.upgrade.local;

import static java.util.Objects.requireNonNull;

import io.github.divio4j.upgrade.PostgresVersion;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is wished of the local copy. Immutable. */
public final class LocalSpec {

    private final LocalVersion version;
    private final Set<String> services;
    private final boolean allServices;
    private final Map<String, String> tags;
    private final boolean editEnvFile;
    private final boolean moveDataDirectory;
    private final boolean dropDigests;
    private final String environment;
    private final String prefix;
    private final boolean allowVolumeRemoval;

    private LocalSpec(Builder builder) {
        this.version = builder.version;
        this.services = Set.copyOf(builder.services);
        this.allServices = builder.allServices;
        this.tags = Map.copyOf(builder.tags);
        this.editEnvFile = builder.editEnvFile;
        this.moveDataDirectory = builder.moveDataDirectory;
        this.dropDigests = builder.dropDigests;
        this.environment = builder.environment;
        this.prefix = builder.prefix;
        this.allowVolumeRemoval = builder.allowVolumeRemoval;
    }

    /**
     * Starts a specification.
     *
     * @param version a major version ({@code "15"}), or the very release for images that have one ({@code "15.4"})
     * @throws IllegalArgumentException if it is no version of PostgreSQL
     */
    public static Builder to(String version) {
        return new Builder(LocalVersion.parse(version));
    }

    LocalVersion version() {
        return version;
    }

    /** The major version to move to. */
    public PostgresVersion postgresVersion() {
        return version.major();
    }

    /** The services that were chosen; empty if none was. */
    public Set<String> services() {
        return services;
    }

    /** Whether all PostgreSQL services are meant. */
    public boolean allServices() {
        return allServices;
    }

    /** The tags that were given, by service. */
    public Map<String, String> tags() {
        return tags;
    }

    /** Whether {@code .env} is edited. */
    public boolean editEnvFile() {
        return editEnvFile;
    }

    /** Whether mounts of the data directory are moved for version 18 and newer. */
    public boolean moveDataDirectory() {
        return moveDataDirectory;
    }

    /** Whether digests are removed. */
    public boolean dropDigests() {
        return dropDigests;
    }

    /** The slug of the environment whose database is pulled. */
    public String environment() {
        return environment;
    }

    /** The prefix of the database that is pulled. */
    public String prefix() {
        return prefix;
    }

    /** Whether volumes may be removed. */
    public boolean allowVolumeRemoval() {
        return allowVolumeRemoval;
    }

    /** Collects what is wished. Not safe for use by several threads. */
    public static final class Builder {
        private final LocalVersion version;
        private final Set<String> services = new TreeSet<>();
        private boolean allServices;
        private final Map<String, String> tags = new TreeMap<>();
        private boolean editEnvFile;
        private boolean moveDataDirectory;
        private boolean dropDigests;
        private String environment = "test";
        private String prefix = "DEFAULT";
        private boolean allowVolumeRemoval;

        private Builder(LocalVersion version) {
            this.version = version;
        }

        /** Chooses a service of the compose file; again for a further one. Needed if several of them are PostgreSQL. */
        public Builder service(String name) {
            services.add(requireNonNull(name, "name"));
            return this;
        }

        /** Chooses all services that are PostgreSQL. */
        public Builder allServices() {
            this.allServices = true;
            return this;
        }

        /**
         * Gives the tag of a service's image, for images whose tags cannot be known: {@code "15-3.4-alpine"}, with a digest if
         * you like ({@code "15@sha256:..."}). It replaces the tag and the digest that are there.
         */
        public Builder tag(String service, String tag) {
            if (!tag.matches("\\w[\\w.-]{0,127}(@[\\w:+.-]+)?")) {
                throw new IllegalArgumentException("not the tag of an image: \"" + tag + "\"");
            }
            tags.put(requireNonNull(service, "service"), tag);
            return this;
        }

        /** Lets versions that are written in {@code .env} be changed there. By default they are named, and nothing goes on. */
        public Builder editEnvFile() {
            this.editEnvFile = true;
            return this;
        }

        /**
         * Lets mounts at {@code /var/lib/postgresql/data} be moved to {@code /var/lib/postgresql} for version 18 and newer, where
         * the images keep their data since. By default such a mount is named, and nothing goes on.
         */
        public Builder moveDataDirectory() {
            this.moveDataDirectory = true;
            return this;
        }

        /**
         * Lets the digest behind a tag be removed. A digest names one very image; the one of the new version cannot be known. By
         * default it is named, and nothing goes on.
         */
        public Builder dropDigests() {
            this.dropDigests = true;
            return this;
        }

        /** Chooses the environment whose database is pulled, by its slug. Default {@code test}, as of Divio's own tool. */
        public Builder environment(String slug) {
            this.environment = named(slug, "environment");
            return this;
        }

        /** Chooses the database that is pulled, by its prefix. Default {@code DEFAULT}. */
        public Builder prefix(String value) {
            this.prefix = named(value, "prefix");
            return this;
        }

        /** A name becomes an argument of a program: it must not look like an option. */
        private static String named(String value, String what) {
            if (value.isBlank() || value.startsWith("-")) {
                throw new IllegalArgumentException("not the name of an " + what + ": \"" + value + "\"");
            }
            return value;
        }

        /**
         * Allows {@code docker compose down -v}: all containers of the project are removed and its volumes with everything in
         * them, those of other services, too. A plan names them. By default a plan that needs it is blocked.
         */
        public Builder allowVolumeRemoval() {
            this.allowVolumeRemoval = true;
            return this;
        }

        /** Makes it. */
        public LocalSpec build() {
            return new LocalSpec(this);
        }
    }
}
