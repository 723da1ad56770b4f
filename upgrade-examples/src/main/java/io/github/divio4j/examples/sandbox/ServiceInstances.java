package io.github.divio4j.examples.sandbox;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The life of service instances, and the rules that the platform refuses to break. */
final class ServiceInstances {
    private static final Pattern PREFIX = Pattern.compile("[A-Z0-9_]+");

    private final World world;
    private final Operations operations;
    private final Hosting hosting;

    ServiceInstances(World world, Operations operations, Hosting hosting) {
        this.world = world;
        this.operations = operations;
        this.hosting = hosting;
    }

    ServiceInstance add(Environment environment, CatalogueService service, String prefix) {
        ServiceInstance instance = new ServiceInstance(world.ids.next(), environment, service, prefix, world.now());
        world.instances.add(instance.id, instance);
        return instance;
    }

    /** Looks whether an instance of this type may have this prefix. */
    void checkPrefix(
            Input input,
            @Nullable String prefix,
            @Nullable Environment environment,
            @Nullable String type,
            @Nullable ServiceInstance self) {
        if (prefix == null) {
            return;
        }
        if (!PREFIX.matcher(prefix).matches()) {
            input.reject("prefix", "A prefix consists of upper-case letters, digits and underscores.");
        } else if (environment != null && type != null) {
            world.instancesOf(environment).stream()
                    .filter(other -> other != self && other.prefix.equals(prefix))
                    .filter(other -> other.service.type().equals(type))
                    .findFirst()
                    .ifPresent(other -> input.reject(
                            "prefix",
                            "The prefix \"" + prefix + "\" is already used by " + other.service.name()
                                    + " in this environment."));
        }
    }

    void provision(ServiceInstance instance) {
        if (instance.status != InstanceStatus.NEW) {
            throw ApiException.refused(
                    "Only a new service can be provisioned; " + instance.describe() + " is " + instance.status + ".");
        }
        instance.status = InstanceStatus.PROVISIONING;
        instance.errors = List.of();
        operations.start(
                Operation.PROVISION,
                instance.environment.slug,
                () -> hosting.provision(instance.service),
                binding -> world.update(() -> {
                    instance.binding = binding;
                    instance.status = InstanceStatus.PENDING_ATTACHMENT;
                }),
                error -> world.update(() -> {
                    instance.errors = List.of(error);
                    instance.status = InstanceStatus.NEW;
                    instance.environment.log(
                            world.now(), "platform", "Provisioning " + instance.describe() + " failed: " + error);
                }));
    }

    void detach(ServiceInstance instance) {
        if (instance.status != InstanceStatus.ATTACHED) {
            throw ApiException.refused("Only an attached service can be detached; " + instance.describe() + " is "
                    + instance.status + ".");
        }
        instance.status = InstanceStatus.PENDING_DETACHMENT;
    }

    void attach(ServiceInstance instance) {
        switch (instance.status) {
            case DETACHED -> instance.status = InstanceStatus.PENDING_ATTACHMENT;
            // The application still has it: nothing is pending any more.
            case PENDING_DETACHMENT -> instance.status = InstanceStatus.ATTACHED;
            default ->
                throw ApiException.refused("Only a detached service can be attached; " + instance.describe() + " is "
                        + instance.status + ".");
        }
    }

    void delete(ServiceInstance instance) {
        switch (instance.status) {
            case NEW, DETACHED -> {}
            case PROVISIONING ->
                throw ApiException.refused(instance.describe() + " is being provisioned and cannot be deleted.");
            default ->
                throw ApiException.refused("Detach " + instance.describe() + " and deploy before deleting it; it is "
                        + instance.status + ".");
        }
        if (instance.backupsRunning > 0 || instance.restoreRunning) {
            throw ApiException.refused(
                    "A backup or a restore of " + instance.describe() + " is running: wait until it has ended.");
        }
        world.instances.remove(instance.id);
        Binding binding = instance.binding;
        if (binding != null) {
            // Nobody can see it any more, so nobody waits for the server to drop it.
            operations.inBackground(() -> hosting.destroy(binding));
        }
    }

    /** Refuses what needs a working service if this one does not work yet. */
    static void checkWorks(ServiceInstance instance) {
        if (!instance.status.works()) {
            throw ApiException.refused(
                    instance.describe() + " is " + instance.status + ": provision it before using it.");
        }
    }
}
