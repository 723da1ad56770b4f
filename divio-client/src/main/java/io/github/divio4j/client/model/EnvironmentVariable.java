package io.github.divio4j.client.model;

import org.jspecify.annotations.Nullable;

/**
 * An environment variable as it is set in the control panel. Its value is taken to be a secret.
 *
 * <p>Whether the list holds generated variables such as DSNs, no source shows; {@link DeploymentVariables} has them.
 *
 * @param environmentId the environment it is set for, or null when the API does not say
 * @param name its name
 * @param value its value, or null: the API keeps that of a sensitive variable to itself
 * @param sensitive whether it is marked as sensitive
 */
public record EnvironmentVariable(
        @Nullable String environmentId,
        String name,
        @Nullable String value,
        boolean sensitive) {
    /** Checks the parts. */
    public EnvironmentVariable {
        Checks.id(name, "name");
    }

    /** Shows the name, and {@code ***} for the value. */
    @Override
    public String toString() {
        return "EnvironmentVariable[environmentId=" + environmentId + ", name=" + name + ", value="
                + (value == null ? "null" : "***") + ", sensitive=" + sensitive + "]";
    }
}
