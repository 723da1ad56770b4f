package io.github.divio4j.examples.sandbox;

/**
 * A service instance as it was at one moment.
 *
 * @param environment the slug of its environment
 * @param service the name of the service in the catalogue, such as {@code PostgreSQL Database 13}
 * @param type {@code DATABASE} or {@code STORAGE}
 */
public record InstanceSnapshot(
        String id, String environment, String service, String prefix, String type, InstanceStatus status) {

    /** Returns it without its id, for comparing worlds: {@code test/PostgreSQL Database 13/DEFAULT/ATTACHED}. */
    public String summary() {
        return environment + "/" + service + "/" + prefix + "/" + status;
    }
}
