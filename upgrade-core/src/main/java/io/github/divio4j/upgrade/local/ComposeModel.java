package io.github.divio4j.upgrade.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Compose files with those that they include and extend, as services. */
final class ComposeModel {

    private final Map<Path, YamlFile> files = new LinkedHashMap<>();
    private final Map<Path, TextFile> environments = new LinkedHashMap<>();
    private final Set<Path> roots = new LinkedHashSet<>();
    private final Map<String, List<Definition>> services = new LinkedHashMap<>();
    private final List<MappingNode> externalVolumes = new ArrayList<>();
    private final Path folder;

    /**
     * A service as one file defines it.
     *
     * @param env the variables of the file, or null if there are none
     */
    record Definition(YamlFile file, @Nullable EnvFile env, String name, Node key, MappingNode mapping) {}

    /** A value of a service, and the file that it is written in. */
    record Value(YamlFile file, @Nullable EnvFile env, Node node) {}

    /**
     * Reads compose files.
     *
     * @param read files that were read already
     */
    ComposeModel(List<Path> roots, Map<Path, TextFile> read) {
        read.forEach((path, file) -> files.put(path.normalize(), YamlFile.parse(file)));
        this.folder = folderOf(roots.get(0));
        EnvFile env = environment(folder, null);
        for (Path root : roots) {
            this.roots.add(root.normalize());
            add(root, env, 0);
        }
        if (services.isEmpty()) {
            YamlFile first = files.values().iterator().next();
            throw new LocalUpgradeException(first.file().place(0) + ": there is no mapping \"services\" in this file"
                    + (roots.size() > 1 ? " or those beside it" : "")
                    + ", so it is no compose file that Docker Compose reads.");
        }
    }

    static Path folderOf(Path file) {
        Path parent = file.getParent();
        return parent == null ? Path.of("") : parent;
    }

    /** The variables of the folder's {@code .env}, and stronger ones. */
    private @Nullable EnvFile environment(Path of, @Nullable EnvFile stronger) {
        Path file = of.resolve(".env").normalize();
        boolean known = environments.containsKey(file) && stronger != null;
        return known || !Files.isRegularFile(file) ? stronger : environmentFile(file, stronger);
    }

    private EnvFile environmentFile(Path file, @Nullable EnvFile stronger) {
        return new EnvFile(environments.computeIfAbsent(file.normalize(), TextFile::read), stronger);
    }

    private YamlFile load(Path path) {
        Path normal = path.normalize();
        YamlFile known = files.get(normal);
        if (known == null) {
            known = YamlFile.parse(TextFile.read(normal));
            files.put(normal, known);
        }
        return known;
    }

    private void add(Path path, @Nullable EnvFile env, int depth) {
        YamlFile file = load(path);
        for (Node document : file.documents()) {
            if (!(document instanceof MappingNode root)) {
                continue;
            }
            if (YamlFile.value(root, "include") instanceof SequenceNode includes) {
                for (Node each : includes.getValue()) {
                    include(file, each, env, depth);
                }
            }
            if (YamlFile.value(root, "volumes") instanceof MappingNode volumes) {
                externalVolumes.add(volumes);
            }
            if (YamlFile.value(root, "services") instanceof MappingNode all) {
                for (NodeTuple entry : all.getValue()) {
                    if (entry.getKeyNode() instanceof ScalarNode name
                            && entry.getValueNode() instanceof MappingNode m) {
                        services.computeIfAbsent(name.getValue(), n -> new ArrayList<>())
                                .add(new Definition(file, env, name.getValue(), name, m));
                    }
                }
            }
        }
    }

    private void include(YamlFile file, Node include, @Nullable EnvFile env, int depth) {
        if (depth > 20) {
            throw new LocalUpgradeException(file.place(include) + ": this file includes itself.");
        }
        List<Path> included = others(file, include instanceof MappingNode m ? YamlFile.value(m, "path") : include);
        EnvFile variables = included.isEmpty() ? env : variables(file, include, folderOf(included.get(0)), env);
        included.forEach(path -> add(path, variables, depth + 1));
    }

