package io.github.divio4j.client;

import io.github.divio4j.client.error.DivioNotFoundException;
import io.github.divio4j.client.internal.DeploymentsApi;
import io.github.divio4j.client.internal.Mapper;
import io.github.divio4j.client.internal.Transport;
import io.github.divio4j.client.internal.wire.WireNewDeployment;
import io.github.divio4j.client.model.BuildMode;
import io.github.divio4j.client.model.Deployment;
import io.github.divio4j.client.model.DeploymentVariables;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Deployments of environments. Safe for use by several threads. */
public final class Deployments {
    private final Transport transport;

    Deployments(Transport transport) {
        this.transport = transport;
    }

    /** Lists the deployments of an environment, in the order of the platform: the latest first. Proven. */
    public ResourceIterable<Deployment> list(String environmentId) {
        Ids.check(environmentId, "environmentId");
        DeploymentsApi api = transport.api(DeploymentsApi.class);
        return new ResourceIterable<>(pageSize ->
                transport.walk(api.list(null, environmentId, pageSize), api::page, wire -> {
                    Deployment deployment = Mapper.deployment(wire, environmentId);
                    return environmentId.equals(deployment.environmentId()) ? deployment : null;
                }));
    }

    /** Lists the deployments of all environments of an application, in the order of the platform. Proven. */
    public ResourceIterable<Deployment> listOfApplication(String applicationId) {
        Ids.check(applicationId, "applicationId");
        DeploymentsApi api = transport.api(DeploymentsApi.class);
        return new ResourceIterable<>(pageSize -> transport.walk(
                api.list(applicationId, null, pageSize), api::page, wire -> Mapper.deployment(wire, null)));
    }

    /**
     * Returns the latest deployment of an environment, which may still be running; empty when there was none.
     *
     * <p>Proven: it is the first of the list, as the official command line tool takes it.
     */
    public Optional<Deployment> latest(String environmentId) {
        return list(environmentId).findFirst();
    }

    /**
     * Reads a deployment. Proven.
     *
     * @throws DivioNotFoundException when there is none with this id
     */
    public Deployment get(String id) {
        return transport.one(
                transport.api(DeploymentsApi.class).get(Ids.check(id, "id")), wire -> Mapper.deployment(wire, null));
    }

    /** Starts a deployment; the platform decides how it comes by its image. Proven, of the answer only the id. */
    public Deployment create(String environmentId) {
        return start(environmentId, null);
    }

    /** Starts a deployment. Proven, of the answer only the id. */
    public Deployment create(String environmentId, BuildMode buildMode) {
        return start(environmentId, buildMode.name());
    }

    private Deployment start(String environmentId, @Nullable String buildMode) {
        WireNewDeployment body = new WireNewDeployment(Ids.check(environmentId, "environmentId"), buildMode);
        return transport.one(
                transport.api(DeploymentsApi.class).create(body), wire -> Mapper.deployment(wire, environmentId));
    }

    /**
     * Reads the environment variables that a deployment ran with, built-in ones included. Their values are secrets. Proven.
     *
     * @throws DivioNotFoundException when there is no deployment with this id
     */
    public DeploymentVariables environmentVariables(String id) {
        return transport.one(
                transport.api(DeploymentsApi.class).environmentVariables(Ids.check(id, "id")),
                Mapper::deploymentVariables);
    }

    /**
     * Reads the log of a deployment. It may hold control characters, and what the application's build printed. Proven.
     *
     * @throws DivioNotFoundException when there is no deployment with this id
     */
    public String log(String id) {
        return transport.one(transport.api(DeploymentsApi.class).log(Ids.check(id, "id")), Mapper::deploymentLog);
    }
}
