package io.github.divio4j.client.model;

import java.util.List;

/**
 * How far a backup is.
 *
 * <p>Proven: {@code COMPLETED} is the end, good or bad (the official command line tool waits for it), and its tests use {@code WORKING}.
 */
public final class BackupState extends OpenValue {
    /** Not finished. */
    public static final BackupState WORKING = new BackupState("WORKING");

    /** Finished, whatever the result. */
    public static final BackupState COMPLETED = new BackupState("COMPLETED");

    /** The API gave no value. */
    public static final BackupState UNKNOWN = new BackupState("");

    private static final List<BackupState> KNOWN = List.of(WORKING, COMPLETED, UNKNOWN);

    private BackupState(String text) {
        super(text);
    }

    /** Returns the value with this text, known or not. */
    public static BackupState of(String text) {
        for (BackupState known : KNOWN) {
            if (sameName(known, text)) {
                return known;
            }
        }
        return new BackupState(text);
    }

    /** Tells whether it is one of the constants of this class. */
    public boolean known() {
        return KNOWN.contains(this);
    }
}
