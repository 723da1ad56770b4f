package io.github.divio4j.client.model;

import java.util.List;

/**
 * Where a service instance is in its life.
 *
 * <p>Proven: {@code NEW}. Assumed: the other names; they are the labels of the control panel, whose meaning is documented.
 */
public final class ServiceInstanceStatus extends OpenValue {
    /** Added, but there is no server yet. */
    public static final ServiceInstanceStatus NEW = new ServiceInstanceStatus("NEW");

    /** The server is being made. */
    public static final ServiceInstanceStatus PROVISIONING = new ServiceInstanceStatus("PROVISIONING");

    /** The server works; the application gets it with the next deployment. */
    public static final ServiceInstanceStatus PENDING_ATTACHMENT = new ServiceInstanceStatus("PENDING_ATTACHMENT");

    /** The application uses it. */
    public static final ServiceInstanceStatus ATTACHED = new ServiceInstanceStatus("ATTACHED");

    /** The application uses it until the next deployment. */
    public static final ServiceInstanceStatus PENDING_DETACHMENT = new ServiceInstanceStatus("PENDING_DETACHMENT");

    /** The server works; the application no longer has it. */
    public static final ServiceInstanceStatus DETACHED = new ServiceInstanceStatus("DETACHED");

    /** The server is gone, with its data. */
    public static final ServiceInstanceStatus REMOVED = new ServiceInstanceStatus("REMOVED");

    /** The API gave no value. */
    public static final ServiceInstanceStatus UNKNOWN = new ServiceInstanceStatus("");

    private static final List<ServiceInstanceStatus> KNOWN =
            List.of(NEW, PROVISIONING, PENDING_ATTACHMENT, ATTACHED, PENDING_DETACHMENT, DETACHED, REMOVED, UNKNOWN);

    private ServiceInstanceStatus(String text) {
        super(text);
    }

    /** Returns the value with this text, known or not. */
    public static ServiceInstanceStatus of(String text) {
        for (ServiceInstanceStatus known : KNOWN) {
            if (sameName(known, text)) {
                return known;
            }
        }
        return new ServiceInstanceStatus(text);
    }

    /** Tells whether it is one of the constants of this class. */
    public boolean known() {
        return KNOWN.contains(this);
    }

    /** Tells whether the server works: it can be filled, backed up and restored into. */
    public boolean working() {
        return equals(PENDING_ATTACHMENT) || visibleToApplication() || equals(DETACHED);
    }

    /** Tells whether the running application has it: {@link #ATTACHED} or {@link #PENDING_DETACHMENT}. */
    public boolean visibleToApplication() {
        return equals(ATTACHED) || equals(PENDING_DETACHMENT);
    }
}
