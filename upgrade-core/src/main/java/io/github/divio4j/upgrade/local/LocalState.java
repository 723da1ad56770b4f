package io.github.divio4j.upgrade.local;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What was seen of a project.
 *
 * @param service the service whose database is pulled
 * @param volumes those that {@code down -v} would remove
 * @param officialTool whether there is a program {@code divio}
 */
record LocalState(
        ComposeFile compose,
        ComposeChange change,
        String service,
        DockerCompose docker,
        DockerCompose.Project project,
        List<DockerCompose.Container> containers,
        List<String> volumes,
        LocalDatabase database,
        boolean officialTool) {

    List<DockerCompose.Container> own() {
        return containers.stream().filter(c -> c.service().equals(service)).toList();
    }

    boolean running() {
        return own().stream().anyMatch(DockerCompose.Container::running);
    }

    /** Holds the dump while it is needed. */
    Path dumpFile() {
        return compose.folder().resolve(".divio").resolve("divio4j-pull.dump");
    }

    /** Stands in the project while the database is pulled: Divio's own tool drops the local one before it restores. */
    Path unfinished() {
        return compose.folder().resolve(".divio").resolve("divio4j-pull-unfinished");
    }

    /** The service that Divio's own tool looks for. */
    static String divioName(LocalSpec spec) {
        return "database_" + spec.prefix().toLowerCase(Locale.ROOT);
    }
}
