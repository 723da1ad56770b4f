package io.github.divio4j.upgrade.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
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
    private final Map<Path, EnvFile> environments = new LinkedHashMap<>();
    private final Map<String, List<Definition>> services = new LinkedHashMap<>();
    private final List<MappingNode> externalVolumes = new ArrayList<>();
    private final Path folder;

    /**
     * A service as one file defines it.
     *
     * @param env the variables of the file, or null if there is no {@code .env}
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
        EnvFile env = environment(folder);
        for (Path root : roots) {
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

    private @Nullable EnvFile environment(Path of) {
        if (!environments.containsKey(of)) {
            Path file = of.resolve(".env");
            if (!Files.isRegularFile(file)) {
                return null;
            }
            environments.put(of, new EnvFile(TextFile.read(file)));
        }
        return environments.get(of);
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
                include(file, includes, depth);
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

    private void include(YamlFile file, SequenceNode includes, int depth) {
        if (depth > 20) {
            throw new LocalUpgradeException(file.place(includes) + ": this file includes itself.");
        }
        for (Node each : includes.getValue()) {
            Node paths = each instanceof MappingNode m ? YamlFile.value(m, "path") : each;
            List<Node> all =
                    paths instanceof SequenceNode s ? s.getValue() : paths == null ? List.of() : List.of(paths);
            for (Node one : all) {
                Path included = other(file, one, "includes");
                add(included, environment(folderOf(included)), depth + 1);
            }
        }
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

    Map<String, List<Definition>> services() {
        return services;
    }

    /** The values of a key of a service: its own, and those of the services that it extends, nearest first. */
    List<Value> values(Definition service, String key) {
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
