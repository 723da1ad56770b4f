package io.github.divio4j.upgrade;

import static java.util.stream.Collectors.joining;

import io.github.divio4j.upgrade.Blocker.Reason;
import io.github.divio4j.upgrade.Observation.Backup;
import io.github.divio4j.upgrade.Observation.Instance;
import io.github.divio4j.upgrade.Observation.Restore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds out which instance of an environment plays which role, and says what keeps it from knowing. */
final class RoleFinder {

    private final Observation seen;
    private final UpgradeSpec spec;
    private final ServiceVersions versions;
    private final Findings findings;
    /** The PostgreSQL instances that are older than the wished version. */
    private final List<Instance> older = new ArrayList<>(2);

    RoleFinder(Observation seen, UpgradeSpec spec, ServiceVersions versions, Findings findings) {
        this.seen = seen;
        this.spec = spec;
        this.versions = versions;
        this.findings = findings;
        for (Instance instance : seen.instances()) {
            PostgresVersion version = instance.isDatabase() ? versions.of(instance.serviceId()) : null;
            if (version != null && version.compareTo(spec.targetVersion()) < 0) {
                older.add(instance);
            }
        }
    }

    /** The catalogue entry to move to; null, with a blocker, if that is not clear. */
    @Nullable
    CatalogueService targetService() {
        String wished = spec.targetServiceId();
        if (wished == null) {
            return onlyServiceOfVersion();
        }
        CatalogueService found = versions.service(wished);
        if (found == null) {
            blockNotOffered("the service " + wished);
            return null;
        }
        PostgresVersion version = versions.of(wished);
        if (version != null && !version.equals(spec.targetVersion())) {
            findings.block(
                    Reason.TARGET_NOT_OFFERED,
                    "The service " + found.id() + " is \"" + found.name() + "\", not PostgreSQL " + spec.targetVersion()
                            + ".",
                    "Name a service of that version, or move to version " + version + ".");
            return null;
        }
        return found;
    }

    private @Nullable CatalogueService onlyServiceOfVersion() {
        List<CatalogueService> offered = versions.offering(spec.targetVersion());
        Predicate<CatalogueService> selector = spec.targetSelector();
        if (selector != null) {
            offered = offered.stream().filter(selector).toList();
        }
        if (offered.isEmpty()) {
            blockNotOffered("PostgreSQL " + spec.targetVersion());
            return null;
        }
        if (offered.size() > 1) {
            findings.block(
                    Reason.SEVERAL_TARGET_SERVICES,
                    "The catalogue of its region offers PostgreSQL " + spec.targetVersion() + " as " + names(offered)
                            + ".",
                    "Name the one to move to by its id (targetService), or select it (targetSelector).");
            return null;
        }
        return offered.get(0);
    }

    private void blockNotOffered(String wished) {
        findings.block(
                Reason.TARGET_NOT_OFFERED,
                "The catalogue of its region does not offer " + wished + "; it offers "
                        + names(seen.catalogue().stream()
                                .filter(versions::isPostgres)
                                .toList())
                        + ".",
                "Choose a version that is offered, or name the service by its id (targetService).");
    }

    private static String names(List<CatalogueService> services) {
        String names = services.stream()
                .map(s -> s.name() + " [" + s.id() + "]")
                .sorted()
                .collect(joining(", "));
        return names.isEmpty() ? "nothing" : names;
    }

    /** Blocks for every database that could be the source if only its version could be told. */
    void blockUnreadableServices() {
        for (Instance instance : seen.instances()) {
            if (!instance.isDatabase() || instance.serviceId().equals(spec.targetServiceId())) {
                continue;
            }
            CatalogueService service = versions.service(instance.serviceId());
            boolean foreign = service != null && !versions.isPostgres(service);
            boolean readable = versions.of(instance.serviceId()) != null;
            if (!foreign && !readable && !isExcludedBySourcePrefix(instance)) {
                findings.block(
                        Reason.UNKNOWN_VERSION,
                        "The database " + instance.prefix() + " is an instance of "
                                + (service == null
                                        ? "a service that the catalogue does not list"
                                        : "\"" + service.name() + "\"")
                                + ", so its version cannot be told.",
                        "If it is not the one to upgrade, name the one that is (sourcePrefix).");
            }
        }
    }

