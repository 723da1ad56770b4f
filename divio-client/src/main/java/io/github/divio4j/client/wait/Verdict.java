package io.github.divio4j.client.wait;

import java.util.Objects;

/**
 * What a poll means for a wait.
 *
 * @param outcome whether to go on
 * @param state the state that was seen, in a word, for people
 * @param known whether the state is one that this version of the client knows. Waiting goes on for one that is not known
 */
public record Verdict(Outcome outcome, String state, boolean known) {
    /** Whether to go on. */
    public enum Outcome {
        /** It has not ended. */
        WAITING,
        /** It has ended well. */
        DONE,
        /** It has ended otherwise, and will not end well. */
        FAILED
    }

    /** Checks the parts. */
    public Verdict {
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(state, "state");
        if (!known && outcome != Outcome.WAITING) {
            throw new IllegalArgumentException("a state that is not known cannot end a wait: " + state);
        }
    }

    /** Returns that it has not ended. */
    public static Verdict waiting(String state) {
        return new Verdict(Outcome.WAITING, state, true);
    }

    /** Returns that nobody knows what it is doing, so that waiting goes on. */
    public static Verdict unknown(String state) {
        return new Verdict(Outcome.WAITING, state, false);
    }

    /** Returns that it has ended well. */
    public static Verdict done(String state) {
        return new Verdict(Outcome.DONE, state, true);
    }

    /** Returns that it has ended otherwise. */
    public static Verdict failed(String state) {
        return new Verdict(Outcome.FAILED, state, true);
    }
}
