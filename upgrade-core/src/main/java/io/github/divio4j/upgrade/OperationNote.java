package io.github.divio4j.upgrade;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What divio4j writes into the notes of a backup or a restore, so that an operation whose answer was lost, or whose
 * starter was killed, is found again instead of started twice. People read it too, in Divio's list of backups.
 *
 * @param step the step that started the operation
 * @param instanceId the service instance it works on: the source of a backup, the target of a restore
 */
public record OperationNote(StepId step, String instanceId) {

    private static final String MARK = "divio4j ";

    private static final String INSTANCE = " instance=";

    /** Checks that nothing is missing. */
    public OperationNote {
        requireNonNull(step, "step");
        requireNonNull(instanceId, "instanceId");
    }

    /** Reads a note; empty for a note that somebody else wrote. */
    public static Optional<OperationNote> parse(@Nullable String notes) {
        if (notes == null || !notes.startsWith(MARK)) {
            return Optional.empty();
        }
        int at = notes.indexOf(INSTANCE);
        if (at < 0) {
            return Optional.empty();
        }
        String instanceId = notes.substring(at + INSTANCE.length()).strip();
        if (instanceId.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new OperationNote(new StepId(notes.substring(MARK.length(), at)), instanceId));
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    /** The text to write: {@code divio4j shop/test/back-up/DEFAULT/13-15 instance=…}. */
    @Override
    public String toString() {
        return MARK + step + INSTANCE + instanceId;
    }
}