    private boolean isExcludedBySourcePrefix(Instance instance) {
        if (spec.sourceInstanceId() != null) {
            return !instance.id().equals(spec.sourceInstanceId())
                    && !instance.prefix().equals(spec.stagingPrefix());
        }
        return spec.sourcePrefix() != null
                && !instance.prefix().equals(spec.sourcePrefix())
                && !instance.prefix().equals(spec.stagingPrefix())
                && !instance.prefix().equals(spec.retiredPrefix());
    }

    /** Whether nothing older is left, and the application has the target service: an upgrade that is over, or was. */
    boolean noSourceLeft(CatalogueService target) {
        for (Instance instance : older) {
            if (isCandidate(instance) || instance.prefix().equals(spec.retiredPrefix())) {
                return false;
            }
        }
        return !inUse(target).isEmpty();
    }

    /** The instances of the target service that are there for the application, not for us. */
    List<Instance> inUse(CatalogueService target) {
        List<Instance> inUse = new ArrayList<>();
        for (Instance instance : seen.instances()) {
            boolean forTheApplication = spec.sourcePrefix() == null
                    ? !instance.prefix().equals(spec.stagingPrefix())
                    : instance.prefix().equals(spec.sourcePrefix());
            if (forTheApplication
                    && instance.isDatabase()
                    && instance.serviceId().equals(target.id())) {
                inUse.add(instance);
            }
        }
        return inUse;
    }

    /**
     * Whether the application may be running on it: it is the one that is named by its id or prefix, or else carries neither
     * of our own prefixes.
     */
    private boolean isCandidate(Instance instance) {
        if (spec.sourceInstanceId() != null) {
            return instance.id().equals(spec.sourceInstanceId())
                    && !instance.prefix().equals(spec.retiredPrefix());
        }
        return spec.sourcePrefix() == null
                ? !instance.prefix().equals(spec.stagingPrefix())
                        && !instance.prefix().equals(spec.retiredPrefix())
                : instance.prefix().equals(spec.sourcePrefix());
    }

    /** The instance to leave; null, with a blocker, if that is not clear. */
    @Nullable
    Instance source() {
        Instance found = null;
        Instance retired = null;
        for (Instance instance : older) {
            if (isCandidate(instance)) {
                if (found != null) {
                    blockSeveralSources();
                    return null;
                }
                found = instance;
            } else if (retired == null
                    && instance.prefix().equals(spec.retiredPrefix())
                    && (spec.sourceInstanceId() == null || instance.id().equals(spec.sourceInstanceId()))) {
                retired = instance;
            }
        }
        if (found == null && retired == null) {
            blockMissingSource();
        }
        return found == null ? retired : found;
    }

    private void blockSeveralSources() {
        findings.block(
                Reason.SEVERAL_SOURCES,
                "It has several databases older than PostgreSQL " + spec.targetVersion() + ": "
                        + findings.describe(
                                older.stream().filter(this::isCandidate).toList()) + ".",
                "Name the one to upgrade by its prefix (sourcePrefix) or id (sourceInstance); do the others one after the"
                        + " other.");
    }

