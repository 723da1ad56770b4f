package io.github.divio4j.client;

import io.github.divio4j.client.error.DivioNotFoundException;
import io.github.divio4j.client.internal.Mapper;
import io.github.divio4j.client.internal.ServiceInstancesApi;
import io.github.divio4j.client.internal.Transport;
import io.github.divio4j.client.internal.wire.WireNewServiceInstance;
import io.github.divio4j.client.internal.wire.WireNothing;
import io.github.divio4j.client.internal.wire.WirePrefix;
import io.github.divio4j.client.internal.wire.WireServiceInstance;
import io.github.divio4j.client.model.ServiceInstance;
import java.util.Optional;

/**
 * Services in environments. Safe for use by several threads.
 *
 * <p>The calls that change something return when the platform has accepted them: read the instance to see whether they have taken effect.
 */
public final class ServiceInstances {
    private static final WireNothing NOTHING = new WireNothing();

    private final Transport transport;

    ServiceInstances(Transport transport) {
        this.transport = transport;
    }

    /** Lists the service instances of an environment. Proven. */
    public ResourceIterable<ServiceInstance> list(String environmentId) {
        Ids.check(environmentId, "environmentId");
        ServiceInstancesApi api = transport.api(ServiceInstancesApi.class);
        return new ResourceIterable<>(pageSize -> transport.walk(api.list(environmentId, pageSize), api::page, wire -> {
            ServiceInstance instance = Mapper.serviceInstance(wire, environmentId);
            return environmentId.equals(instance.environmentId()) ? instance : null;
        }));
    }

    /**
     * Reads a service instance.
     *
     * @throws DivioNotFoundException when there is none with this id, or the platform does not have the call
     */
    @Assumed(
            evidence = "GET /apps/v3/service-instances/{id}/: every other resource with a list has it.",
            fallback = "list(environmentId) and compare the ids.")
    public ServiceInstance get(String id) {
        return transport.one(
                transport.api(ServiceInstancesApi.class).get(Ids.check(id, "id")),
                wire -> Mapper.serviceInstance(wire, null));
    }

    /**
     * Adds a service to an environment. It is new: there is no server until it is provisioned. Proven, except for what the platform
     * answers.
     *
     * @param prefix what the names of its environment variables start with, sent as it is; the control panel uses upper case
     * @return the new instance, or empty when the answer does not show it: then {@link #list} does
     */
    public Optional<ServiceInstance> create(String environmentId, String regionId, String serviceId, String prefix) {
        WireNewServiceInstance body = new WireNewServiceInstance(
                Ids.check(environmentId, "environmentId"),
                Ids.check(regionId, "regionId"),
                Ids.check(serviceId, "serviceId"),
                Ids.check(prefix, "prefix"));
        return transport.oneIfGiven(
                transport.api(ServiceInstancesApi.class).create(body),
                WireServiceInstance.class,
                wire -> Mapper.serviceInstance(wire, environmentId));
    }

    /** Makes the server of a new service instance, without giving it to the application yet. */
    @Assumed(
            evidence =
                    "POST /apps/v3/service-instances/{id}/provision/: the control panel has the action, and the API has verbs in this"
                            + " place.",
            fallback = "Deploy: a deployment provisions and attaches every new service instance. Proven.")
    public void provision(String id) {
        transport.run(transport.api(ServiceInstancesApi.class).provision(Ids.check(id, "id"), NOTHING));
    }

    /** Gives a service instance to the application, with the next deployment. */
    @Assumed(
            evidence =
                    "POST /apps/v3/service-instances/{id}/attach/: the control panel has the action, and the API has verbs in this"
                            + " place.",
            fallback = "Use the control panel.")
    public void attach(String id) {
        transport.run(transport.api(ServiceInstancesApi.class).attach(Ids.check(id, "id"), NOTHING));
    }

    /** Takes a service instance from the application, with the next deployment. No data are lost. */
    @Assumed(
            evidence =
                    "POST /apps/v3/service-instances/{id}/detach/: the control panel has the action, and the API has verbs in this"
                            + " place.",
            fallback = "Use the control panel.")
    public void detach(String id) {
        transport.run(transport.api(ServiceInstancesApi.class).detach(Ids.check(id, "id"), NOTHING));
    }

    /**
     * Changes the prefix of a service instance. The application sees the new names of its variables with the next deployment.
     *
     * @param newPrefix sent as it is; the control panel uses upper case
     */
    @Assumed(
            evidence =
                    "PATCH /apps/v3/service-instances/{id}/ with the prefix: the control panel has the action, and environments are"
                            + " changed with PATCH.",
            fallback = "Use the control panel.")
    public void rename(String id, String newPrefix) {
        transport.run(transport
                .api(ServiceInstancesApi.class)
                .rename(Ids.check(id, "id"), new WirePrefix(Ids.check(newPrefix, "newPrefix"))));
    }

    /**
     * Deletes a service instance and its data, for good.
     *
     * @throws DivioNotFoundException when there is none with this id
     */
    @Assumed(
            evidence =
                    "DELETE /apps/v3/service-instances/{id}/: the control panel has the action, and it is the form of the framework.",
            fallback = "Use the control panel.")
    public void delete(String id) {
        transport.run(transport.api(ServiceInstancesApi.class).delete(Ids.check(id, "id")));
    }
}