    /** The variables of an included file: its own, as far as the including one does not have them. */
    private @Nullable EnvFile variables(YamlFile file, Node include, Path beside, @Nullable EnvFile env) {
        Node named = include instanceof MappingNode m ? YamlFile.value(m, "env_file") : null;
        Node project = include instanceof MappingNode m ? YamlFile.value(m, "project_directory") : null;
        if (named == null) {
            return project instanceof ScalarNode s
                    ? environment(folderOf(file.file().path()).resolve(s.getValue()), env)
                    : environment(beside, env);
        }
        EnvFile variables = env;
        List<Path> all = new ArrayList<>(others(file, named));
        Collections.reverse(all);
        for (Path each : all) {
            variables = environmentFile(each, variables);
        }
        return variables;
    }

    private static List<Path> others(YamlFile file, @Nullable Node paths) {
        List<Node> all = paths instanceof SequenceNode s ? s.getValue() : paths == null ? List.of() : List.of(paths);
        return all.stream().map(one -> other(file, one, "includes")).toList();
    }

    /** The file beside another one that this one names. */
    private static Path other(YamlFile file, Node node, String what) {
        String text = node instanceof ScalarNode s ? s.getValue() : "";
        if (text.isEmpty() || text.contains("$") || text.contains(":") || text.indexOf('\0') >= 0) {
            throw new LocalUpgradeException(file.place(node) + ": this " + what
                    + " a file that cannot be followed. Name the files to change yourself.");
        }
        Path other = folderOf(file.file().path()).resolve(text);
        if (!Files.isRegularFile(other)) {
            throw new LocalUpgradeException(
                    file.place(node) + ": this " + what + " " + other.normalize() + ", which is not there.");
        }
        return other;
    }

    Path folder() {
        return folder;
    }

    /** The folder that relative paths in a file are meant from. */
    Path folder(YamlFile file) {
        return roots.contains(file.file().path().normalize())
                ? folder
                : folderOf(file.file().path());
    }

    Map<String, List<Definition>> services() {
        return services;
    }

    /** The values of a key of a service in all files: those of the services that it extends, its own, and those that override it. */
    List<Value> values(String service, String key) {
        return values(service, key, Integer.MAX_VALUE);
    }

    /**
     * The same.
     *
     * @param most how many count of a service and those that it extends, nearest first
     */
    List<Value> values(String service, String key, int most) {
        List<Value> values = new ArrayList<>();
        for (Definition definition : services.getOrDefault(service, List.of())) {
            List<Value> own = values(definition, key);
            // Takes away what the files before say.
            if (!own.isEmpty() && own.get(0).node().getTag().getValue().equals("!reset")) {
                values.clear();
            } else {
                List<Value> counting = new ArrayList<>(own.subList(0, Math.min(most, own.size())));
                Collections.reverse(counting);
                values.addAll(counting);
            }
        }
        return values;
    }

    /** The values of a key of a service: its own, and those of the services that it extends, nearest first. */
    private List<Value> values(Definition service, String key) {
        List<Value> values = new ArrayList<>();
        Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Definition at = service;
        while (at != null && seen.add(at.mapping())) {
            Node value = YamlFile.value(at.mapping(), key);
            if (value != null) {
                values.add(new Value(at.file(), at.env(), value));
            }
            at = base(at);
        }
        return values;
    }

    private @Nullable Definition base(Definition service) {
        Node extended = YamlFile.value(service.mapping(), "extends");
        Node name = extended;
        YamlFile file = service.file();
        if (extended instanceof MappingNode m) {
            name = YamlFile.value(m, "service");
            Node path = YamlFile.value(m, "file");
            if (path != null) {
                file = load(other(file, path, "extends"));
            }
        }
        if (!(name instanceof ScalarNode wanted)) {
            return null;
        }
        for (Node document : file.documents()) {
            if (document instanceof MappingNode root
                    && YamlFile.value(root, "services") instanceof MappingNode all
                    && YamlFile.value(all, wanted.getValue()) instanceof MappingNode mapping) {
                return new Definition(file, service.env(), wanted.getValue(), mapping, mapping);
            }
        }
        throw new LocalUpgradeException(service.file().place(wanted) + ": the service \"" + wanted.getValue()
                + "\" that this extends is not there.");
    }

    /** Tells whether a named volume belongs to somebody else, so that {@code down -v} leaves it. */
    boolean isExternal(String volume) {
        return externalVolumes.stream()
                .map(all -> YamlFile.value(all, volume))
                .anyMatch(v -> v instanceof MappingNode m && isExternal(YamlFile.value(m, "external")));
    }

    private static boolean isExternal(@Nullable Node external) {
        return external != null
                && !(external instanceof ScalarNode s && s.getValue().equals("false"));
    }
}