    private void blockMissingSource() {
        List<Instance> all = seen.instances().stream()
                .filter(i -> i.isDatabase() && versions.of(i.serviceId()) != null)
                .toList();
        String prefix = spec.sourcePrefix() == null ? "" : " under the prefix " + spec.sourcePrefix();
        String where = spec.sourceInstanceId() == null ? prefix : " with the id " + spec.sourceInstanceId();
        Instance atStaging = olderAtStaging();
        if (atStaging != null) {
            findings.blockTaken(spec.stagingPrefix(), atStaging, "staging", "stagingPrefix");
        } else if (all.isEmpty() && !findings.has(Reason.UNKNOWN_VERSION)) {
            findings.block(
                    Reason.NO_POSTGRES,
                    "It has no PostgreSQL instance; it has " + findings.describeInstances() + ".",
                    "Leave it out, or add a PostgreSQL " + spec.targetVersion() + " instance yourself.");
        } else if (older.isEmpty() && !newer(all).isEmpty()) {
            findings.block(
                    Reason.DOWNGRADE,
                    findings.describe(newer(all)) + " is newer than PostgreSQL " + spec.targetVersion()
                            + "; moving back to an older version is not supported.",
                    "Choose a version that is newer than what runs.");
        } else if (!all.isEmpty()) {
            findings.block(
                    Reason.NO_SOURCE,
                    "It has no PostgreSQL older than " + spec.targetVersion() + where
                            + " that could be the source; it has " + findings.describeInstances() + ".",
                    "Name the source by its prefix (sourcePrefix), or choose other staging and retired prefixes.");
        }
    }

    /** An older PostgreSQL under the staging prefix: no source, and still there. Null if there is none. */
    @Nullable
    Instance olderAtStaging() {
        for (Instance instance : older) {
            if (instance.prefix().equals(spec.stagingPrefix())) {
                return instance;
            }
        }
        return null;
    }

    private List<Instance> newer(List<Instance> instances) {
        return instances.stream()
                .filter(i -> {
                    PostgresVersion version = versions.of(i.serviceId());
                    return version != null && version.compareTo(spec.targetVersion()) > 0;
                })
                .toList();
    }

    /**
     * The prefix that the application knows. As long as the source carries it, it is plain; after the first rename it is
     * told by the wish, by the note of the backup, or by the target that took it over. Null, with a blocker, if nothing
     * tells.
     */
    @Nullable
    String originalPrefix(Instance source) {
        if (!source.prefix().equals(spec.retiredPrefix())) {
            return source.prefix();
        }
        if (spec.sourcePrefix() != null) {
            return spec.sourcePrefix();
        }
        String noted = notedPrefix(source);
        if (noted != null) {
            return noted;
        }
        Set<String> taken = new TreeSet<>();
        for (Instance instance : seen.instances()) {
            if (isTarget(instance) && !instance.prefix().equals(spec.stagingPrefix())) {
                taken.add(instance.prefix());
            }
        }
        if (taken.size() == 1) {
            return taken.iterator().next();
        }
        blockUnknownPrefix(source);
        return null;
    }

    void blockUnknownPrefix(Instance source) {
        findings.block(
                Reason.ORIGINAL_PREFIX_UNKNOWN,
                "The only database older than PostgreSQL " + spec.targetVersion() + " is " + findings.describe(source)
                        + ", under the retired prefix, and nothing tells which prefix it had before.",
                "Name that prefix (sourcePrefix); or, if " + spec.retiredPrefix()
                        + " is its own prefix, choose another retired prefix.");
    }

    /** Whether the original prefix of the source will be known after its rename, whatever becomes of the target. */
    boolean isPrefixNoted(Instance source) {
        return spec.sourcePrefix() != null || notedPrefix(source) != null;
    }

    /**
     * What the newest restore of its data tells, or else its newest backup: somebody may have renamed the source between two
     * of them.
     */
    private @Nullable String notedPrefix(Instance source) {
        Set<String> backups = new HashSet<>();
        String prefix = null;
        for (Backup backup : seen.backups()) {
            if (backup.note().instanceId().equals(source.id())) {
                prefix = backup.note().step().originalPrefix();
                backups.add(backup.id());
            }
        }
        for (Restore restore : seen.restores()) {
            if (backups.contains(restore.backupId())) {
                prefix = restore.note().step().originalPrefix();
            }
        }
        return prefix;
    }

    /** Whether an instance can be the target, by what it is an instance of. */
    boolean isTarget(Instance instance) {
        return instance.isDatabase()
                && (spec.targetServiceId() == null
                        ? spec.targetVersion().equals(versions.of(instance.serviceId()))
                        : instance.serviceId().equals(spec.targetServiceId()));
    }
}
