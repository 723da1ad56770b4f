package io.github.divio4j.upgrade.local;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A step of a local upgrade. It says what it does, to whom, and by which commands. */
public sealed interface LocalStep {

    /** The kinds of steps, in their order. New ones may be added. */
    enum Kind {
        /** The version in compose files and {@code .env}. */
        UPDATE_COMPOSE_FILE,
        /** A dump of the environment's database, fetched and checked. Only without Divio's own tool. */
        FETCH_DUMP,
        /** All containers and volumes removed. */
        COMPOSE_DOWN,
        /** The environment's database in place of the local one. */
        PULL_DATABASE,
        /** Everything started. */
        COMPOSE_UP
    }

    /** The kind of this step. */
    Kind kind();

    /** The commands that it runs, each as program and arguments. Empty if it runs none. */
    List<List<String>> commands();

    /** What it does, for people. */
    String description();

    /** Writes the new version into files. */
    record UpdateComposeFile(Set<Path> files) implements LocalStep {
        /** Copies the files. */
        public UpdateComposeFile {
            files = Set.copyOf(files);
        }

        @Override
        public Kind kind() {
            return Kind.UPDATE_COMPOSE_FILE;
        }

        @Override
        public List<List<String>> commands() {
            return List.of();
        }

        @Override
        public String description() {
            return "change " + files.stream().map(Path::toString).sorted().collect(Collectors.joining(", "));
        }
    }

    /**
     * Fetches a dump and reads it through with the new version's {@code pg_restore}, while the local database is as it was.
     *
     * @param environment the slug of the environment
     * @param prefix the prefix of the database
     * @param file where the dump is put
     */
    record FetchDump(String environment, String prefix, Path file, List<List<String>> commands) implements LocalStep {
        /** Copies the commands. */
        public FetchDump {
            commands = List.copyOf(commands);
        }

        @Override
        public Kind kind() {
            return Kind.FETCH_DUMP;
        }

        @Override
        public String description() {
            return "back up " + prefix + " of " + environment + ", download it to " + file + " and check it";
        }
    }

    /**
     * Removes all containers of the project and their volumes, with everything in them.
     *
     * @param volumes the names of the volumes
     */
    record ComposeDown(List<String> volumes, List<List<String>> commands) implements LocalStep {
        /** Copies the lists. */
        public ComposeDown {
            volumes = List.copyOf(volumes);
            commands = List.copyOf(commands);
        }

        @Override
        public Kind kind() {
            return Kind.COMPOSE_DOWN;
        }

        @Override
        public String description() {
            return "remove all containers"
                    + (volumes.isEmpty()
                            ? ""
                            : " and the volumes " + String.join(", ", volumes) + " with everything in them");
        }
    }

    /**
     * Puts the environment's database in place of the local one.
     *
     * @param environment the slug of the environment
     * @param prefix the prefix of the database
     * @param service the service that it runs in
     */
    record PullDatabase(String environment, String prefix, String service, List<List<String>> commands)
            implements LocalStep {
        /** Copies the commands. */
        public PullDatabase {
            commands = List.copyOf(commands);
        }

        @Override
        public Kind kind() {
            return Kind.PULL_DATABASE;
        }

        @Override
        public String description() {
            return "put " + prefix + " of " + environment + " in place of the database in " + service;
        }
    }

    /** Starts everything. */
    record ComposeUp(List<List<String>> commands) implements LocalStep {
        /** Copies the commands. */
        public ComposeUp {
            commands = List.copyOf(commands);
        }

        @Override
        public Kind kind() {
            return Kind.COMPOSE_UP;
        }

        @Override
        public String description() {
            return "start all containers";
        }
    }
}
