package io.github.divio4j.upgrade.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A project before and after, and what is wished of it. */
record ComposeCase(Path directory) {

    private static final Path ALL = Path.of("src/test/resources/compose");

    static List<ComposeCase> all() throws IOException {
        try (Stream<Path> directories = Files.list(ALL)) {
            return directories.sorted().map(ComposeCase::new).toList();
        }
    }

    Path before() {
        return directory.resolve("before");
    }

    Path after() {
        return directory.resolve("after");
    }

    String notices() throws IOException {
        Path file = directory.resolve("notices.txt");
        return Files.exists(file) ? Files.readString(file) : "";
    }

    LocalSpec spec() throws IOException {
        Properties wished = wished();
        LocalSpec.Builder spec = LocalSpec.to(wished.getProperty("to", "15"));
        for (String name : wished.stringPropertyNames()) {
            String value = wished.getProperty(name);
            switch (name.replaceFirst("\\..*", "")) {
                case "to", "files" -> {}
                case "service" -> spec.service(value);
                case "all" -> spec.allServices();
                case "tag" -> spec.tag(name.substring(4), value);
                case "env" -> spec.editEnvFile();
                case "move" -> spec.moveDataDirectory();
                case "digests" -> spec.dropDigests();
                default -> throw new IllegalArgumentException(directory + ": " + name);
            }
        }
        return spec.build();
    }

    private Properties wished() throws IOException {
        Properties properties = new Properties();
        try (var in = Files.newBufferedReader(directory.resolve("spec.properties"))) {
            properties.load(in);
        }
        return properties;
    }

    Path copyTo(Path folder) throws IOException {
        copy(before(), folder);
        return folder;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.write(copy, Files.readAllBytes(file));
            }
        }
    }

    /** Changes a project and tells what was said. */
    String change(Path project) throws IOException {
        try {
            ComposeFile compose = wished().containsKey("files") ? named(project) : ComposeFile.find(project);
            ComposeChange change = compose.change(spec());
            change.write();
            return change.notices().stream()
                    .map(notice -> notice.kind() + " " + notice + "\n")
                    .collect(Collectors.joining())
                    .replace(project + "/", "");
        } catch (LocalUpgradeException e) {
            return ("REFUSED " + e.getMessage() + "\n")
                    .replace(project + "/", "")
                    .replace(project.toString(), ".");
        }
    }

    private ComposeFile named(Path project) throws IOException {
        List<Path> files = Stream.of(wished().getProperty("files").split(" ", -1))
                .map(project::resolve)
                .toList();
        return ComposeFile.read(files.get(0), files.subList(1, files.size()).toArray(Path[]::new));
    }

    void update(Path project, String said) throws IOException {
        if (Files.exists(after())) {
            try (Stream<Path> all = Files.walk(after())) {
                all.filter(Files::isRegularFile).forEach(ComposeCase::delete);
            }
        }
        copy(project, after());
        if (said.isEmpty()) {
            Files.deleteIfExists(directory.resolve("notices.txt"));
        } else {
            Files.writeString(directory.resolve("notices.txt"), said);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return directory.getFileName().toString();
    }
}
