package io.github.divio4j.upgrade.divio;

import static java.util.Objects.requireNonNull;

import io.github.divio4j.client.DivioClient;
import io.github.divio4j.client.error.DivioException;
import io.github.divio4j.client.model.Deployment;
import io.github.divio4j.client.model.EnvironmentVariable;
import io.github.divio4j.client.model.ServiceInstance;
import io.github.divio4j.client.model.ServiceInstanceStatus;
import io.github.divio4j.client.model.ServiceType;
import io.github.divio4j.client.model.SshEndpoint;
import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.postgres.AccessException;
import io.github.divio4j.upgrade.postgres.DatabaseAddress;
import io.github.divio4j.upgrade.postgres.DatabaseAddresses;
import io.github.divio4j.upgrade.ssh.SshAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the databases of environments are, by the variables {@code PREFIX_DATABASE_DSN} of those. Safe for use by several threads. It does
 * not close the client.
 *
 * <p>Looked for are the variable under the instance's prefix among those of the environment, which no source shows to list generated
 * ones, and then those that successful deployments ran with. The latter show an instance that the application uses, or once used, under
 * the prefix that it had then; a target they do not show before it was deployed. Where the platform lists no generated variables, {@code
 * UpgradeSpec.provisioning(BY_DEPLOYMENT)} deploys it before it is filled. What they leave open is not guessed.
 *
 * <p>What was found for an instance is kept for as long as this object: a new prefix is a new name for the same database. Two instances
 * never have the same database.
 */
public final class DivioDatabases implements DatabaseAddresses {

    private static final String VARIABLE = "_DATABASE_DSN";
    /** How many deployments are looked back. */
    private static final int HISTORY = 20;

    private static final String BY_HAND = "Give the address by a function of your own (DatabaseAddresses).";

    private final DivioClient divio;
    /** By environment: what is known by instance, which is also what is locked. */
    private final Map<String, Map<String, DatabaseAddress>> known = new ConcurrentHashMap<>();

    private DivioDatabases(DivioClient divio) {
        this.divio = requireNonNull(divio, "divio");
    }

    /** The databases of all environments that the client may see. */
    public static DivioDatabases of(DivioClient divio) {
        return new DivioDatabases(divio);
    }

    /** {@inheritDoc} Of the platform it is asked until it was found once. */
    @Override
    public DatabaseAddress address(EnvironmentRef environment, Observation.Instance instance) throws AccessException {
        Map<String, DatabaseAddress> here = known.computeIfAbsent(environment.id(), id -> new TreeMap<>());
        synchronized (here) {
            DatabaseAddress found = here.get(instance.id());
            if (found == null) {
                try {
                    found = find(environment, instance);
                } catch (DivioException e) {
                    throw unreadable("the variables of " + environment, e);
                }
                for (DatabaseAddress other : here.values()) {
                    if (isSame(other, found)) {
                        throw stale(environment, instance);
                    }
                }
                here.put(instance.id(), found);
            }
            return found;
        }
    }

    /**
     * The SSH endpoint of an environment, of which the platform is asked each time.
     *
     * @throws AccessException if it has none, or it cannot be told
     */
    public SshAddress sshEndpoint(EnvironmentRef environment) throws AccessException {
        SshEndpoint told;
        try {
            told = divio.environments().get(environment.id()).sshEndpoint();
        } catch (DivioException e) {
            throw unreadable("the SSH endpoint of " + environment, e);
        }
        if (told == null || told.user() == null) {
            throw new AccessException(
                    environment + " tells no SSH endpoint with a user",
                    "Deploy the environment, or give the endpoint by a function of your own (SshEndpoints).");
        }
        try {
            return new SshAddress(told.host(), told.port(), told.user());
        } catch (IllegalArgumentException e) {
            throw new AccessException(
                    environment + " tells an SSH endpoint that is none: " + e.getMessage(),
                    "Give the endpoint by a function of your own (SshEndpoints).",
                    e);
        }
    }

    private DatabaseAddress find(EnvironmentRef environment, Observation.Instance instance) throws AccessException {
        String name = name(instance.prefix());
        EnvironmentVariable listed = divio.environmentVariables()
                .list(environment.id(), name)
                .findFirst()
                .orElse(null);
        Map<String, String> deployed = deployed(environment);
        if (listed != null && listed.value() != null) {
            DatabaseAddress address = parse(environment, name, listed.value());
            if (!instance.status().visibleToApplication() && isAmong(address, deployed)) {
                throw stale(environment, instance);
            }
            return address;
        }
        String dsn = switch (instance.status()) {
            case ATTACHED, PENDING_DETACHMENT -> dsnNow(environment, instance, deployed);
            case DETACHED -> dsnBefore(environment, deployed);
            case NEW, PROVISIONING, PENDING_ATTACHMENT, REMOVED, UNKNOWN -> null;
        };
        if (dsn == null) {
            throw new AccessException(
                    name + " of " + environment + " cannot be read: the platform "
                            + (listed == null ? "does not list it" : "keeps its value to itself")
                            + ", and no deployment shows which database it is",
                    "Have it provisioned by deployment (UpgradeSpec.provisioning), or give the address by a function of your"
                            + " own (DatabaseAddresses).");
        }
        return parse(environment, name, dsn);
    }

