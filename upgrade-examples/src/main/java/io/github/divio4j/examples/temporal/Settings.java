package io.github.divio4j.examples.temporal;

/**
 * How an upgrade is driven; the same from its start to its end.
 *
 * @param gates whether each wave waits for an approval before it migrates
 * @param heartbeatSeconds how long nothing may be heard of an activity until another worker repeats it: longer than a request under way may
 *     take to have its effect
 * @param longestHistory how many events the history of an environment's workflow may have before it goes on in a new one
 */
public record Settings(boolean gates, int heartbeatSeconds, int longestHistory) {

    /** No gates, half a minute, and far from Temporal's limit of 51,200 events. */
    public static final Settings USUAL = new Settings(false, 30, 2_000);

    /** The same, with a gate before each wave. */
    public Settings withGates() {
        return new Settings(true, heartbeatSeconds, longestHistory);
    }
}
