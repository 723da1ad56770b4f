package io.github.divio4j.examples.sandbox;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A service in an environment. Its mutable parts belong to the world's lock. */
final class ServiceInstance {
    final String id;
    final Environment environment;
    final CatalogueService service;
    final Instant createdAt;
    String prefix;
    InstanceStatus status = InstanceStatus.NEW;

    @Nullable
    Binding binding;
    /** Why the last attempt to provision it failed. */
    List<String> errors = List.of();

    int backupsRunning;
    boolean restoreRunning;

    ServiceInstance(String id, Environment environment, CatalogueService service, String prefix, Instant createdAt) {
        this.id = id;
        this.environment = environment;
        this.service = service;
        this.prefix = prefix;
        this.createdAt = createdAt;
    }

    /** What provisioning gave. Only for instances that work. */
    Binding requireBinding() {
        Binding present = binding;
        if (present == null) {
            throw new IllegalStateException("Service instance " + id + " is " + status + " but has no binding");
        }
        return present;
    }

    InstanceSnapshot snapshot() {
        return new InstanceSnapshot(id, environment.slug, service.name(), prefix, service.type(), status);
    }

    String describe() {
        return service.name() + " \"" + prefix + "\"";
    }
}
