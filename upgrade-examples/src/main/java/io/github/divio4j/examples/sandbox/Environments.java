package io.github.divio4j.examples.sandbox;

import java.util.function.Function;

/** Makes environments. */
final class Environments {
    private final World world;
    private final Function<String, OrderBook> orderBooks;

    /** @param orderBooks makes the application of an environment with a given name */
    Environments(World world, Function<String, OrderBook> orderBooks) {
        this.world = world;
        this.orderBooks = orderBooks;
    }

    Environment add(Application application, String slug, String branch) {
        Environment environment =
                new Environment(world.ids.next(), application, slug, branch, world.now(), orderBooks.apply(slug));
        world.environments.add(environment.id, environment);
        return environment;
    }

    boolean exists(Application application, String slug) {
        return world.environments.all().stream()
                .anyMatch(environment -> environment.application.equals(application) && environment.slug.equals(slug));
    }

    /** A new environment with the same variables, and the same services yet to be provisioned. */
    Environment copy(Environment original, String slug, ServiceInstances instances) {
        Environment copy = add(original.application, slug, original.branch);
        original.variables.values().forEach(variable -> {
            String id = world.ids.next();
            copy.variables.put(
                    id, new Environment.UserVariable(id, variable.name(), variable.value(), variable.sensitive()));
        });
        for (ServiceInstance instance : world.instancesOf(original)) {
            instances.add(copy, instance.service, instance.prefix);
        }
        return copy;
    }
}