    private static String name(String prefix) {
        return prefix + VARIABLE;
    }

    /** The addresses that the latest successful deployment ran with, by the names of their variables. */
    private Map<String, String> deployed(EnvironmentRef environment) {
        return successful(environment).findFirst().orElse(Map.of());
    }

    private Stream<Map<String, String>> successful(EnvironmentRef environment) {
        return divio.deployments().list(environment.id()).stream()
                .filter(Deployment::succeeded)
                .map(deployment -> {
                    Map<String, String> variables = new TreeMap<>(divio.deployments()
                            .environmentVariables(deployment.id())
                            .asMap());
                    variables.keySet().removeIf(name -> !name.endsWith(VARIABLE));
                    return variables;
                });
    }

    /**
     * Of an instance that the application uses: under the name that it had when it was deployed. A rename since then is seen by
     * what is left over: one name, and one instance.
     */
    private @Nullable String dsnNow(
            EnvironmentRef environment, Observation.Instance instance, Map<String, String> deployed) {
        Set<String> names = new TreeSet<>(deployed.keySet());
        Set<String> renamed = new TreeSet<>();
        for (ServiceInstance one : databases(environment)) {
            boolean used = one.status().equals(ServiceInstanceStatus.ATTACHED)
                    || one.status().equals(ServiceInstanceStatus.PENDING_DETACHMENT);
            if (used && !names.remove(name(one.prefix()))) {
                renamed.add(one.id());
            }
        }
        if (renamed.contains(instance.id())) {
            // What somebody has set is no instance's.
            divio.environmentVariables().list(environment.id()).forEach(set -> names.remove(set.name()));
            return names.size() == 1 && renamed.size() == 1
                    ? deployed.get(names.iterator().next())
                    : null;
        }
        return deployed.get(name(instance.prefix()));
    }

    /** Of the only instance that the application once used: what the latest deployments before had, and the last one has not. */
    private @Nullable String dsnBefore(EnvironmentRef environment, Map<String, String> deployed) {
        long once = databases(environment).stream()
                .filter(one -> one.status().equals(ServiceInstanceStatus.DETACHED))
                .count();
        if (once != 1) {
            return null;
        }
        return successful(environment)
                .skip(1)
                .limit(HISTORY)
                .map(then -> then.values().stream()
                        .filter(dsn -> !deployed.containsValue(dsn) && !isAmong(dsn, deployed))
                        .toList())
                .filter(others -> !others.isEmpty())
                .findFirst()
                .filter(others -> others.size() == 1)
                .map(others -> others.get(0))
                .orElse(null);
    }

    private List<ServiceInstance> databases(EnvironmentRef environment) {
        return divio.serviceInstances().list(environment.id()).stream()
                .filter(one -> one.type().equals(ServiceType.DATABASE))
                .toList();
    }

    private static DatabaseAddress parse(EnvironmentRef environment, String name, String dsn) throws AccessException {
        try {
            return DatabaseAddress.parse(dsn);
        } catch (IllegalArgumentException e) {
            throw new AccessException(
                    name + " of " + environment + " is " + e.getMessage(), "Correct the variable, or: " + BY_HAND, e);
        }
    }

    private static boolean isAmong(String dsn, Map<String, String> variables) {
        try {
            return isAmong(DatabaseAddress.parse(dsn), variables);
        } catch (IllegalArgumentException e) {
            // Of a database of another kind.
            return false;
        }
    }

    private static boolean isAmong(DatabaseAddress address, Map<String, String> variables) {
        return variables.values().stream().anyMatch(dsn -> {
            try {
                return isSame(DatabaseAddress.parse(dsn), address);
            } catch (IllegalArgumentException e) {
                // Of a database of another kind.
                return false;
            }
        });
    }

    private static boolean isSame(DatabaseAddress one, DatabaseAddress other) {
        return one.host().equals(other.host())
                && one.port() == other.port()
                && one.database().equals(other.database());
    }

    private static AccessException stale(EnvironmentRef environment, Observation.Instance instance) {
        return new AccessException(
                name(instance.prefix()) + " of " + environment
                        + " leads to the database of another instance, as before a" + " rename",
                BY_HAND);
    }

    private static AccessException unreadable(String what, DivioException e) {
        return new AccessException(
                "could not read " + what + ": " + e.getMessage(), "Try again once the platform answers.", e);
    }
}
