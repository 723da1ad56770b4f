package io.github.divio4j.upgrade;

/** How far a backup, a restore or a deployment got. A state that is not known counts as {@link #RUNNING}. */
public enum OperationState {
    /** Not ended yet, as far as is known. */
    RUNNING,
    /** Ended well, as a whole. */
    SUCCEEDED,
    /** Ended badly; a partial success is a failure. */
    FAILED
}
