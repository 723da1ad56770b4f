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
     * @param images the image of each service; empty for those that have none
     */
    record Project(String name, Map<String, String> images) {}

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
        Map<String, String> images = new TreeMap<>();
        for (Node document : config.documents()) {
            if (document instanceof MappingNode root) {
                name = text(YamlFile.value(root, "name"));
                images.putAll(images(YamlFile.value(root, "services")));
            }
        }
        return new Project(name.isEmpty() ? nameOfOldVersions() : name, images);
    }

    private static String text(@Nullable Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }

    private static Map<String, String> images(@Nullable Node services) {
        Map<String, String> images = new TreeMap<>();
        if (services instanceof MappingNode mapping) {
            for (NodeTuple entry : mapping.getValue()) {
                Node service = entry.getValueNode();
                String image = service instanceof MappingNode m ? text(YamlFile.value(m, "image")) : "";
                images.put(text(entry.getKeyNode()), image);
            }
        }
        return images;
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

    /** The volumes that {@code down -v} removes: the project's, and those of its containers that have no name of their own. */
    List<String> volumes(Project project, List<Container> containers) {
        Set<String> names = new TreeSet<>(commands.mustLook(List.of(
                        "docker", "volume", "ls", "-q", "--filter", "label=" + LABEL + "project=" + project.name()))
                .out());
        // Those without a name of their own are called by 64 hexadecimal digits.
        containers.forEach(
                c -> c.volumes().stream().filter(v -> v.matches("[0-9a-f]{64}")).forEach(names::add));
        names.removeIf(String::isBlank);
        return List.copyOf(names);
    }
}
