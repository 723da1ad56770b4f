package io.github.divio4j.examples.sandbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Deploys environments.
 *
 * <p>A deployment decides at its start which services the new containers get and under which prefixes. Until its end the
 * old containers go on with what they were given. If it fails, services and containers stay as they were.
 */
final class Deployments {
    private final World world;
    private final Operations operations;
    private final Hosting hosting;

    Deployments(World world, Operations operations, Hosting hosting) {
        this.world = world;
        this.operations = operations;
        this.hosting = hosting;
    }

    /** What a deployment has decided to do with the services. */
    private record Decision(List<Given> given, List<ServiceInstance> detached) {}

    /** An instance that the containers get; without a binding if it has to be provisioned first. */
    private record Given(
            ServiceInstance instance,
            String prefix,
            @Nullable Binding binding) {}

    /** The new containers and what had to be provisioned for them. */
    private record Built(Container container, Map<ServiceInstance, Binding> provisioned) {}

    Deployment start(Environment environment, String buildMode) {
        if (environment.running != null) {
            throw ApiException.refused("A deployment of the environment \"" + environment.slug
                    + "\" is already running: wait until it has ended.");
        }
        Deployment deployment = new Deployment(world.ids.next(), environment, buildMode, world.now());
        Decision decision = decide(environment);
        deployment.log("Deploying " + environment.application.slug() + " " + environment.slug + ", branch "
                + environment.branch);
        deployment.variables = variables(environment, decision, Map.of());
        environment.running = deployment;
        world.deployments.add(deployment.id, deployment);
        operations.start(
                Operation.DEPLOYMENT,
                environment.slug,
                () -> build(deployment, decision),
                built -> succeed(deployment, decision, built),
                error -> fail(deployment, decision, error));
        return deployment;
    }

    int percent(Deployment deployment) {
        if (deployment.endedAt != null) {
            return 100;
        }
        long whole = Math.max(
                1,
                operations
                        .minimum(Operation.DEPLOYMENT, deployment.environment.slug)
                        .toMillis());
        long gone = Duration.between(deployment.startedAt, world.now()).toMillis();
        return (int) Math.max(0, Math.min(99, 100 * gone / whole));
    }

    private Decision decide(Environment environment) {
        List<Given> given = new ArrayList<>();
        List<ServiceInstance> detached = new ArrayList<>();
        for (ServiceInstance instance : world.instancesOf(environment)) {
            switch (instance.status) {
                case NEW -> {
                    given.add(new Given(instance, instance.prefix, null));
                    instance.status = InstanceStatus.PROVISIONING;
                    instance.errors = List.of();
                }
                case PENDING_ATTACHMENT, ATTACHED ->
                    given.add(new Given(instance, instance.prefix, instance.requireBinding()));
                case PENDING_DETACHMENT -> detached.add(instance);
                // One that somebody else is provisioning is not ready: it waits for the next deployment.
                case PROVISIONING, DETACHED -> {}
            }
        }
        return new Decision(given, detached);
    }

    private Map<String, String> variables(
            Environment environment, Decision decision, Map<ServiceInstance, Binding> provisioned) {
        List<Variables.Attached> services = new ArrayList<>();
        for (Given given : decision.given()) {
            Binding binding = given.binding() == null ? provisioned.get(given.instance()) : given.binding();
            if (binding != null) {
                services.add(new Variables.Attached(given.prefix(), given.instance().service, binding));
            }
        }
        return Variables.of(environment, services);
    }

    private Built build(Deployment deployment, Decision decision) throws HostingException, InterruptedException {
        Map<ServiceInstance, Binding> provisioned = new LinkedHashMap<>();
        try {
            for (Given given : decision.given()) {
                if (given.binding() == null) {
                    provisioned.put(given.instance(), hosting.provision(given.instance().service));
                }
            }
            Map<String, String> variables;
            if (provisioned.isEmpty()) {
                variables = world.inside(() -> deployment.variables);
            } else {
                variables = world.inside(() -> {
                    Map<String, String> complete = variables(deployment.environment, decision, provisioned);
                    deployment.variables = complete;
                    return complete;
                });
            }
            return new Built(deployment.environment.orderBook.prepare(variables), provisioned);
        } catch (HostingException e) {
            for (Binding binding : provisioned.values()) {
                hosting.destroy(binding);
            }
            throw e;
        }
    }

    private void succeed(Deployment deployment, Decision decision, Built built) {
        Environment environment = deployment.environment;
        environment.orderBook.switchTo(built.container());
        world.update(() -> {
            for (Given given : decision.given()) {
                ServiceInstance instance = given.instance();
                Binding binding = built.provisioned().get(instance);
                if (binding != null) {
                    instance.binding = binding;
                }
                if (instance.status == InstanceStatus.PROVISIONING
                        || instance.status == InstanceStatus.PENDING_ATTACHMENT) {
                    instance.status = InstanceStatus.ATTACHED;
                    deployment.log("Attached " + instance.describe());
                }
            }
            for (ServiceInstance instance : decision.detached()) {
                if (instance.status == InstanceStatus.PENDING_DETACHMENT) {
                    instance.status = InstanceStatus.DETACHED;
                    deployment.log("Detached " + instance.describe());
                } else if (instance.status == InstanceStatus.ATTACHED) {
                    // Attached again while this deployment ran, which has just taken it away from the application.
                    instance.status = InstanceStatus.PENDING_ATTACHMENT;
                }
            }
            deployment.log("Switched to the new containers");
            environment.log(world.now(), "web", "Started by deployment " + deployment.id);
            deployment.end(world.now(), true);
        });
    }

    private void fail(Deployment deployment, Decision decision, String error) {
        world.update(() -> {
            for (Given given : decision.given()) {
                if (given.binding() == null) {
                    given.instance().status = InstanceStatus.NEW;
                }
            }
            deployment.log("Failed: " + error);
            deployment.log("The old containers go on running");
            deployment.end(world.now(), false);
        });
    }
}
