package io.github.divio4j.upgrade;

/** Where a service instance is in its life, as Divio's documentation on services describes it. */
public enum InstanceStatus {
    /** Added, nothing behind it yet. */
    NEW,
    /** Being set up. */
    PROVISIONING,
    /** Works and can be filled, but the application does not see it before the next deployment. */
    PENDING_ATTACHMENT,
    /** Works, and the application uses it. */
    ATTACHED,
    /** Works, and the application uses it until the next deployment. */
    PENDING_DETACHMENT,
    /** Works, holds its data, and the application does not see it. */
    DETACHED,
    /** Gone, or on its way out: as good as absent. */
    REMOVED,
    /** A word of the platform that this library does not know. Never taken for permission to do anything. */
    UNKNOWN;

    /** Whether the running application can reach the instance. */
    public boolean visibleToApplication() {
        return this == ATTACHED || this == PENDING_DETACHMENT;
    }
}
