package io.github.divio4j.upgrade.local;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A compose file as it was read, with the files that it includes and extends, those that override it and {@code .env}. Immutable.
 *
 * <p>A change replaces the bytes of image tags (and, when asked to, of mount paths) and no others.
 */
public final class ComposeFile {

    /** The names that Docker Compose looks for, first to last. */
    private static final List<String> NAMES =
            List.of("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml");

    private final List<Path> paths;
    private final boolean found;
    private final ComposeModel model;

    private ComposeFile(List<Path> paths, boolean found, Map<Path, TextFile> read) {
        this.paths = List.copyOf(paths);
        this.found = found;
        this.model = new ComposeModel(paths, read);
    }

    /** A compose file that is not read from the disk, whatever else it includes and extends. */
    static ComposeFile of(Path path, byte[] bytes) {
        return new ComposeFile(List.of(path), true, Map.of(path, TextFile.of(path, bytes)));
    }

    /**
     * Reads the compose files of a folder, as Docker Compose finds them: those that {@code COMPOSE_FILE} names in {@code .env},
     * otherwise the one with a usual name and the one that overrides it.
     *
     * @throws LocalUpgradeException if there is none, or as in {@link #read}
     */
    public static ComposeFile find(Path folder) {
        return find(folder, Map.of());
    }

    /**
     * The same, with the variables of a shell.
     *
     * @param shell {@code COMPOSE_FILE} there is stronger than in {@code .env}
     */
    static ComposeFile find(Path folder, Map<String, String> shell) {
        Path env = folder.resolve(".env");
        Map<String, String> variables = new HashMap<>();
        if (Files.isRegularFile(env)) {
            variables.putAll(new EnvFile(TextFile.read(env), null).values());
        }
        variables.putAll(shell);
        String named = variables.getOrDefault("COMPOSE_FILE", "");
        if (!named.isEmpty()) {
            return named(folder, named, variables.getOrDefault("COMPOSE_PATH_SEPARATOR", File.pathSeparator));
        }
        for (String name : NAMES) {
            if (Files.exists(folder.resolve(name))) {
                int dot = name.lastIndexOf('.');
                List<Path> paths = new ArrayList<>(List.of(folder.resolve(name)));
                Stream.of(".yaml", ".yml")
                        .map(end -> folder.resolve(name.substring(0, dot) + ".override" + end))
                        .filter(Files::exists)
                        .findFirst()
                        .ifPresent(paths::add);
                return new ComposeFile(paths, true, Map.of());
            }
        }
        throw new LocalUpgradeException("There is no docker-compose.yml in " + folder.toAbsolutePath() + " (nor "
                + String.join(", ", NAMES.subList(0, 2)) + "). Name the folder of the project.");
    }

    private static ComposeFile named(Path folder, String names, String separator) {
        List<Path> paths = Stream.of(names.split(Pattern.quote(separator), -1))
                .filter(name -> !name.isEmpty())
                .map(folder::resolve)
                .toList();
        // The folder of the first one is that of the project, with another ".env".
        Path first = paths.isEmpty() ? folder : ComposeModel.folderOf(paths.get(0));
        boolean here = first.toAbsolutePath()
                .normalize()
                .equals(folder.toAbsolutePath().normalize());
        if (paths.isEmpty() || !here) {
            throw new LocalUpgradeException("COMPOSE_FILE is " + names + " in " + folder.toAbsolutePath()
                    + ", and its first file is in another folder. Name the files yourself.");
        }
        return new ComposeFile(paths, true, Map.of());
    }

    /**
     * Reads compose files.
     *
     * @param file the first one; relative paths and {@code .env} are looked for beside it
     * @param overrides those that override it
     * @throws LocalUpgradeException if one of them, or one that they include or extend, cannot be read, is no YAML in UTF-8, or
     *     has a key twice; the message names the line
     */
    public static ComposeFile read(Path file, Path... overrides) {
        List<Path> paths = new ArrayList<>(List.of(file));
        paths.addAll(List.of(overrides));
        return new ComposeFile(paths, false, Map.of());
    }

    /** The files that were found or named, without those that they include and extend. */
    public List<Path> paths() {
        return paths;
    }

    /** Tells whether Docker Compose finds these files by itself. */
    boolean found() {
        return found;
    }

    Path folder() {
        return model.folder();
    }

    /** The first line that a service is defined in, for people. */
    private String place(String service) {
        ComposeModel.Definition first = definitions(service).get(0);
        return first.file().place(first.key());
    }

    private List<ComposeModel.Definition> definitions(String service) {
        return model.services().getOrDefault(service, List.of());
    }

