package io.github.divio4j.client.model;

import java.util.Objects;

/**
 * A command that runs in the new image at the start of a deployment.
 *
 * @param label its name
 * @param command what is run
 */
public record ReleaseCommand(String label, String command) {
    /** Checks the parts. */
    public ReleaseCommand {
        Objects.requireNonNull(label, "label");
        Objects.requireNonNull(command, "command");
    }
}
