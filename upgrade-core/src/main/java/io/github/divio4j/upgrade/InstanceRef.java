package io.github.divio4j.upgrade;

import static java.util.Objects.requireNonNull;

/**
 * Names a service instance by what it is, since the target's id does not exist when the plan is made.
 *
 * @param role which of the two databases
 * @param service the catalogue entry that it is an instance of
 * @param prefix the prefix it carries when the step is reached
 */
public record InstanceRef(Role role, CatalogueService service, String prefix) {

    /** The part that an instance plays in the upgrade. */
    public enum Role {
        /** The instance to leave. */
        SOURCE,
        /** The instance to move to. */
        TARGET
    }

    /** Checks that nothing is missing. */
    public InstanceRef {
        requireNonNull(role, "role");
        requireNonNull(service, "service");
        requireNonNull(prefix, "prefix");
    }

    /** The same instance under another prefix. */
    public InstanceRef withPrefix(String other) {
        return new InstanceRef(role, service, other);
    }

    /** {@code PostgreSQL Database 13 (DEFAULT)}. */
    @Override
    public String toString() {
        return service.name() + " (" + prefix + ")";
    }
}
