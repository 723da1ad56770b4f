package io.github.divio4j.upgrade.local;

import static java.util.Objects.requireNonNull;

import io.github.divio4j.upgrade.PostgresVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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

    /** What was seen of a project. */
    private record Seen(
            ComposeFile compose,
            ComposeChange change,
            String service,
            DockerCompose docker,
            DockerCompose.Project project,
            List<DockerCompose.Container> containers,
            List<String> volumes,
            LocalDatabase database) {

        List<DockerCompose.Container> own() {
            return containers.stream().filter(c -> c.service().equals(service)).toList();
        }

        boolean running() {
            return own().stream().anyMatch(DockerCompose.Container::running);
        }
    }

    private Commands commands(ComposeFile compose) {
        Object one = new Object();
        return new Commands(compose.folder(), environment, deadline, line -> {
            synchronized (one) {
                listener.output(line);
            }
        });
    }

    private Seen look() {
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
        return new Seen(
                compose, change, service, docker, project, containers, docker.volumes(project, containers), database);
    }

    /** The service that holds the database of the prefix: as Divio's own tool finds it, or the only one that was chosen. */
    private String serviceToPull(Set<String> chosen) {
        String ofPrefix = divioName();
        if (chosen.contains(ofPrefix)) {
            return ofPrefix;
        }
        if (chosen.contains("db")) {
            return "db";
        }
        if (chosen.size() == 1) {
            return chosen.iterator().next();
        }
        throw new LocalUpgradeException("None of the services " + String.join(", ", chosen) + " is called " + ofPrefix
                + " or db, so which of them is " + spec.prefix() + " is not known. Choose one.");
    }

    private String divioName() {
        return "database_" + spec.prefix().toLowerCase(Locale.ROOT);
    }

    /**
     * Looks, and plans what is missing. Changes nothing; the programs that it runs only look.
     *
     * @throws LocalUpgradeException if the files or the project cannot be understood, or Docker Compose is missing
     */
    public LocalPlan plan() {
        return plan(look());
    }

    private LocalPlan plan(Seen seen) {
        List<LocalStep> steps = new ArrayList<>();
        boolean change = !seen.change().isEmpty();
        if (change) {
            steps.add(new LocalStep.UpdateComposeFile(seen.change().files()));
        }
        boolean down = needsDown(seen, change);
        boolean pull = !emptyRemote && !pulled && (down || needsPull(seen, change));
        List<String> command = seen.docker().command("down", "-v");
        if (pull && source != null && dump == null) {
            steps.add(new LocalStep.FetchDump(
                    spec.environment(),
                    spec.prefix(),
                    dumpFile(seen),
                    List.of(seen.database().checkCommand())));
        }
        if (down) {
            steps.add(new LocalStep.ComposeDown(seen.volumes(), List.of(command)));
        }
        if (pull) {
            steps.add(
                    new LocalStep.PullDatabase(spec.environment(), spec.prefix(), seen.service(), pullCommands(seen)));
        }
        if (down || pull || !allThere(seen)) {
            steps.add(new LocalStep.ComposeUp(List.of(seen.docker().command("up", "-d"))));
        }
        List<Notice> notices = new ArrayList<>(seen.change().notices());
        notices.addAll(OlderVersions.find(seen.compose().folder(), spec.postgresVersion()));
        if (down) {
            notices.addAll(notPulled(seen));
        }
        List<String> blockers = blockers(seen, change, down, pull);
        return new LocalPlan(
                spec.postgresVersion(), blockers.isEmpty() ? steps : List.of(), blockers, notices, seen.change());
    }

    /** The other databases of the project, which go with all volumes. */
    private static List<Notice> notPulled(Seen seen) {
        return seen.compose().postgresServices().stream()
                .filter(other -> !other.name().equals(seen.service()))
                .map(
                        other -> new Notice(
                                Notice.Kind.NOT_PULLED,
                                other.file(),
                                other.line(),
                                other.name()
                                        + ": what it keeps in a volume is removed and not pulled. Pull it afterwards, by its prefix."))
                .toList();
    }

    /** Whether something of the old version is there: its container, its volume, or files that the new server refuses. */
    private boolean needsDown(Seen seen, boolean change) {
        if (seen.own().isEmpty()) {
            // If the files name the new version already, it is started, and tells what it finds.
            return change && !seen.volumes().isEmpty();
        }
        String image = seen.project().image(seen.service());
        boolean otherImage = !image.isEmpty() && seen.own().stream().anyMatch(c -> !sameImage(c.image(), image));
        if (change || otherImage) {
            return true;
        }
        if (!seen.running() || !seen.database().ready()) {
            return seen.database().foundOtherFiles();
        }
        PostgresVersion version = seen.database().version();
        return version != null && version.compareTo(spec.postgresVersion()) < 0;
    }

    private static boolean sameImage(String one, String other) {
        // An image that was built meanwhile anew leaves its container with an id.
        return one.equals(other) || one.startsWith("sha256:");
    }

    private boolean needsPull(Seen seen, boolean change) {
        if (Files.exists(unfinished(seen.compose()))) {
            return true;
        }
        if (seen.own().isEmpty()) {
            return seen.volumes().isEmpty();
        }
        // One that does not run is started first, and then looked into.
        return !change && seen.running() && !seen.database().holdsTables();
    }

    private static boolean allThere(Seen seen) {
        Set<String> there = new TreeSet<>();
        seen.containers().forEach(c -> there.add(c.service()));
        return there.containsAll(seen.project().services().keySet()) && seen.running();
    }

    /** Stands in the project while Divio's own tool works: it drops the local database before it restores. */
    private static Path unfinished(ComposeFile compose) {
        return compose.folder().resolve(".divio").resolve("divio4j-pull-unfinished");
    }

    private Path dumpFile(Seen seen) {
        return seen.compose().folder().resolve(".divio").resolve("divio4j-pull.dump");
    }

    private List<List<String>> pullCommands(Seen seen) {
        return source == null
                ? List.of(List.of("divio", "app", "pull", "db", spec.environment(), spec.prefix()))
                : seen.database().replaceCommands();
    }

    private List<String> blockers(Seen seen, boolean change, boolean down, boolean pull) {
        List<String> blockers = new ArrayList<>();
        seen.change().notices().stream()
                .filter(notice -> notice.kind().blocking())
                .forEach(notice -> blockers.add(notice.toString()));
        String image = seen.project().image(seen.service());
        if (!change && blockers.isEmpty() && isOlder(image)) {
            blockers.add("Docker Compose takes " + image + " for " + seen.service()
                    + ", though the files say PostgreSQL " + spec.version()
                    + ": a variable of the shell is stronger than they are. Change or unset it.");
        }
        if (!seen.project().services().containsKey(seen.service())) {
            blockers.add("Docker Compose leaves out " + seen.service()
                    + ": its profile is not active. Name the profile in the variable COMPOSE_PROFILES.");
        }
        if (down && !spec.allowVolumeRemoval()) {
            String what = seen.volumes().isEmpty()
                    ? "all containers"
                    : "all containers and the volumes " + String.join(", ", seen.volumes());
            blockers.add("\"" + Commands.shown(seen.docker().command("down", "-v")) + "\" would remove " + what
                    + " with everything in them. Allow it, if nothing of that is needed.");
        }
        if (emptyRemote && (down || needsPull(seen, change))) {
            blockers.add("The database " + spec.prefix() + " of " + spec.environment()
                    + " is empty: there is nothing to pull, and the local database and the volumes were left as they are. "
                    + "Choose another environment.");
        }
        if (pull && source == null) {
            officialTool(seen, blockers);
        }
        return blockers;
    }

    private boolean isOlder(String image) {
        ImageName name = ImageName.parse(image);
        ImageFamily family = name.family();
        ImageFamily.Found found = family == null ? null : family.find(name.tag());
        PostgresVersion version = found == null ? null : ImageFamily.major(found.version());
        return version != null && version.compareTo(spec.postgresVersion()) < 0;
    }

    /** What Divio's own tool would stumble over when the volumes are gone already, or would put elsewhere. */
    private void officialTool(Seen seen, List<String> blockers) {
        if (!commands(seen.compose()).has("divio")) {
            blockers.add(
                    "There is no program \"divio\" on the PATH, Divio's own tool. Install it (pip install divio-cli), or "
                            + "let divio4j pull the database itself (a DumpSource).");
        }
        Path file = seen.compose().paths().get(0);
        if (!file.endsWith("docker-compose.yml")) {
            blockers.add("Divio's own tool reads docker-compose.yml only, not " + file
                    + ". Let divio4j pull the database itself (a DumpSource).");
        }
        if (!seen.service().equals(divioName()) && !seen.service().equals("db")) {
            blockers.add("Divio's own tool looks for a service " + divioName() + " or db, not " + seen.service()
                    + ". Let divio4j pull the database itself (a DumpSource), or rename the service.");
        }
        if (!seen.database().user().equals("postgres")
                || !seen.database().name().equals("db")) {
            blockers.add(
                    "Divio's own tool pulls into the database db as postgres, and " + seen.service() + " has "
                            + seen.database().name() + " of " + seen.database().user()
                            + ". Let divio4j pull the database itself (a DumpSource), or change POSTGRES_DB and POSTGRES_USER.");
        }
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
            Seen seen = look();
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

    private void execute(LocalStep step, Seen seen) {
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

    private void fetch(Seen seen) {
        Path file = dumpFile(seen);
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

    private void pull(LocalStep step, Seen seen) {
        Path mark = unfinished(seen.compose());
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
