package io.github.divio4j.upgrade.local;

import io.github.divio4j.upgrade.PostgresVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Images whose tags are understood, and what is known of the tags that exist: from the image's own repository on GitHub, as
 * of November 2026. What is not known is never assumed to exist.
 */
enum ImageFamily {
    /** {@code postgres:13.5-alpine}. */
    POSTGRES("postgres", Pattern.compile("(?<version>\\d+(?:\\.\\d+){0,2}(?:(?:beta|rc)\\d+)?)(?:-(?<flavour>.+))?")) {
        @Override
        Optional<String> whyNot(String flavour, LocalVersion to) {
            if (flavour.equals("alpine")) {
                return Optional.empty();
            }
            List<Integer> majors = BUILT_ON.get(flavour);
            if (majors == null
                    || to.major().first() < majors.get(0)
                    || to.major().first() > majors.get(1)) {
                return Optional.of("such a variant of " + to + " is not known");
            }
            return to.exact()
                    ? Optional.of("whether the very release " + to + " was built on it cannot be known")
                    : Optional.empty();
        }

        @Override
        @Nullable
        String tagWithout(String tag, LocalVersion to) {
            if (tag.isEmpty() || tag.equals("latest")) {
                return to.text();
            }
            boolean flavour = tag.equals("alpine") || BUILT_ON.containsKey(tag);
            return flavour && whyNot(tag, to).isEmpty() ? to.text() + "-" + tag : null;
        }
    },

    /** {@code postgis/postgis:13-3.1-alpine}: PostgreSQL, then PostGIS. */
    POSTGIS("postgis/postgis", Pattern.compile("(?<version>\\d+(?:\\.\\d+)?)-(?<flavour>.+)")) {
        @Override
        Optional<String> whyNot(String flavour, LocalVersion to) {
            String extension = flavour.endsWith("-alpine") ? flavour.substring(0, flavour.length() - 7) : flavour;
            List<String> known = POSTGIS_OF.get(to.major().first());
            if (known == null) {
                return Optional.of("which PostGIS there is for " + to.major() + " is not known");
            }
            return known.contains(extension)
                    ? Optional.empty()
                    : Optional.of("PostGIS " + extension + " is not known to be built for " + to.major() + ", only "
                            + String.join(", ", known) + " is");
        }
    },

    /** {@code timescale/timescaledb:2.9.1-pg13}, {@code latest-pg13}. */
    TIMESCALE(
            "timescale/timescaledb", Pattern.compile("(?<before>.+-)pg(?<version>\\d+(?:\\.\\d+)?)(?<flavour>-.+)?")) {
        @Override
        Optional<String> whyNot(String flavour, LocalVersion to) {
            boolean latest = flavour.equals("latest-") || flavour.equals("latest--oss");
            boolean known = to.major().first() >= 12 && to.major().first() <= 18;
            return latest && known
                    ? Optional.empty()
                    : Optional.of("whether this TimescaleDB was built for " + to.major() + " cannot be known");
        }
    },

    /** {@code pgvector/pgvector:0.7.0-pg13}, {@code pg13}. */
    PGVECTOR("pgvector/pgvector", Pattern.compile("(?<before>.+-)?pg(?<version>\\d+)(?<flavour>-.+)?")) {
        @Override
        Optional<String> whyNot(String flavour, LocalVersion to) {
            boolean known = to.major().first() >= 13 && to.major().first() <= 18;
            return flavour.isEmpty() && known
                    ? Optional.empty()
                    : Optional.of("whether this pgvector was built for " + to.major() + " cannot be known");
        }
    };

    /**
     * The first and the last version of PostgreSQL that is built on a release of Debian or of Alpine. Those that only
     * previews were built on are left out.
     */
    private static final Map<String, List<Integer>> BUILT_ON = Map.of(
            "bullseye", List.of(10, 17),
            "bookworm", List.of(11, 18),
            "trixie", List.of(13, 18),
            "alpine3.17", List.of(11, 16),
            "alpine3.18", List.of(11, 16),
            "alpine3.19", List.of(12, 16),
            "alpine3.20", List.of(12, 17),
            "alpine3.21", List.of(13, 17),
            "alpine3.22", List.of(13, 18),
            "alpine3.23", List.of(14, 18));

    private static final Map<Integer, List<String>> POSTGIS_OF = Map.of(
            12, List.of("3.0", "3.1", "3.2", "3.3", "3.4", "3.5"),
            13, List.of("3.0", "3.1", "3.2", "3.3", "3.4", "3.5"),
            14, List.of("3.1", "3.2", "3.3", "3.4", "3.5"),
            15, List.of("3.3", "3.4", "3.5"),
            16, List.of("3.4", "3.5"),
            17, List.of("3.4", "3.5"),
            18, List.of("3.6"));

    private static final Set<String> MIRRORED_AS = Set.of("library/postgres", "docker/library/postgres");

    private final String repository;
    private final Pattern tag;

    ImageFamily(String repository, Pattern tag) {
        this.repository = repository;
        this.tag = tag;
    }

    /** The family of an image without its registry, if it is one. */
    static @Nullable ImageFamily of(String path) {
        if (MIRRORED_AS.contains(path)) {
            return POSTGRES;
        }
        for (ImageFamily family : values()) {
            if (family.repository.equals(path)) {
                return family;
            }
        }
        return null;
    }

    /**
     * The version in a tag.
     *
     * @param start where it begins in the tag
     * @param flavour the rest of the tag, which is kept
     */
    record Found(String version, int start, int end, String flavour) {}

    @Nullable
    Found find(String text) {
        Matcher matcher = tag.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        String before = tag.pattern().contains("?<before>") ? orEmpty(matcher.group("before")) : "";
        return new Found(
                matcher.group("version"),
                matcher.start("version"),
                matcher.end("version"),
                before + orEmpty(matcher.group("flavour")));
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** Why a flavour cannot be had with another version: it does not exist, or that is not known. Empty if it can. */
    abstract Optional<String> whyNot(String flavour, LocalVersion to);

    /** The tag in place of one that names no version ({@code latest}, {@code alpine}, none), or null if it cannot be known. */
    @Nullable
    String tagWithout(String text, LocalVersion to) {
        return null;
    }

    /** The version as a tag of this family writes it. */
    String written(LocalVersion to) {
        return this == POSTGRES ? to.text() : to.major().toString();
    }

    /** The major version of a tag, or null if it is none that is known. */
    static @Nullable PostgresVersion major(String version) {
        // The official image names 9.6 by 9, too.
        String number = version.equals("9") ? "9.6" : version.replaceFirst("(beta|rc)\\d+$", "");
        try {
            return PostgresVersion.parse(number);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
