package io.github.divio4j.upgrade;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What divio4j writes into the notes of a backup or a restore, so that an operation whose answer was lost, or whose
 * starter was killed, is found again instead of started twice. People read it too, in Divio's list of backups.
 *
 * <p>Which run started an operation tells whether another run is alive; it does not tell whose step it is. To find the
 * operations of a step, whoever started them, use {@link #isOf}, not {@code equals}.
 *
 * @param step the step that started the operation
 * @param instanceId the service instance it works on: the source of a backup, the target of a restore
 * @param run the id of the run that started it; null if that is not known
 * @param over the id of the run that this run took over from; null if from none
 * @param fence the {@linkplain DatabaseFacts.Fence#token token} of the fence that the operation was begun under; null if
 *     under none
 * @param target the instance that a backup claims, or that a copy of one is for; null for all others
 * @param copyOf the backup that another is a copy of; null if it is none
 */
public record OperationNote(
        StepId step,
        String instanceId,
        @Nullable String run,
        @Nullable String over,
        @Nullable String fence,
        @Nullable String target,
        @Nullable String copyOf) {

    private static final String MARK = "divio4j ";

    private static final String INSTANCE = " instance=";
    private static final String RUN = "run=";
    private static final String OVER = "over=";
    private static final String FENCE = "fence=";
    private static final String TARGET = "target=";
    private static final String COPY_OF = "copy-of=";

    /** Checks that nothing is missing and that every part can be read again. */
    public OperationNote {
        requireNonNull(step, "step");
        requireNonNull(instanceId, "instanceId");
        requireWord(instanceId);
        requireWord(run);
        requireWord(over);
        requireWord(fence);
        requireWord(target);
        requireWord(copyOf);
    }

    /** A note that does not say which run it is of. */
    public OperationNote(StepId step, String instanceId) {
        this(step, instanceId, null, null);
    }

    /** A note of an operation that no fence has to do with. */
    public OperationNote(StepId step, String instanceId, @Nullable String run, @Nullable String over) {
        this(step, instanceId, run, over, null, null, null);
    }

    /** The same, of a backup that claims an instance. */
    public OperationNote claiming(String targetId) {
        return new OperationNote(step, instanceId, run, over, fence, targetId, null);
    }

    /** The same, of a copy of a backup, for an instance. */
    public OperationNote copying(String backupId, String targetId) {
        return new OperationNote(step, instanceId, run, over, fence, targetId, backupId);
    }

    private static void requireWord(@Nullable String part) {
        if (part != null && (part.isEmpty() || part.chars().anyMatch(Character::isWhitespace))) {
            throw new IllegalArgumentException("not a part of a note: \"" + part + "\"; it must hold no white space");
        }
    }

    /** Reads a note; empty for a note that somebody else wrote. What somebody appended to one of ours is ignored. */
    public static Optional<OperationNote> parse(@Nullable String notes) {
        if (notes == null || !notes.startsWith(MARK)) {
            return Optional.empty();
        }
        int at = notes.indexOf(INSTANCE);
        if (at < 0) {
            return Optional.empty();
        }
        String[] parts = notes.substring(at + INSTANCE.length()).strip().split("\\s+");
        try {
            return Optional.of(new OperationNote(
                    new StepId(notes.substring(MARK.length(), at)),
                    parts[0],
                    value(parts, RUN),
                    value(parts, OVER),
                    value(parts, FENCE),
                    value(parts, TARGET),
                    value(parts, COPY_OF)));
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    private static @Nullable String value(String[] parts, String name) {
        for (String part : parts) {
            if (part.startsWith(name) && part.length() > name.length()) {
                return part.substring(name.length());
            }
        }
        return null;
    }

    /** Whether it is of an operation that this step asked for, for this instance, in whatever run. */
    public boolean isOf(StepId otherStep, String otherInstanceId) {
        return step.equals(otherStep) && instanceId.equals(otherInstanceId);
    }

    /** The text to write: {@code divio4j shop/test/back-up/DEFAULT/13-15 instance=… run=…}. */
    @Override
    public String toString() {
        return MARK
                + step
                + INSTANCE
                + instanceId
                + (run == null ? "" : " " + RUN + run)
                + (over == null ? "" : " " + OVER + over)
                + (fence == null ? "" : " " + FENCE + fence)
                + (target == null ? "" : " " + TARGET + target)
                + (copyOf == null ? "" : " " + COPY_OF + copyOf);
    }
}
