package io.github.divio4j.upgrade.local;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** The commands of Docker Compose, and what they tell. */
final class DockerCompose {

    private static final String LABEL = "com.docker.compose.";
    private static final String CONTAINER = "{{index .Config.Labels \"" + LABEL + "service\"}}|{{.Config.Image}}"
            + "|{{.State.Running}}|{{range .Mounts}}{{if eq .Type \"volume\"}}{{.Name}} {{end}}{{end}}";

    private static final String VOLUME = "{{.Name}}|{{.Label \"" + LABEL + "project\"}}";

    private final Commands commands;
    private final List<String> program;
    private final Path folder;

    private DockerCompose(Commands commands, List<String> program, Path folder) {
        this.commands = commands;
        this.program = program;
        this.folder = folder;
    }

    /**
     * Finds {@code docker compose}, or else {@code docker-compose}.
     *
     * @throws LocalUpgradeException if neither is there
     */
    static DockerCompose find(Commands commands, ComposeFile compose) {
        List<String> program;
        if (commands.look(List.of("docker", "compose", "version")).succeeded()) {
            program = List.of("docker", "compose");
        } else if (commands.has("docker-compose")) {
            program = List.of("docker-compose");
        } else {
            throw new LocalUpgradeException(
                    "There is neither \"docker compose\" nor a program \"docker-compose\" on the PATH. "
                            + "Install Docker Compose (https://docs.docker.com/compose/install/).");
        }
        List<String> call = new ArrayList<>(program);
        if (!compose.found()) {
            // A relative path would be looked for from the folder that the programs run in.
            compose.paths()
                    .forEach(path ->
                            call.addAll(List.of("-f", path.toAbsolutePath().toString())));
        }
        return new DockerCompose(commands, List.copyOf(call), compose.folder());
    }

    Path folder() {
        return folder;
    }

    List<String> command(String... arguments) {
        return Stream.concat(program.stream(), Arrays.stream(arguments)).toList();
    }

    /** A command in the running container of a service, without a terminal. */
    List<String> inside(String service, List<String> command) {
        return Stream.concat(command("exec", "-T", service).stream(), command.stream())
                .toList();
    }

    /**
     * The project as Docker Compose understands it.
     *
     * @param services without those of profiles that are not active
     * @param volumes the full names of its volumes, without those that belong to somebody else
     */
    record Project(String name, Map<String, Service> services, Set<String> volumes) {
        /** The image of a service; empty if it has none. */
        String image(String service) {
            return services.containsKey(service) ? services.get(service).image() : "";
        }
    }

    /**
     * A service of a project.
     *
     * @param image its image; empty if it has none
     * @param environment its variables, also those from other files
     */
    record Service(String image, Map<String, String> environment) {}

    /**
     * A container, running or not.
     *
     * @param volumes the volumes that it uses, those without a name of their own, too
     */
    record Container(String service, String image, boolean running, List<String> volumes) {}

    Project project() {
        List<String> lines = commands.mustLook(command("config")).out();
        byte[] bytes = String.join(System.lineSeparator(), lines).getBytes(StandardCharsets.UTF_8);
        YamlFile config = YamlFile.parse(TextFile.of(Path.of(String.join(" ", command("config"))), bytes));
        String name = "";
        Map<String, Service> services = new TreeMap<>();
        Set<String> volumes = new TreeSet<>();
        for (Node document : config.documents()) {
            if (document instanceof MappingNode root) {
                name = text(YamlFile.value(root, "name"));
                entries(YamlFile.value(root, "services"))
                        .forEach((service, node) -> services.put(service, service(node)));
                entries(YamlFile.value(root, "volumes")).forEach((volume, node) -> {
                    Map<String, Node> all = entries(node);
                    if (!all.containsKey("external")) {
                        volumes.add(text(all.get("name")));
                    }
                });
            }
        }
        return new Project(name.isEmpty() ? nameOfOldVersions() : name, services, volumes);
    }

    private static String text(@Nullable Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }

    private static Service service(Node node) {
        Map<String, Node> all = entries(node);
        Map<String, String> environment = new TreeMap<>();
        // Docker Compose writes a dollar sign twice, so that its output could be read again.
        entries(all.get("environment"))
                .forEach((name, value) -> environment.put(name, text(value).replace("$$", "$")));
        return new Service(text(all.get("image")), environment);
    }

    private static Map<String, Node> entries(@Nullable Node node) {
        Map<String, Node> entries = new TreeMap<>();
        if (node instanceof MappingNode mapping) {
            for (NodeTuple entry : mapping.getValue()) {
                entries.put(text(entry.getKeyNode()), entry.getValueNode());
            }
        }
        return entries;
    }

    /** Versions before 2 do not tell the project's name: it is that of the folder. */
    private String nameOfOldVersions() {
        return String.valueOf(folder.toAbsolutePath().normalize().getFileName())
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9_-]", "");
    }

    List<Container> containers() {
        List<String> ids = commands.mustLook(command("ps", "-a", "-q")).out().stream()
                .map(String::strip)
                .filter(id -> !id.isEmpty())
                .toList();
        if (ids.isEmpty()) {
            return List.of();
        }
        List<String> inspect = new ArrayList<>(List.of("docker", "inspect", "--format", CONTAINER));
        inspect.addAll(ids);
        List<Container> containers = new ArrayList<>();
        for (String line : commands.mustLook(inspect).out()) {
            String[] fields = line.split("\\|", -1);
            if (fields.length == 4) {
                List<String> volumes = Stream.of(fields[3].strip().split(" ", -1))
                        .filter(v -> !v.isEmpty())
                        .toList();
                containers.add(new Container(fields[0], fields[1], fields[2].equals("true"), volumes));
            }
        }
        return containers;
    }

    /**
     * The volumes that {@code down -v} removes: those that were made for the project or are called like its own, and those of its
     * containers that have no name of their own.
     */
    List<String> volumes(Project project, List<Container> containers) {
        Set<String> names = new TreeSet<>();
        for (String line : commands.mustLook(List.of("docker", "volume", "ls", "--format", VOLUME))
                .out()) {
            String[] fields = line.strip().split("\\|", -1);
            if (fields.length == 2
                    && (fields[1].equals(project.name()) || project.volumes().contains(fields[0]))) {
                names.add(fields[0]);
            }
        }
        // Those without a name of their own are called by 64 hexadecimal digits.
        containers.forEach(
                c -> c.volumes().stream().filter(v -> v.matches("[0-9a-f]{64}")).forEach(names::add));
        return List.copyOf(names);
    }
}
