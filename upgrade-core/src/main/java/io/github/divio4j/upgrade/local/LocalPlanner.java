package io.github.divio4j.upgrade.local;

import io.github.divio4j.upgrade.PostgresVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Works out which steps are missing, and what is in the way. What it asks the database only looks.
 *
 * @param ownPull whether divio4j pulls the database itself
 * @param dumpChecked whether a dump is there and was read through
 * @param emptyRemote whether the environment's database was seen to be empty
 * @param pulled whether it was pulled: what was empty there may be empty here
 */
record LocalPlanner(
        LocalSpec spec, LocalState seen, boolean ownPull, boolean dumpChecked, boolean emptyRemote, boolean pulled) {

    LocalPlan plan() {
        List<LocalStep> steps = new ArrayList<>();
        boolean change = !seen.change().isEmpty();
        if (change) {
            steps.add(new LocalStep.UpdateComposeFile(seen.change().files()));
        }
        boolean down = needsDown(change);
        boolean pull = !emptyRemote && !pulled && (down || needsPull(change));
        List<String> command = seen.docker().command("down", "-v");
        if (pull && ownPull && !dumpChecked) {
            steps.add(new LocalStep.FetchDump(
                    spec.environment(),
                    spec.prefix(),
                    seen.dumpFile(),
                    List.of(seen.database().checkCommand())));
        }
        if (down) {
            steps.add(new LocalStep.ComposeDown(seen.volumes(), List.of(command)));
        }
        if (pull) {
            steps.add(new LocalStep.PullDatabase(spec.environment(), spec.prefix(), seen.service(), pullCommands()));
        }
        if (down || pull || !allThere()) {
            steps.add(new LocalStep.ComposeUp(List.of(seen.docker().command("up", "-d"))));
        }
        List<Notice> notices = new ArrayList<>(seen.change().notices());
        notices.addAll(OlderVersions.find(seen.compose().folder(), spec.postgresVersion()));
        if (down) {
            notices.addAll(notPulled());
        }
        List<String> blockers = blockers(change, down, pull);
        return new LocalPlan(
                spec.postgresVersion(), blockers.isEmpty() ? steps : List.of(), blockers, notices, seen.change());
    }

    /** The other databases of the project, which go with all volumes. */
    private List<Notice> notPulled() {
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
    private boolean needsDown(boolean change) {
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

    private boolean needsPull(boolean change) {
        if (Files.exists(seen.unfinished())) {
            return true;
        }
        if (seen.own().isEmpty()) {
            return seen.volumes().isEmpty();
        }
        // One that does not run is started first, and then looked into.
        return !change && seen.running() && !seen.database().holdsTables();
    }

    private boolean allThere() {
        Set<String> there = new TreeSet<>();
        seen.containers().forEach(c -> there.add(c.service()));
        return there.containsAll(seen.project().services().keySet()) && seen.running();
    }

    private List<List<String>> pullCommands() {
        return !ownPull
                ? List.of(List.of("divio", "app", "pull", "db", spec.environment(), spec.prefix()))
                : seen.database().replaceCommands();
    }

    private List<String> blockers(boolean change, boolean down, boolean pull) {
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
        if (emptyRemote && (down || needsPull(change))) {
            blockers.add("The database " + spec.prefix() + " of " + spec.environment()
                    + " is empty: there is nothing to pull, and the local database and the volumes were left as they are. "
                    + "Choose another environment.");
        }
        if (pull && !ownPull) {
            officialTool(blockers);
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
    private void officialTool(List<String> blockers) {
        if (!seen.officialTool()) {
            blockers.add(
                    "There is no program \"divio\" on the PATH, Divio's own tool. Install it (pip install divio-cli), or "
                            + "let divio4j pull the database itself (a DumpSource).");
        }
        Path file = seen.compose().paths().get(0);
        if (!file.endsWith("docker-compose.yml")) {
            blockers.add("Divio's own tool reads docker-compose.yml only, not " + file
                    + ". Let divio4j pull the database itself (a DumpSource).");
        }
        if (!seen.service().equals(LocalState.divioName(spec))
                && !seen.service().equals("db")) {
            blockers.add("Divio's own tool looks for a service " + LocalState.divioName(spec) + " or db, not "
                    + seen.service() + ". Let divio4j pull the database itself (a DumpSource), or rename the service.");
        }
        if (!seen.database().user().equals("postgres")
                || !seen.database().name().equals("db")) {
            blockers.add(
                    "Divio's own tool pulls into the database db as postgres, and " + seen.service() + " has "
                            + seen.database().name() + " of " + seen.database().user()
                            + ". Let divio4j pull the database itself (a DumpSource), or change POSTGRES_DB and POSTGRES_USER.");
        }
    }
}
