package io.github.divio4j.examples.sandbox;

/** Where a service instance is in its life. */
public enum InstanceStatus {
    /** Wanted, but nothing is there yet. */
    NEW(false),
    /** A server is making it ready. */
    PROVISIONING(false),
    /** It works; the application gets it at the next deployment. */
    PENDING_ATTACHMENT(true),
    /** It works and the application has it. */
    ATTACHED(true),
    /** It works and the application has it until the next deployment. */
    PENDING_DETACHMENT(true),
    /** It works; the application does not have it. */
    DETACHED(true);

    private final boolean works;

    InstanceStatus(boolean works) {
        this.works = works;
    }

    /** Whether it can be filled with data, backed up and restored into. */
    public boolean works() {
        return works;
    }
}
