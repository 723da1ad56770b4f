package io.github.divio4j.client;

import io.github.divio4j.client.internal.EnvironmentVariablesApi;
import io.github.divio4j.client.internal.Mapper;
import io.github.divio4j.client.internal.Transport;
import io.github.divio4j.client.model.EnvironmentVariable;
import org.jspecify.annotations.Nullable;

/** Environment variables as they are set in the control panel. Safe for use by several threads. */
public final class EnvironmentVariables {
    private final Transport transport;

    EnvironmentVariables(Transport transport) {
        this.transport = transport;
    }

    /** Lists the variables of an environment. Proven. */
    public ResourceIterable<EnvironmentVariable> list(String environmentId) {
        return list(null, Ids.check(environmentId, "environmentId"), null);
    }

    /** Lists the variables of an environment with this name; there is at most one. Proven. */
    public ResourceIterable<EnvironmentVariable> list(String environmentId, String name) {
        return list(null, Ids.check(environmentId, "environmentId"), Ids.check(name, "name"));
    }

    /** Lists the variables of all environments of an application. Proven. */
    public ResourceIterable<EnvironmentVariable> listOfApplication(String applicationId) {
        return list(Ids.check(applicationId, "applicationId"), null, null);
    }

    private ResourceIterable<EnvironmentVariable> list(
            @Nullable String application, @Nullable String environment, @Nullable String name) {
        EnvironmentVariablesApi api = transport.api(EnvironmentVariablesApi.class);
        return new ResourceIterable<>(pageSize ->
                transport.walk(api.list(application, environment, name, pageSize), api::page, wire -> {
                    EnvironmentVariable variable = Mapper.environmentVariable(wire, environment);
                    boolean asked = (environment == null || environment.equals(variable.environmentId()))
                            && (name == null || name.equals(variable.name()));
                    return asked ? variable : null;
                }));
    }
}