    /**
     * The services that are PostgreSQL, in the order of the file: by their image, or that which they are built on; by {@code SERVICE_MANAGER: fsm-postgres}; by the
     * names that Divio's own tool looks for ({@code database_default}, {@code database_<prefix>}, {@code db}), unless they are
     * something else to judge by their image or {@code SERVICE_MANAGER}.
     */
    public List<PostgresService> postgresServices() {
        List<PostgresService> result = new ArrayList<>();
        for (String name : model.services().keySet()) {
            if (isPostgres(name)) {
                List<ComposeModel.Value> images = images(name);
                ComposeModel.Definition first = definitions(name).get(0);
                result.add(
                        images.isEmpty()
                                ? new PostgresService(
                                        name, "", first.file().file().path(), YamlFile.line(first.key()))
                                : new PostgresService(
                                        name,
                                        images.get(0).node() instanceof ScalarNode s ? s.getValue() : "",
                                        images.get(0).file().file().path(),
                                        YamlFile.line(images.get(0).node())));
            }
        }
        return List.copyOf(result);
    }

    /** The image of each definition of a service that has one: its own, or that of what it extends. */
    List<ComposeModel.Value> images(String service) {
        return model.values(service, "image", 1);
    }

    private boolean isPostgres(String name) {
        String kind = variable(name, "SERVICE_MANAGER");
        if (kind != null) {
            return kind.equals("fsm-postgres");
        }
        boolean divioName = name.equals("db") || name.startsWith("database_");
        boolean other = false;
        for (ComposeModel.Value image : images(name)) {
            ImageName parsed = image.node() instanceof ScalarNode s ? parsed(image, s.getValue()) : null;
            if (parsed != null && parsed.isPostgres()) {
                return true;
            }
            other |= parsed != null && parsed.isOther();
        }
        List<ComposeModel.Value> builds = model.values(name, "build", 1);
        Dockerfile.Base base = builds.isEmpty() ? null : Dockerfile.baseOf(builds.get(0));
        return (base != null && ImageName.parse(base.image()).isPostgres()) || (divioName && !other);
    }

    private static @Nullable ImageName parsed(ComposeModel.Value at, String value) {
        EnvFile env = at.env();
        Interpolation view = Interpolation.of(value, env == null ? Map.of() : env.values());
        return view == null ? null : ImageName.parse(view.text());
    }

    /** A variable that a service is given in the file itself, or null; without variables of Docker Compose replaced. */
    @Nullable
    String variable(String service, String name) {
        String found = null;
        for (ComposeModel.Value value : model.values(service, "environment")) {
            if (value.node() instanceof MappingNode m && YamlFile.value(m, name) instanceof ScalarNode s) {
                found = s.getValue();
            }
            List<Node> entries = value.node() instanceof SequenceNode s ? s.getValue() : List.of();
            for (Node entry : entries) {
                if (entry instanceof ScalarNode s && s.getValue().startsWith(name + "=")) {
                    found = s.getValue().substring(name.length() + 1);
                }
            }
        }
        return found;
    }

    /**
     * Works out what is to be changed for a specification; changes nothing.
     *
     * @throws LocalUpgradeException if no service is PostgreSQL, several are and none was chosen, a chosen one is not there or is
     *     none, or what is to be changed is not written so that it can be changed byte for byte
     */
    public ComposeChange change(LocalSpec spec) {
        return new ComposeChangePlanner(this, model, spec, chosen(spec)).plan();
    }

    /** The services that a specification means. */
    Set<String> chosen(LocalSpec spec) {
        Set<String> postgres = new TreeSet<>();
        postgresServices().forEach(service -> postgres.add(service.name()));
        Set<String> chosen = new TreeSet<>(spec.services());
        if (chosen.isEmpty()) {
            chosen.addAll(spec.tags().keySet());
        }
        for (String name : chosen) {
            if (definitions(name).isEmpty()) {
                throw new LocalUpgradeException(first() + ": there is no service \"" + name + "\". There are "
                        + String.join(", ", model.services().keySet()) + ".");
            }
            if (!postgres.contains(name) && !spec.tags().containsKey(name)) {
                throw new LocalUpgradeException(
                        place(name) + ": the service \"" + name
                                + "\" is not known to be PostgreSQL. Choose another one, or give the tag to use for its image.");
            }
        }
        if (!chosen.isEmpty()) {
            return chosen;
        }
        if (postgres.isEmpty()) {
            throw new LocalUpgradeException(first() + ": none of the services is PostgreSQL ("
                    + String.join(", ", model.services().keySet())
                    + "). If one of them is, choose it and give the tag to use.");
        }
        if (postgres.size() > 1 && !spec.allServices()) {
            throw new LocalUpgradeException(place(postgres.iterator().next()) + ": several services are PostgreSQL ("
                    + String.join(", ", postgres) + "). Choose one, or all.");
        }
        return postgres;
    }

    private String first() {
        return paths.get(0) + ", line 1";
    }
}
