package io.github.divio4j.upgrade.postgres;

import static java.util.Objects.requireNonNull;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * There is no way to a database. The message says why, and what to do; a {@link DatabaseException} that comes of it says both too.
 *
 * <p>May be thrown by whatever a caller puts in the way: {@link DatabaseAddresses}, or the data sources of a {@link DatabaseAccess}.
 */
public final class AccessException extends SQLException {

    private static final long serialVersionUID = 1L;

    /** "The client was unable to establish the connection" (PostgreSQL's appendix "Error Codes"). */
    private static final String STATE = "08001";

    private final String why;
    private final String remedy;

    /**
     * Says why there is no way.
     *
     * @param why in words, without secrets, on one line
     * @param remedy what to do, as a sentence
     * @param cause what it comes of; it must hold no secret either
     */
    public AccessException(String why, String remedy, @Nullable Throwable cause) {
        super(sentence(why) + " " + requireNonNull(remedy, "remedy"), STATE, cause);
        this.why = why;
        this.remedy = remedy;
    }

    /** Says why there is no way, as {@link #AccessException(String, String, Throwable)} does, without a cause. */
    public AccessException(String why, String remedy) {
        this(why, remedy, null);
    }

    private static String sentence(String text) {
        return text.endsWith(".") ? text : text + ".";
    }

    /** Returns why there is no way, without the remedy. */
    public String why() {
        return why;
    }

    /** Returns what to do, as a sentence. */
    public String remedy() {
        return remedy;
    }
}
