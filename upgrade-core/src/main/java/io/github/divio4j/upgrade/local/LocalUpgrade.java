package io.github.divio4j.upgrade.local;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The local half of an upgrade: it looks at a project's files, containers and volumes, plans what is missing, and does it. For use
 * by one thread.
 *
 * <p>The database is pulled by Divio's own tool ({@code divio app pull db}), or by divio4j from a {@link DumpSource}. Then a dump is
 * fetched and read through before anything is removed.
 */
public final class LocalUpgrade {

    private static final Duration READY_WITHIN = Duration.ofMinutes(2);

    private final Function<Map<String, String>, ComposeFile> files;
    private final LocalSpec spec;
    private final @Nullable DumpSource source;
    private final LocalListener listener;
    private final Duration deadline;
    private final Map<String, String> environment;

    /** The dump that this object has fetched and checked; a plan made by another one begins with a new dump. */
    private @Nullable Path dump;

    /** Set once the environment's database was seen to be empty. */
    private boolean emptyRemote;

    /** Set once it was pulled: what was empty there may be empty here. */
    private boolean pulled;

    private LocalUpgrade(Builder builder) {
        this.files = builder.files;
        this.spec = builder.spec;
        this.source = builder.source;
        this.listener = builder.listener;
        this.deadline = builder.deadline;
        this.environment = Map.copyOf(builder.environment);
    }

    /**
     * Starts the settings for a project.
     *
     * @param folder the folder with its compose files, which Docker Compose finds by itself; see {@link ComposeFile#find}
     */
    public static Builder builder(Path folder, LocalSpec spec) {
        return new Builder(variables -> ComposeFile.find(folder, variables), spec);
    }

    /** Starts the settings for a project whose compose files have other names; see {@link ComposeFile#read}. */
    public static Builder builder(LocalSpec spec, Path file, Path... overrides) {
        Path[] others = overrides.clone();
        return new Builder(variables -> ComposeFile.read(file, others), spec);
    }

    private Commands commands(ComposeFile compose) {
        Object one = new Object();
        return new Commands(compose.folder(), environment, deadline, line -> {
            synchronized (one) {
                listener.output(line);
            }
        });
    }

    private LocalState look() {
        ComposeFile compose = files.apply(environment);
        ComposeChange change = compose.change(spec);
        String service = serviceToPull(compose.chosen(spec));
        Commands commands = commands(compose);
        DockerCompose docker = DockerCompose.find(commands, compose);
        DockerCompose.Project project = docker.project();
        List<DockerCompose.Container> containers = docker.containers();
        DockerCompose.Service running = project.services().get(service);
        LocalDatabase database = new LocalDatabase(
                commands,
                docker,
                service,
                running == null ? Map.of() : running.environment(),
                READY_WITHIN,
                pause -> Thread.sleep(pause.toMillis()));
        return new LocalState(
                compose,
                change,
                service,
                docker,
                project,
                containers,
                docker.volumes(project, containers),
                database,
                commands.has("divio"));
    }

    /**
     * The service that holds the database of the prefix: as Divio's own tool finds it, or the only one that was chosen, unless it is
     * called by another prefix.
     */
    private String serviceToPull(Set<String> chosen) {
        String ofPrefix = LocalState.divioName(spec);
        if (chosen.contains(ofPrefix)) {
            return ofPrefix;
        }
        if (chosen.contains("db")) {
            return "db";
        }
        String only = chosen.iterator().next();
        boolean ofAnother = only.startsWith("database_");
        if (chosen.size() == 1 && !ofAnother) {
            return only;
        }
        throw new LocalUpgradeException("None of the services " + String.join(", ", chosen) + " is called " + ofPrefix
                + " or db, so which of them is " + spec.prefix() + " is not known. Choose one.");
    }

    /**
     * Looks, and plans what is missing. Changes nothing; the programs that it runs only look.
     *
     * @throws LocalUpgradeException if the files or the project cannot be understood, or Docker Compose is missing
     */
    public LocalPlan plan() {
        return plan(look());
    }

    private LocalPlan plan(LocalState seen) {
        return new LocalPlanner(spec, seen, source != null, dump != null, emptyRemote, pulled).plan();
    }

