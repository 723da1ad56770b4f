package io.github.divio4j.examples.sandbox;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.jspecify.annotations.Nullable;

/**
 * A local Divio.
 *
 * <p>It starts with one application and its environments. In each of them a PostgreSQL service and an object storage are
 * attached under the prefix {@code DEFAULT} and deployed, and with {@link Databases#REAL} the database is filled with an
 * order book, which the deployed application reads and writes.
 *
 * <p>Several sandboxes can run in one JVM. All methods are safe for use by several threads. Closing one stops its servers
 * and removes its files; so does the end of the JVM, and what a killed JVM leaves is removed when the next sandbox starts.
 */
public final class Sandbox implements AutoCloseable {
    private final String token;
    private final Faults faults = new Faults();
    private final RequestLog requests = new RequestLog();
    private final World world;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final List<AutoCloseable> resources = new ArrayList<>();
    private final Thread shutdownHook = new Thread(this::closeResources, "sandbox-shutdown");

    private URI baseUrl = URI.create("http://127.0.0.1");
    private List<SandboxEnvironment> environments = List.of();
    private @Nullable SshGate gate;
    private @Nullable Application application;

    private Sandbox(String token, Clock clock) {
        this.token = token;
        this.world = new World(clock);
    }

    /** Returns a builder with the defaults that are documented at its methods. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns as many names for environments: {@code test}, {@code live}, and then {@code env-3} and so on. */
    public static List<String> environmentNames(int count) {
        List<String> names = new ArrayList<>(List.of("test", "live"));
        for (int number = 3; number <= count; number++) {
            names.add("env-" + number);
        }
        return List.copyOf(names.subList(0, count));
    }

    /** Returns where the API is, without a path: {@code http://127.0.0.1:8099}. */
    public URI baseUrl() {
        return baseUrl;
    }

    /** Returns the token that requests have to carry. */
    public String token() {
        return token;
    }

    /** Returns the id of the application that the sandbox was started with. */
    public String applicationId() {
        return application().id();
    }

    /** Returns the slug of the application that the sandbox was started with. */
    public String applicationSlug() {
        return application().slug();
    }

    /** Returns the id of the one organisation. */
    public String organisationId() {
        return world.account.organisationId();
    }

    /** Returns the id of the one region. */
    public String regionId() {
        return world.region.id();
    }

    /** Returns the environments that the sandbox was started with, in the order of the builder. */
    public List<SandboxEnvironment> environments() {
        return environments;
    }

    /** Returns the id of the environment with this slug. */
    public String environmentId(String slug) {
        return world.inside(() -> environment(slug).id);
    }

    /** Returns the id of the service in the catalogue, such as {@code PostgreSQL Database 15}. */
    public String serviceId(String name) {
        return world.inside(() -> service(world, name).id());
    }

    /** Returns all service instances of the application, in the order they were added. */
    public List<InstanceSnapshot> instances() {
        return world.inside(() -> world.instances.all().stream()
                .filter(instance -> instance.environment.application.equals(application))
                .map(ServiceInstance::snapshot)
                .toList());
    }

    /** Returns the service instances of one environment, in the order they were added. */
    public List<InstanceSnapshot> instances(String environmentSlug) {
        return instances().stream()
                .filter(instance -> instance.environment().equals(environmentSlug))
                .toList();
    }

    /** Returns the data source name of an instance; empty if nothing has been provisioned for it. */
    public Optional<String> dsn(String instanceId) {
        return world.inside(() -> world.instances
                .find(instanceId)
                .map(instance -> instance.binding)
                .map(Binding::dsn));
    }

    /** Returns what the users of the application in this environment have seen so far. */
    public OrderBookStatistics orderBook(String environmentSlug) {
        return orderBookOf(environmentSlug).statistics();
    }

    /** Sets how many orders a second are placed in this environment, and as many looked at; 0 is none. */
    public void writeRate(String environmentSlug, double perSecond) {
        orderBookOf(environmentSlug).rate(perSecond);
    }

    /**
     * Returns the fingerprint of the host key of the SSH endpoints, as {@code ssh-keygen -l} writes it; empty if there are none ({@link
     * Builder#sshKey}).
     */
    public Optional<String> sshHostKey() {
        return Optional.ofNullable(gate).map(SshGate::fingerprint);
    }

    PublicKey sshHostPublicKey() {
        return Objects.requireNonNull(gate).hostKey();
    }

    /** Ends all sessions with SSH endpoints. */
    void dropSshSessions() {
        Objects.requireNonNull(gate).dropSessions();
    }

