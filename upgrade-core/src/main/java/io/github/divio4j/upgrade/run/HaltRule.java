package io.github.divio4j.upgrade.run;

/** What becomes of the other environments when one fails, or is blocked after the run has begun with it. */
public enum HaltRule {
    /**
     * Those under way finish; in the wave of the failed one and in later waves nothing new begins. A failure while an
     * environment is prepared stops all waves, since all are prepared before the first one is migrated.
     */
    STOP_WAVE,
    /**
     * Every environment stops after the step it is in; one that is between its first rename and its deployment is brought
     * to the end of its deployment first.
     */
    STOP_ALL,
    /** The others go on, and so do later waves. Only a canary still stops its wave: that is what it is for. */
    GO_ON
}
