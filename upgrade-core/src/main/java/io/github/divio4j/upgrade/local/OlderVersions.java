package io.github.divio4j.upgrade.local;

import io.github.divio4j.upgrade.PostgresVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Older versions of PostgreSQL that are named outside of compose files: client packages and base images in Dockerfiles, and the
 * services of GitHub's and GitLab's CI. They are found and never changed.
 */
public final class OlderVersions {

    private static final int DEEPEST = 5;
    private static final long LARGEST = 1024 * 1024;

    /** Folders of other people's files. */
    private static final Set<String> FOREIGN =
            Set.of("node_modules", "vendor", "venv", "site-packages", "target", "build");

    /** The packages of Debian ({@code postgresql-client-13}) and of Alpine ({@code postgresql13-client}). */
    private static final Pattern CLIENT =
            Pattern.compile("\\bpostgresql-client-(\\d+(?:\\.\\d+)?)\\b|\\bpostgresql(\\d+)-client\\b");

    private static final Pattern IMAGE = Pattern.compile(
            "(?<![\\w./:-])((?:[\\w.-]+(?::\\d+)?/)*(?:postgres|postgis|timescaledb|pgvector):[\\w.-]+)");

    private OlderVersions() {}

    /**
     * Looks through the files of a project: Dockerfiles up to five folders deep, {@code .github/workflows} and {@code
     * .gitlab-ci.yml}. Files that cannot be read are left out.
     *
     * @param version the version to move to; older ones are told
     * @return one notice for each line, in the order of the files
     */
    public static List<Notice> find(Path folder, PostgresVersion version) {
        List<Notice> notices = new ArrayList<>();
        for (Path file : files(folder)) {
            try {
                List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
                for (int i = 0; i < lines.size(); i++) {
                    look(file, i + 1, lines.get(i), version, notices);
                }
            } catch (IOException e) {
                // Nothing depends on it.
            }
        }
        return List.copyOf(notices);
    }

    private static List<Path> files(Path folder) {
        List<Path> files = new ArrayList<>();
        try {
            Files.walkFileTree(folder, EnumSet.noneOf(FileVisitOption.class), DEEPEST, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    String name = name(directory);
                    boolean hidden = name.startsWith(".") && !name.equals(".github") && !directory.equals(folder);
                    return hidden || FOREIGN.contains(name) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile() && attributes.size() <= LARGEST && isMeant(folder, file)) {
                        files.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            // What was found is told.
        }
        files.sort(null);
        return files;
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    private static boolean isMeant(Path folder, Path file) {
        String name = name(file);
        String place = folder.relativize(file).toString().replace('\\', '/');
        boolean yaml = name.endsWith(".yml") || name.endsWith(".yaml");
        return name.startsWith("Dockerfile")
                || name.toLowerCase(Locale.ROOT).endsWith(".dockerfile")
                || place.equals(".gitlab-ci.yml")
                || (yaml && place.startsWith(".github/workflows/"));
    }

    private static void look(Path file, int line, String text, PostgresVersion to, List<Notice> notices) {
        String code = text.replaceFirst("(^|\\s)#.*", "");
        Matcher client = CLIENT.matcher(code);
        while (client.find()) {
            String number = client.group(1) == null ? client.group(2) : client.group(1);
            // Alpine names 9.6 by 96.
            add(file, line, client.group(), ImageFamily.major(number.equals("96") ? "9.6" : number), to, notices);
        }
        Matcher image = IMAGE.matcher(code);
        while (image.find()) {
            ImageName name = ImageName.parse(image.group(1));
            ImageFamily family = name.family();
            ImageFamily.Found found = family == null ? null : family.find(name.tag());
            add(file, line, image.group(1), found == null ? null : ImageFamily.major(found.version()), to, notices);
        }
    }

    private static void add(
            Path file,
            int line,
            String what,
            @Nullable PostgresVersion version,
            PostgresVersion to,
            List<Notice> notices) {
        if (version != null && version.compareTo(to) < 0) {
            notices.add(new Notice(
                    Notice.Kind.ELSEWHERE,
                    file,
                    line,
                    what + " is of PostgreSQL " + version + ", and is not changed here."));
        }
    }
}