    /**
     * Does what is missing: looks, does the first missing step, looks again. It can be run again after any failure or crash.
     *
     * @return what was done, and what is left: nothing, or what blocks it
     * @throws LocalUpgradeException if a step fails; the message says what is true now. The steps before it stay done
     */
    public LocalReport run() {
        List<LocalStep> done = new ArrayList<>();
        Set<LocalStep.Kind> kinds = EnumSet.noneOf(LocalStep.Kind.class);
        while (true) {
            LocalState seen = look();
            LocalPlan plan = plan(seen);
            if (plan.steps().isEmpty()) {
                return new LocalReport(done, plan);
            }
            LocalStep step = plan.steps().get(0);
            if (!kinds.add(step.kind())) {
                throw new LocalUpgradeException("This was done and is not true afterwards: " + step.description()
                        + ". Look into it with " + Commands.shown(seen.docker().command("ps", "-a")) + ".");
            }
            listener.started(step);
            execute(step, seen);
            listener.ended(step);
            done.add(step);
            if (step.kind() == LocalStep.Kind.PULL_DATABASE) {
                // A container that had to be started before it could be looked into is no reason not to start the
                // others.
                kinds.remove(LocalStep.Kind.COMPOSE_UP);
            }
        }
    }

    private void execute(LocalStep step, LocalState seen) {
        switch (step.kind()) {
            case UPDATE_COMPOSE_FILE -> seen.change().write();
            case FETCH_DUMP -> fetch(seen);
            case PULL_DATABASE -> pull(step, seen);
            case COMPOSE_DOWN, COMPOSE_UP -> {
                for (List<String> command : step.commands()) {
                    commands(seen.compose()).must(command, null);
                }
            }
        }
    }

    private void fetch(LocalState seen) {
        Path file = seen.dumpFile();
        try {
            Files.createDirectories(ComposeModel.folderOf(file));
            Files.deleteIfExists(file);
            emptyRemote = !requireNonNull(source, "source").fetch(spec.environment(), spec.prefix(), file);
        } catch (IOException e) {
            throw new LocalUpgradeException(
                    "The dump of " + spec.prefix() + " of " + spec.environment()
                            + " could not be fetched to " + file + ", and the local database is as it was: "
                            + LocalUpgradeException.reason(e),
                    e);
        }
        if (emptyRemote) {
            return;
        }
        try {
            seen.database().check(file);
        } catch (LocalUpgradeException e) {
            delete(file);
            throw new LocalUpgradeException(
                    "The dump of " + spec.prefix() + " of " + spec.environment()
                            + " cannot be restored, and the local database is as it was: " + e.getMessage(),
                    e);
        }
        dump = file;
    }

    private void pull(LocalStep step, LocalState seen) {
        Path mark = seen.unfinished();
        try {
            Files.createDirectories(ComposeModel.folderOf(mark));
            Files.writeString(
                    mark, "The database is being pulled. If nobody does that any more, run the upgrade again.\n");
        } catch (IOException e) {
            throw new LocalUpgradeException(
                    mark + " cannot be written, and nothing was pulled: " + LocalUpgradeException.reason(e) + ".", e);
        }
        Path fetched = dump;
        if (fetched == null) {
            step.commands().forEach(command -> commands(seen.compose()).must(command, null));
        } else {
            seen.database().replace(fetched, listener::output);
            dump = null;
            delete(fetched);
        }
        pulled = true;
        delete(mark);
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new LocalUpgradeException(
                    file + " is not needed any more and cannot be deleted: " + LocalUpgradeException.reason(e) + ".",
                    e);
        }
    }

    /** Collects the settings of a {@link LocalUpgrade}. Not safe for use by several threads. */
    public static final class Builder {
        private final Function<Map<String, String>, ComposeFile> files;
        private final LocalSpec spec;
        private @Nullable DumpSource source;
        private LocalListener listener = new LocalListener() {};
        private Duration deadline = Duration.ofHours(1);
        private Map<String, String> environment = System.getenv();

        private Builder(Function<Map<String, String>, ComposeFile> files, LocalSpec spec) {
            this.files = files;
            this.spec = requireNonNull(spec, "spec");
        }

        /** Lets divio4j pull the database itself, with dumps from there. By default Divio's own tool does it. */
        public Builder dumpSource(DumpSource value) {
            this.source = requireNonNull(value, "value");
            return this;
        }

        /** Sets who is told what happens. Default: nobody. */
        public Builder listener(LocalListener value) {
            this.listener = requireNonNull(value, "value");
            return this;
        }

        /**
         * Sets the longest time of one command, after which it is stopped. Default one hour.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder deadline(Duration value) {
            if (value.isNegative() || value.isZero()) {
                throw new IllegalArgumentException("the deadline must be positive, not " + value);
            }
            this.deadline = value;
            return this;
        }

        /**
         * Sets all variables of the programs that are run; {@code PATH} says where they are looked for. Default: those of this
         * process.
         */
        public Builder environment(Map<String, String> variables) {
            this.environment = Map.copyOf(variables);
            return this;
        }

        /** Makes it. Looks at nothing yet. */
        public LocalUpgrade build() {
            return new LocalUpgrade(this);
        }
    }
}
