package io.github.divio4j.upgrade.local;

import io.github.divio4j.upgrade.PostgresVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * The database in the container of a service, by the client programs in that container, as its superuser. On Divio it is called
 * {@code db} and belongs to {@code postgres}, unless variables of the service say otherwise.
 */
final class LocalDatabase {

    private static final String NEW = "divio4j_new";
    private static final String OLD = "divio4j_old";
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][\\w-]{0,62}");
    private static final Pattern EXTENSION = Pattern.compile("^\\d+; \\d+ \\d+ EXTENSION - (\\S+)");

    /** Tables that people made, not those of extensions. */
    private static final String COUNT_TABLES = "SELECT count(*) FROM pg_class c WHERE relkind IN ('r', 'p')"
            + " AND relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema')"
            + " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')";

    private final Commands commands;
    private final DockerCompose docker;
    private final String service;
    private final String user;
    private final String name;
    private final Duration patience;
    private final Pause pause;

    /** Waits for a moment. */
    @FunctionalInterface
    interface Pause {
        void of(Duration duration) throws InterruptedException;
    }

    LocalDatabase(
            Commands commands,
            DockerCompose docker,
            String service,
            Map<String, String> variables,
            Duration patience,
            Pause pause) {
        this.commands = commands;
        this.docker = docker;
        this.service = service;
        this.user = named(service, variables, "POSTGRES_USER", "postgres");
        this.name = named(service, variables, "POSTGRES_DB", "db");
        this.patience = patience;
        this.pause = pause;
    }

    private static String named(String service, Map<String, String> variables, String variable, String otherwise) {
        String given = variables.getOrDefault(variable, "");
        if (given.isEmpty()) {
            return otherwise;
        }
        if (!NAME.matcher(given).matches()) {
            throw new LocalUpgradeException("The variable " + variable + " of " + service + " is \"" + given
                    + "\". Give it a name of letters, digits, \"_\" and \"-\".");
        }
        return given;
    }

    String user() {
        return user;
    }

    String name() {
        return name;
    }

    private List<String> inside(String program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program, "--username=" + user));
        command.addAll(List.of(arguments));
        return docker.inside(service, command);
    }

    private List<String> sql(String database, String... statements) {
        List<String> arguments = new ArrayList<>(List.of(
                "--dbname=" + database,
                "--no-psqlrc",
                "--quiet",
                "--tuples-only",
                "--no-align",
                "--set=ON_ERROR_STOP=1"));
        for (String statement : statements) {
            arguments.add("--command=" + statement);
        }
        return inside("psql", arguments.toArray(String[]::new));
    }

    /** The database to be in while others are renamed. */
    private String maintenance() {
        return name.equals("postgres") ? "template1" : "postgres";
    }

    /** The version of the server, or null if it does not answer. */
    @Nullable
    PostgresVersion version() {
        Commands.Result result = commands.look(sql(maintenance(), "SHOW server_version_num"));
        if (!result.succeeded() || !result.line().matches("\\d{5,6}")) {
            return null;
        }
        int number = Integer.parseInt(result.line());
        return number >= 100_000
                ? new PostgresVersion(number / 10_000, 0)
                : new PostgresVersion(number / 10_000, number / 100 % 100);
    }

    /**
     * Tells whether there is a database with anything in it, as soon as the server is ready.
     *
     * @throws LocalUpgradeException if that cannot be told: no answer is no reason to replace a database
     */
    boolean holdsTables() {
        waitUntilReady();
        String usable = "SELECT count(*) FROM pg_database WHERE datallowconn AND datname = '" + name + "'";
        return holds(maintenance(), usable) && holds(name, COUNT_TABLES);
    }

    private boolean holds(String database, String count) {
        return !commands.mustLook(sql(database, count)).line().equals("0");
    }

    boolean ready() {
        // By TCP: while the image makes its first database, a server for itself alone listens on the socket.
        return commands.look(inside("pg_isready", "--host=127.0.0.1")).succeeded();
    }

    /** Tells whether the server has said that the files it found are of another version. */
    boolean foundOtherFiles() {
        return commands.look(docker.command("logs", "--tail=50", service)).out().stream()
                .anyMatch(line -> line.contains("not compatible with this version")
                        || line.contains("in 18+, these Docker images are configured"));
    }

    /** The command that reads a dump through, in a container of its own. */
    List<String> checkCommand() {
        return docker.command(
                "run", "--rm", "--no-deps", "-T", "--entrypoint", "pg_restore", service, "--file=/dev/null");
    }

    /**
     * Reads a dump through.
     *
     * @throws LocalUpgradeException if it is none, or is not whole
     */
    void check(Path dump) {
        commands.must(checkCommand(), dump);
    }

    /** The commands of {@link #replace}, but for what depends on the dump. */
    List<List<String>> replaceCommands() {
        return List.of(
                docker.command("up", "-d", service),
                inside("dropdb", "--if-exists", NEW),
                inside("createdb", NEW),
                restore(),
                sql(maintenance(), "ALTER DATABASE \"" + NEW + "\" RENAME TO \"" + name + "\""));
    }

    private List<String> restore() {
        return inside(
                "pg_restore", "--dbname=" + NEW, "--schema=public", "--no-owner", "--no-privileges", "--exit-on-error");
    }

    /**
     * Restores a dump beside the database, and lets it take that one's place at once when it is complete. As Divio's own tool
     * does: only the schema {@code public}, without owners, and not past an error; extensions are made before.
     *
     * @param told takes what a person should know
     */
    void replace(Path dump, Consumer<String> told) {
        commands.must(docker.command("up", "-d", service), null);
        waitUntilReady();
        commands.must(inside("dropdb", "--if-exists", NEW), null);
        commands.must(inside("createdb", NEW), null);
        extensions(dump, told);
        commands.must(restore(), dump);
        swap();
    }

    private void waitUntilReady() {
        Duration step = Duration.ofMillis(500);
        for (Duration waited = Duration.ZERO; !ready(); waited = waited.plus(step)) {
            if (waited.compareTo(patience) >= 0) {
                throw new LocalUpgradeException("PostgreSQL in " + service + " was not ready within "
                        + patience.toSeconds() + " seconds. Look into its log: "
                        + Commands.shown(docker.command("logs", service)));
            }
            try {
                pause.of(step);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LocalUpgradeException("Waiting for " + service + " was interrupted. Run again to go on.", e);
            }
        }
    }

    private void extensions(Path dump, Consumer<String> told) {
        Set<String> wished = new LinkedHashSet<>(configuredExtensions());
        List<String> list = docker.inside(service, List.of("pg_restore", "--list"));
        for (String line : commands.mustLook(list, dump).out()) {
            Matcher extension = EXTENSION.matcher(line);
            if (extension.find()) {
                wished.add(extension.group(1));
            }
            if (line.matches("\\d+; \\d+ \\d+ SCHEMA - .*") && !line.contains(" SCHEMA - public ")) {
                told.accept("Only the schema public is restored, as by Divio's own tool; not here: " + line);
            }
        }
        Set<String> offered = Set.copyOf(commands.mustLook(sql(NEW, "SELECT name FROM pg_available_extensions"))
                .out());
        for (String extension : wished) {
            if (offered.contains(extension) && NAME.matcher(extension).matches()) {
                commands.must(sql(NEW, "CREATE EXTENSION IF NOT EXISTS \"" + extension + "\""), null);
            }
        }
    }

    /** The extensions that Divio's own tool makes: {@code db_extensions} of the project's settings, or the usual two. */
    private List<String> configuredExtensions() {
        Path settings = docker.folder().resolve(".divio").resolve("config.json");
        if (Files.isRegularFile(settings)
                && YamlFile.parse(TextFile.read(settings)).documents().stream()
                                .findFirst()
                                .orElse(null)
                        instanceof MappingNode root
                && YamlFile.value(root, "db_extensions") instanceof SequenceNode names) {
            return names.getValue().stream()
                    .map(node -> node instanceof ScalarNode s ? s.getValue() : "")
                    .toList();
        }
        return List.of("hstore", "postgis");
    }

    /** Both renames or none; nobody can connect in between. */
    private void swap() {
        commands.must(inside("dropdb", "--if-exists", OLD), null);
        boolean there = !commands.mustLook(
                        sql(maintenance(), "SELECT 1 FROM pg_database WHERE datname = '" + name + "'"))
                .out()
                .isEmpty();
        String rename = "ALTER DATABASE \"" + NEW + "\" RENAME TO \"" + name + "\"";
        if (!there) {
            commands.must(sql(maintenance(), rename), null);
            return;
        }
        try {
            commands.must(
                    sql(
                            maintenance(),
                            "ALTER DATABASE \"" + name + "\" ALLOW_CONNECTIONS false",
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'",
                            "BEGIN",
                            "ALTER DATABASE \"" + name + "\" RENAME TO \"" + OLD + "\"",
                            rename,
                            "COMMIT"),
                    null);
        } catch (LocalUpgradeException e) {
            commands.look(sql(maintenance(), "ALTER DATABASE \"" + name + "\" ALLOW_CONNECTIONS true"));
            throw e;
        }
        commands.must(inside("dropdb", "--if-exists", OLD), null);
    }
}
