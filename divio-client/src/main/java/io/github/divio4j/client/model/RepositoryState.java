package io.github.divio4j.client.model;

import java.util.List;

/** How far the platform is with copying a repository. Proven: the official command line tool waits for the end. */
public final class RepositoryState extends OpenValue {
    /** Being copied. */
    public static final RepositoryState CLONING = new RepositoryState("CLONING");

    /** Copied. */
    public static final RepositoryState CLONED = new RepositoryState("CLONED");

    /** It cannot be copied. */
    public static final RepositoryState INVALID = new RepositoryState("INVALID");

    /** The API gave no value. */
    public static final RepositoryState UNKNOWN = new RepositoryState("");

    private static final List<RepositoryState> KNOWN = List.of(CLONING, CLONED, INVALID, UNKNOWN);

    private RepositoryState(String text) {
        super(text);
    }

    /** Returns the value with this text, known or not. */
    public static RepositoryState of(String text) {
        for (RepositoryState known : KNOWN) {
            if (sameName(known, text)) {
                return known;
            }
        }
        return new RepositoryState(text);
    }

    /** Tells whether it is one of the constants of this class. */
    public boolean known() {
        return KNOWN.contains(this);
    }
}