    /** Returns what goes wrong in this sandbox. */
    public Faults faults() {
        return faults;
    }

    /** Returns the requests that were handled. */
    public RequestLog requests() {
        return requests;
    }

    /** Stops everything and removes all files. */
    @Override
    public void close() {
        if (closeResources()) {
            try {
                Runtime.getRuntime().removeShutdownHook(shutdownHook);
            } catch (IllegalStateException e) {
                // The JVM is ending: the hook has nothing left to do.
            }
        }
    }

    private boolean closeResources() {
        if (!closed.compareAndSet(false, true)) {
            return false;
        }
        synchronized (resources) {
            for (int i = resources.size() - 1; i >= 0; i--) {
                try {
                    resources.get(i).close();
                } catch (Exception e) {
                    System.getLogger(Sandbox.class.getName())
                            .log(System.Logger.Level.WARNING, "Could not stop a part of the sandbox", e);
                }
            }
        }
        return true;
    }

    private <T extends AutoCloseable> T own(T resource) {
        synchronized (resources) {
            if (!closed.get()) {
                resources.add(resource);
                return resource;
            }
        }
        try {
            resource.close();
        } catch (Exception e) {
            throw new SandboxException("The sandbox was stopped while it started.", e);
        }
        throw new SandboxException("The sandbox was stopped while it started.");
    }

    private Application application() {
        return Objects.requireNonNull(application);
    }

    private OrderBook orderBookOf(String slug) {
        return world.inside(() -> environment(slug).orderBook);
    }

