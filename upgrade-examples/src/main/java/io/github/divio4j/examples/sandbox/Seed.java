package io.github.divio4j.examples.sandbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Makes the world that a sandbox starts with. */
final class Seed {
    private final World world;
    private final Hosting hosting;
    private final Sandbox.Builder wishes;
    private final List<String> versions;
    private final AtomicLong orderNumbers = new AtomicLong(OrderBook.FIRST_NUMBER);

    Seed(World world, Hosting hosting, Sandbox.Builder wishes, List<String> versions) {
        this.world = world;
        this.hosting = hosting;
        this.wishes = wishes;
        this.versions = versions;
    }

    OrderBook orderBook(String environmentSlug) {
        String variable = wishes.prefix.equals("DEFAULT") ? "DATABASE_URL" : wishes.prefix + "_DATABASE_DSN";
        return new OrderBook(environmentSlug, wishes.databases == Databases.REAL, variable, orderNumbers);
    }

    Application plant(Environments environments, ServiceInstances instances) {
        for (String version : versions) {
            String id = world.ids.next();
            world.services.add(id, CatalogueService.postgres(id, world.region, version));
        }
        CatalogueService mysql = CatalogueService.mysql(world.ids.next(), world.region);
        world.services.add(mysql.id(), mysql);
        CatalogueService storage = CatalogueService.objectStorage(world.ids.next(), world.region);
        world.services.add(storage.id(), storage);

        Application application = new Application(
                world.ids.next(),
                wishes.application,
                wishes.application,
                world.account.organisationId(),
                world.account.planGroupId(),
                world.region,
                "main",
                null,
                null,
                null,
                world.now());
        world.applications.add(application.id(), application);
        List<Environment> made = new ArrayList<>();
        for (String slug : wishes.environments) {
            Environment environment = environments.add(application, slug, "main");
            addVariables(environment, wishes.variables, false);
            addVariables(environment, wishes.sensitiveVariables, true);
            if (wishes.postgres) {
                add(instances, environment, postgres(), wishes.prefix, InstanceStatus.ATTACHED);
            }
            if (wishes.storage) {
                add(instances, environment, storage, "DEFAULT", InstanceStatus.ATTACHED);
            }
            made.add(environment);
        }
        for (Sandbox.Builder.Extra extra : wishes.extras) {
            Environment environment = made.stream()
                    .filter(candidate -> candidate.slug.equals(extra.environment()))
                    .findFirst()
                    .orElseThrow(() -> new SandboxException(
                            "There is no environment \"" + extra.environment() + "\" to put an instance into."));
            add(instances, environment, service(extra.service()), extra.prefix(), extra.status());
        }
        deployAll(made);
        return application;
    }

    private void addVariables(Environment environment, Map<String, String> variables, boolean sensitive) {
        variables.forEach((name, value) -> {
            String id = world.ids.next();
            environment.variables.put(id, new Environment.UserVariable(id, name, value, sensitive));
        });
    }

    private CatalogueService postgres() {
        return service(CatalogueService.postgresName(wishes.source));
    }

    private CatalogueService service(String name) {
        List<String> names =
                world.services.all().stream().map(CatalogueService::name).toList();
        return world.services.all().stream()
                .filter(service -> service.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new SandboxException("There is no service \"" + name
                        + "\" in the catalogue: choose one of " + String.join(", ", names) + "."));
    }

    private static void add(
            ServiceInstances instances,
            Environment environment,
            CatalogueService service,
            String prefix,
            InstanceStatus status) {
        instances.add(environment, service, prefix).status = status;
    }

    /** Environments have nothing to do with each other, so they are made ready side by side. */
    private void deployAll(List<Environment> environments) {
        ExecutorService threads = Executors.newFixedThreadPool(
                Math.max(2, Runtime.getRuntime().availableProcessors()), DaemonThreads.named("sandbox-seed"));
        try {
            List<Future<?>> results = new ArrayList<>();
            for (Environment environment : environments) {
                results.add(threads.submit(() -> {
                    deploy(environment);
                    return null;
                }));
            }
            for (Future<?> result : results) {
                result.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxException("The start of the sandbox was interrupted.", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SandboxException reason) {
                throw reason;
            }
            String why =
                    e.getCause() instanceof HostingException known ? known.getMessage() : String.valueOf(e.getCause());
            throw new SandboxException("The sandbox could not be filled: " + why, e);
        } finally {
            threads.shutdownNow();
        }
    }

    private void deploy(Environment environment) throws HostingException, InterruptedException {
        List<Variables.Attached> attached = new ArrayList<>();
        for (ServiceInstance instance : world.inside(() -> world.instancesOf(environment))) {
            if (instance.status.works()) {
                Binding binding = hosting.provision(instance.service);
                world.update(() -> instance.binding = binding);
                if (instance.status == InstanceStatus.ATTACHED
                        || instance.status == InstanceStatus.PENDING_DETACHMENT) {
                    attached.add(new Variables.Attached(instance.prefix, instance.service, binding));
                }
            }
        }
        Map<String, String> variables = Variables.of(environment, attached);
        fillOrderBook(environment, variables);
        environment.orderBook.switchTo(environment.orderBook.prepare(variables));
        environment.orderBook.rate(wishes.writeRate);
        world.update(() -> {
            Deployment deployment = new Deployment(world.ids.next(), environment, "AUTO", world.now());
            deployment.variables = variables;
            deployment.log("Deployed before the sandbox was opened");
            deployment.end(world.now(), true);
            world.deployments.add(deployment.id, deployment);
            environment.log(world.now(), "web", "Started by deployment " + deployment.id);
        });
    }

    private void fillOrderBook(Environment environment, Map<String, String> variables) throws HostingException {
        String url = variables.get(environment.orderBook.databaseVariable());
        if (wishes.databases == Databases.NONE || url == null || !wishes.postgres) {
            return;
        }
        try (Connection connection = PostgresDsn.parse(url).connect("order-book set-up")) {
            OrderBookSchema.create(connection, environment.slug, wishes.rows);
        } catch (SQLException e) {
            throw new HostingException("The order book could not be filled: " + e.getMessage(), e);
        }
    }
}
