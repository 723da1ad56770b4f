package io.github.divio4j.client.model;

import java.util.List;

/** What kind of thing a service is. */
public final class ServiceType extends OpenValue {
    /** A relational database. Proven. */
    public static final ServiceType DATABASE = new ServiceType("DATABASE");

    /** An object storage. Proven. */
    public static final ServiceType STORAGE = new ServiceType("STORAGE");

    /** The API gave no value. */
    public static final ServiceType UNKNOWN = new ServiceType("");

    private static final List<ServiceType> KNOWN = List.of(DATABASE, STORAGE, UNKNOWN);

    private ServiceType(String text) {
        super(text);
    }

    /** Returns the value with this text, known or not. */
    public static ServiceType of(String text) {
        for (ServiceType known : KNOWN) {
            if (sameName(known, text)) {
                return known;
            }
        }
        return new ServiceType(text);
    }

    /** Tells whether it is one of the constants of this class. */
    public boolean known() {
        return KNOWN.contains(this);
    }
}