    private Environment environment(String slug) {
        return world.environments.all().stream()
                .filter(environment -> environment.application.equals(application) && environment.slug.equals(slug))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no environment \"" + slug + "\""));
    }

    private static CatalogueService service(World world, String name) {
        return world.services.all().stream()
                .filter(service -> service.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new SandboxException("There is no service \"" + name + "\" in the catalogue; it has "
                        + String.join(
                                ", ",
                                world.services.all().stream()
                                        .map(CatalogueService::name)
                                        .toList())
                        + "."));
    }

    private void start(Builder builder) {
        Runtime.getRuntime().addShutdownHook(shutdownHook);
        try {
            Builder.Prepared prepared = builder.prepare();
            builder.check(prepared.versions());
            HttpServer bound = ApiServer.bind(builder.port);
            own(() -> bound.stop(0));
            baseUrl = ApiServer.baseUrl(bound);
            RunFolder folder = own(RunFolder.create(world.ids));
            Path dumps = folder.subfolder("dumps");
            Path uploads = folder.subfolder("uploads");
            Hosting hosting = own(prepared.hosting().apply(world.ids, folder));
            Operations operations = own(new Operations(faults, builder.durations(), builder.virtualTime));

            if (builder.databases == Databases.REAL && !builder.sshKeys.isEmpty()) {
                gate = own(new SshGate(world, builder.sshKeys));
            }

            Seed seed = new Seed(world, hosting, builder, prepared.versions());
            Environments allEnvironments = new Environments(world, slug -> own(seed.orderBook(slug)));
            ServiceInstances instances = new ServiceInstances(world, operations, hosting);
            Deployments deployments = new Deployments(world, operations, hosting);
            Backups backups = new Backups(world, operations, hosting, dumps);

            application = seed.plant(allEnvironments, instances);
            environments = world.environments.all().stream()
                    .map(environment -> new SandboxEnvironment(environment.id, environment.slug))
                    .toList();

            RouteTable routes = new RouteTable();
            new RootEndpoints(baseUrl).addTo(routes);
            new AccountEndpoints(world, baseUrl).addTo(routes);
            new ApplicationEndpoints(world, baseUrl, allEnvironments, operations).addTo(routes);
            new EnvironmentEndpoints(world, baseUrl, allEnvironments, instances, deployments, gate).addTo(routes);
            new ServiceInstanceEndpoints(world, baseUrl, instances).addTo(routes);
            new BackupEndpoints(world, baseUrl, backups).addTo(routes);
            own(ApiServer.start(
                    bound,
                    routes,
                    token,
                    world,
                    faults,
                    requests,
                    new RequestLimit(builder.requestsPerSecond),
                    uploads));
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Builds a sandbox. Its defaults are those of the methods below. */
    public static final class Builder {
        int port;
        String token = "sandbox-token";
        Databases databases = Databases.REAL;
        double speed = 1;
        String application = "order-book";
        List<String> environments = List.of("test", "live");
        String source = "13";
        String prefix = "DEFAULT";
        boolean postgres = true;
        boolean storage = true;
        int rows = 50_000;
        double writeRate;
        private boolean durable;
        private @Nullable String toolsPath;
        final List<Extra> extras = new ArrayList<>();
        final Map<String, String> variables = new LinkedHashMap<>();
        final Map<String, String> sensitiveVariables = new LinkedHashMap<>();
        final List<PublicKey> sshKeys = new ArrayList<>();
        private final Map<Operation, Duration> minimum = new EnumMap<>(Operation.class);
        private @Nullable BiFunction<Operation, String, Duration> durations;
        int requestsPerSecond;

        @Nullable
        VirtualTime virtualTime;

        private Builder() {}

        /** An instance that is there from the start. */
        record Extra(String environment, String service, String prefix, InstanceStatus status) {}

        /** Sets the port of the API. Default: 0, which takes any that is free. */
        public Builder port(int value) {
            if (value < 0 || value > 65_535) {
                throw new SandboxException("The port must be between 0 and 65535, but was " + value + ".");
            }
            port = value;
            return this;
        }

        /** Sets the token that requests have to carry. Default: {@code sandbox-token}. */
        public Builder token(String value) {
            if (value.isBlank() || !value.equals(value.strip())) {
                throw new SandboxException("The token must not be empty nor start or end with a space.");
            }
            token = value;
            return this;
        }

        /** Sets what stands behind the database services. Default: {@link Databases#REAL}. */
        public Builder databases(Databases value) {
            databases = Objects.requireNonNull(value);
            return this;
        }

        /** Divides the minimum durations of all operations. Default: 1. */
        public Builder speed(double value) {
            if (!(value > 0)) {
                throw new SandboxException("The speed must be greater than 0, but was " + value + ".");
            }
            speed = value;
            return this;
        }

        /** Sets how long an operation takes at least, at speed 1. Default: {@link Operation#usualDuration}. */
        public Builder minimum(Operation operation, Duration duration) {
            minimum.put(operation, duration);
            return this;
        }

        /**
         * Sets how long an operation takes at least, at speed 1, by its kind and the slug of its environment. Takes the place
         * of {@link #minimum}.
         *
         * @param value is called by several threads
         */
        public Builder durations(BiFunction<Operation, String, Duration> value) {
            durations = Objects.requireNonNull(value);
            return this;
        }

        /**
         * Sets how many requests a second are handled, and as many at once; more are answered with 429 and a
         * {@code Retry-After} of a second. Default: 0, which handles all.
         */
        public Builder requestsPerSecond(int value) {
            if (value < 0) {
                throw new SandboxException(
                        "The number of requests a second must not be negative, but was " + value + ".");
            }
            requestsPerSecond = value;
            return this;
        }

        /**
         * Lets operations take a time that passes only when it is told to. For {@link Databases#NONE}: servers take the
         * machine's. Default: the machine's time.
         */
        public Builder virtualTime(VirtualTime value) {
            virtualTime = Objects.requireNonNull(value);
            return this;
        }

        /** Sets the slug of the application. Default: {@code order-book}. */
        public Builder application(String slug) {
            application = checkedSlug(slug);
            return this;
        }

        /** Sets the slugs of the environments. Default: {@code test} and {@code live}. */
        public Builder environments(List<String> slugs) {
            if (slugs.isEmpty()) {
                throw new SandboxException("Name at least one environment.");
            }
            if (slugs.stream().distinct().count() < slugs.size()) {
                throw new SandboxException(
                        "Each environment needs a name of its own: " + String.join(", ", slugs) + ".");
            }
            slugs.forEach(Builder::checkedSlug);
            environments = List.copyOf(slugs);
            return this;
        }

        /** Sets the major version of the PostgreSQL service that is attached. Default: 13. */
        public Builder source(String version) {
            source = Objects.requireNonNull(version);
            return this;
        }

        /** Sets the prefix of the PostgreSQL service that is attached. Default: {@code DEFAULT}. */
        public Builder prefix(String value) {
            if (!value.matches("[A-Z0-9_]+")) {
                throw new SandboxException(
                        "A prefix consists of upper-case letters, digits and underscores, but was \"" + value + "\".");
            }
            prefix = value;
            return this;
        }

        /** Leaves out the PostgreSQL service. */
        public Builder withoutPostgres() {
            postgres = false;
            return this;
        }

        /** Leaves out the object storage. */
        public Builder withoutStorage() {
            storage = false;
            return this;
        }

        /** Sets how many rows the order book of each environment has, over all its tables. Default: 50,000. */
        public Builder rows(int value) {
            if (value < 0 || value > 50_000_000) {
                throw new SandboxException("The number of rows must be between 0 and 50000000, but was " + value + ".");
            }
            rows = value;
            return this;
        }

        /** Sets how many orders a second are placed in each environment from the start. Default: 0. */
        public Builder writeRate(double perSecond) {
            if (!(perSecond >= 0 && perSecond <= 10_000)) {
                throw new SandboxException("The rate must be between 0 and 10000, but was " + perSecond + ".");
            }
            writeRate = perSecond;
            return this;
        }

        /** Lets the servers acknowledge only what is on the disk. Default: they do not wait for it. */
        public Builder durable() {
            durable = true;
            return this;
        }

        /**
         * Adds a service instance that is there from the start.
         *
         * @param service its name in the catalogue, such as {@code PostgreSQL Database 15}
         */
        public Builder instance(String environmentSlug, String service, String prefix, InstanceStatus status) {
            extras.add(new Extra(environmentSlug, service, prefix, status));
            return this;
        }

        /** Adds a variable that a user has set in every environment. */
        public Builder variable(String name, String value) {
            variables.put(name, value);
            return this;
        }

        /** Adds a variable that a user has set in every environment and whose value the API keeps to itself. */
        public Builder sensitiveVariable(String name, String value) {
            sensitiveVariables.put(name, value);
            return this;
        }

        /**
         * Adds a key that may log in at the SSH endpoints of the environments, which lead to their databases if those are {@link
         * Databases#REAL}. Default: none, and then the endpoints lead nowhere.
         *
         * @param line the public key, as in a file {@code .pub}
         */
        public Builder sshKey(String line) {
            try {
                PublicKey key = AuthorizedKeyEntry.parseAuthorizedKeyEntry(line).resolvePublicKey(null, null);
                sshKeys.add(Objects.requireNonNull(key));
            } catch (IOException | GeneralSecurityException | RuntimeException e) {
                throw new SandboxException(
                        "The SSH key must be the line of a file .pub, of a type that can be used here.", e);
            }
            return this;
        }

        /**
         * Starts the sandbox.
         *
         * @throws SandboxException if it cannot be had like this; nothing is left then
         */
        public Sandbox start() {
            Sandbox sandbox = new Sandbox(token, virtualTime == null ? Clock.systemUTC() : virtualTime);
            sandbox.start(this);
            return sandbox;
        }

        private static String checkedSlug(String slug) {
            if (!slug.matches("[-a-zA-Z0-9_]+")) {
                throw new SandboxException(
                        "A name consists of letters, digits, hyphens and underscores, but was \"" + slug + "\".");
            }
            return slug;
        }

        BiFunction<Operation, String, Duration> durations() {
            Map<Operation, Duration> byKind = new EnumMap<>(minimum);
            BiFunction<Operation, String, Duration> own = durations;
            double factor = speed;
            return (operation, environment) -> {
                Duration atSpeedOne = own == null
                        ? byKind.getOrDefault(operation, operation.usualDuration())
                        : own.apply(operation, environment);
                return Duration.ofNanos((long) (atSpeedOne.toNanos() / factor));
            };
        }

        private void check(List<String> versions) {
            if (postgres && !versions.contains(source)) {
                throw new SandboxException("There is no PostgreSQL " + source + " server: choose one of "
                        + String.join(", ", versions) + ".");
            }
            if (rows > 0 && rows < OrderBookSchema.FEWEST_ROWS) {
                throw new SandboxException("The order book needs at least " + OrderBookSchema.FEWEST_ROWS
                        + " rows to have some in each table (or 0 for no tables), but " + rows + " were asked for.");
            }
        }

        /** Looks for all that it needs before anything is started. */
        Prepared prepare() {
            if (databases == Databases.NONE) {
                return new Prepared(List.of("9.6", "13", "15", "17", "18"), (ids, folder) -> new Placeholders(ids));
            }
            List<PostgresBinaries> binaries = PostgresBinaries.available();
            String searchPath = System.getenv().getOrDefault("PATH", "");
            ClientTools tools = ClientTools.find(toolsPath == null ? searchPath : toolsPath);
            return new Prepared(
                    binaries.stream().map(PostgresBinaries::version).toList(),
                    (ids, folder) -> new PostgresHosting(ids, new PostgresServers(folder, binaries, durable), tools));
        }

        /** Sets where the client programs are looked for. Default: the PATH. */
        Builder toolsPath(String path) {
            toolsPath = path;
            return this;
        }

        /**
         * What can be had.
         *
         * @param versions the major versions of PostgreSQL in the catalogue, oldest first
         */
        record Prepared(List<String> versions, BiFunction<Ids, RunFolder, Hosting> hosting) {}
    }
}
