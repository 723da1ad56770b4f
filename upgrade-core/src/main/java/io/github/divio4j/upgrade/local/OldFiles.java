package io.github.divio4j.upgrade.local;

import io.github.divio4j.upgrade.PostgresVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Folders and volumes with the files of a server that {@code docker compose down -v} does not remove. */
final class OldFiles {

    private OldFiles() {}

    /**
     * Looks at one mount.
     *
     * @param changing whether the version is about to be changed, so that an older one is there now
     */
    static Optional<Notice> look(
            ComposeModel model, PostgresVersion to, boolean changing, String service, Mounts.Mount mount) {
        String source = mount.source();
        boolean folder = source.startsWith(".") || source.startsWith("/");
        if (!folder) {
            return source.isEmpty() || !model.isExternal(source)
                    ? Optional.empty()
                    : Optional.of(notice(
                            Notice.Kind.STAYS,
                            mount,
                            service + ": the volume " + source
                                    + " is external, and \"down -v\" leaves it. If it holds files of an older version, the new server "
                                    + "does not start: remove it yourself."));
        }
        Path path;
        try {
            path = model.folder(mount.at().file()).resolve(source).normalize();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        if (changing && Files.isDirectory(path) && !(Files.isReadable(path) && Files.isExecutable(path))) {
            // A server lets nobody else look into its files.
            return Optional.of(notice(
                    Notice.Kind.OLD_FILES,
                    mount,
                    service + ": the folder " + path
                            + " cannot be looked into, and \"down -v\" leaves it: with files of "
                            + "an older version in it, " + to
                            + " would not start. Stop the containers and move it away."));
        }
        for (String below : List.of("PG_VERSION", "data/PG_VERSION", "pgdata/PG_VERSION")) {
            PostgresVersion version = version(path.resolve(below));
            if (version != null && !version.equals(to)) {
                return Optional.of(notice(
                        Notice.Kind.OLD_FILES,
                        mount,
                        service + ": the folder " + path
                                + " holds the files of PostgreSQL " + version + ", and \"down -v\" leaves it: version "
                                + to
                                + " would not start. Stop the containers and move it away."));
            }
            if (version != null) {
                return Optional.empty();
            }
        }
        return Optional.of(notice(
                Notice.Kind.STAYS,
                mount,
                service + ": \"down -v\" leaves the folder " + path
                        + ". If it holds files of an older version, the new server does not start: move it away."));
    }

    private static @Nullable PostgresVersion version(Path file) {
        try {
            return Files.isRegularFile(file)
                    ? ImageFamily.major(
                            Files.readString(file, StandardCharsets.ISO_8859_1).strip())
                    : null;
        } catch (IOException e) {
            return null;
        }
    }

    private static Notice notice(Notice.Kind kind, Mounts.Mount mount, String message) {
        return new Notice(kind, mount.at().file().file().path(), YamlFile.line(mount.target()), message);
    }
}
