package io.github.divio4j.upgrade.local;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of an image: {@code REGISTRY/PATH:TAG@DIGEST}.
 *
 * @param text the whole
 * @param registry the registry, or empty
 * @param path the name without registry, tag and digest
 * @param tagStart where the tag begins, behind its colon; {@code tagEnd} if there is none
 * @param tagEnd where the tag ends; where it would begin, without its colon, if there is none
 */
record ImageName(String text, String registry, String path, int tagStart, int tagEnd) {

    private static final Set<String> DOCKER_HUB = Set.of("docker.io", "index.docker.io", "registry-1.docker.io");

    private static final Pattern WELL_FORMED = Pattern.compile(
            "[\\w.\\-/]*(?::\\d+/[\\w.\\-/]*)?[\\w](?::\\w[\\w.-]{0,127})?(?:@\\w+(?:[+.-]\\w+)*:[0-9a-fA-F]{32,})?");

    /** What images of PostgreSQL with tags of their own are called by their makers. */
    private static final Set<String> LAST_WORDS =
            Set.of("postgres", "postgresql", "postgis", "pgvector", "timescaledb", "timescaledb-ha");

    /** Other servers that stand under the name "db" in compose files. */
    private static final List<String> OTHERS = List.of(
            "mysql",
            "mariadb",
            "percona",
            "mongo",
            "redis",
            "valkey",
            "mssql",
            "sql-server",
            "oracle",
            "cockroach",
            "couch",
            "cassandra",
            "neo4j",
            "clickhouse",
            "elasticsearch",
            "influx",
            "dynamodb",
            "surreal",
            "arango",
            "firebird",
            "db2");

    static ImageName parse(String text) {
        int digest = text.indexOf('@');
        int tagEnd = digest < 0 ? text.length() : digest;
        String name = text.substring(0, tagEnd);
        int colon = name.lastIndexOf(':');
        boolean tagged = colon > name.lastIndexOf('/');
        int nameEnd = tagged ? colon : tagEnd;
        String path = name.substring(0, nameEnd).replace(String.valueOf(Interpolation.UNKNOWN), "");
        String registry = "";
        int slash = path.indexOf('/');
        if (slash >= 0) {
            String first = path.substring(0, slash);
            if (slash == 0 || first.contains(".") || first.contains(":") || first.equals("localhost")) {
                registry = first;
                path = path.substring(slash + 1);
            }
        }
        return new ImageName(text, registry, path, tagged ? colon + 1 : tagEnd, tagEnd);
    }

    @Nullable
    ImageFamily family() {
        return ImageFamily.of(path);
    }

    /** Tells whether Docker would take it, whatever the variables without a value are. */
    boolean wellFormed() {
        return WELL_FORMED.matcher(text.replace(Interpolation.UNKNOWN, 'x')).matches();
    }

    /** Tells whether it comes from a registry that mirrors others or is somebody's own. */
    boolean mirrored() {
        return !registry.isEmpty() && !DOCKER_HUB.contains(registry);
    }

    boolean tagged() {
        return tagStart > 0 && tagStart <= text.length() && text.charAt(tagStart - 1) == ':';
    }

    String tag() {
        return text.substring(tagStart, tagEnd);
    }

    boolean digested() {
        return tagEnd < text.length();
    }

    /** Tells whether it is PostgreSQL to judge by its name, with tags that are understood or not. */
    boolean isPostgres() {
        return family() != null || LAST_WORDS.contains(path.substring(path.lastIndexOf('/') + 1));
    }

    /** Tells whether it is a server of another kind, to judge by its name. */
    boolean isOther() {
        return !isPostgres() && OTHERS.stream().anyMatch(path::contains);
    }
}
