package io.github.divio4j.client.model;

import java.util.List;

/**
 * What a deployment says about itself, for people, with {@code ***} for what looks like a password: use {@link Deployment#finished()} and
 * {@link Deployment#succeeded()} to decide.
 *
 * <p>Proven: only {@code failure} has been seen, and the official command line tool no longer relies on it.
 */
public final class DeploymentStatus extends OpenValue {
    /** It failed. */
    public static final DeploymentStatus FAILURE = new DeploymentStatus("failure");

    /** It worked. Assumed. */
    public static final DeploymentStatus SUCCESS = new DeploymentStatus("success");

    /** The API gave no value. */
    public static final DeploymentStatus UNKNOWN = new DeploymentStatus("");

    private static final List<DeploymentStatus> KNOWN = List.of(FAILURE, SUCCESS, UNKNOWN);

    private DeploymentStatus(String text) {
        super(text);
    }

    /** Returns the value with this text, known or not. */
    public static DeploymentStatus of(String text) {
        for (DeploymentStatus known : KNOWN) {
            if (sameName(known, text)) {
                return known;
            }
        }
        return new DeploymentStatus(text);
    }

    /** Tells whether it is one of the constants of this class. */
    public boolean known() {
        return KNOWN.contains(this);
    }
}
