package io.github.divio4j.upgrade.postgres;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Something that was asked of a database did not come about. The message says what was tried, on what, why it failed, what is
 * true now and what to do next; the parts can be read one by one as well.
 *
 * <p>Passwords and addresses are taken out of the message and out of the causes, whatever the driver says.
 */
public final class DatabaseException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why something did not come about. More reasons may be added in minor versions. */
    public enum Reason {
        /** There was no answer, or the server takes no connections at this moment. */
        UNREACHABLE("Check that the server runs and that this machine may connect to it, then try again."),
        /** The user or the password is wrong, the server does not let this user in, or there is no such database. */
        LOGIN_REFUSED("Check user, password and the name of the database, and that the user may connect to it."),
        /** The connection was there and is gone: the server was stopped, the session was ended, the network failed. */
        CONNECTION_LOST("Try again; if it happens again, look into the server's log."),
        /** The server, the database or the role allows no further connection. */
        TOO_MANY_CONNECTIONS("Use fewer connections, or end some of those that are open."),
        /** The role lacks a right. */
        NO_PERMISSION("Grant the right to the role, or use the role that owns the objects."),
        /** A statement, a wait for a lock or the whole transaction took longer than it may. */
        TIMED_OUT("Allow more time, or try again when the database has less to do."),
        /** A table or another object was there and is gone, or is no longer what it was. */
        CHANGED_MEANWHILE("See to it that nobody changes the tables meanwhile, then try again."),
        /** The database takes no writes: it is in recovery, or somebody has made it read-only. */
        READ_ONLY("Use the primary server, and a database that takes writes."),
        /** The server is older than 9.6, or no PostgreSQL server. */
        UNSUPPORTED("Use a server of PostgreSQL 9.6 or newer."),
        /** A fence stands there that somebody else has raised. */
        FENCED("Let whoever raised the fence lift it."),
        /** The fence does not keep all writes out. */
        NOT_FENCED("See to it that nobody writes in spite of the fence, then raise it again."),
        /** A mark is of another database, or so old that the server can no longer tell what came after it. */
        UNFIT_MARK("Use a mark that was taken in this database."),
        /** The thread that waited was interrupted. */
        INTERRUPTED("Try again."),
        /** The server refused it for another reason; its words are in the message. */
        REFUSED("See what the server says, and its log.");

        private final String remedy;

        Reason(String remedy) {
            this.remedy = remedy;
        }

        String remedy() {
            return remedy;
        }
    }

    /** An address of a database, with whatever is in it; then what stands behind the word "password". */
    private static final Pattern ADDRESS =
            Pattern.compile("\\b(?:jdbc:)?postgres(?:ql)?:\\S*", Pattern.CASE_INSENSITIVE);

    private static final Pattern PASSWORD = Pattern.compile(
            "\\b(password|passwd|pwd)(\\s*[=:]\\s*)(?:\"[^\"]*\"|'[^']*'|[^\\s&;,)}]+)", Pattern.CASE_INSENSITIVE);

    private final Reason reason;
    private final String subject;
    private final String trueNow;
    private final String remedy;

    private DatabaseException(
            Reason reason,
            String action,
            String subject,
            String why,
            String trueNow,
            String remedy,
            @Nullable SQLException cause) {
        super(
                "could not " + action + " (" + subject + "): " + sentence(why) + " " + sentence(trueNow) + " " + remedy,
                cause == null ? null : withoutSecrets(cause));
        this.reason = reason;
        this.subject = subject;
        this.trueNow = sentence(trueNow);
        this.remedy = remedy;
    }

    /**
     * Says what a server, or the driver on the way to it, answered.
     *
     * @param action what was tried, as it follows "could not": {@code compare the rows}
     * @param subject what it was tried on: {@code table public.orders of the source}
     * @param trueNow what the caller can rely on after the failure: {@code nothing was changed}
     */
    static DatabaseException of(String action, String subject, String trueNow, SQLException cause) {
        Reason reason = reasonOf(cause);
        AccessException noWay = noWay(cause);
        return new DatabaseException(
                reason, action, subject, words(cause), trueNow, noWay == null ? reason.remedy : noWay.remedy(), cause);
    }

    /** Says the same as {@link #of(String, String, String, SQLException)}, with a remedy of its own. */
    static DatabaseException of(String action, String subject, String trueNow, String remedy, SQLException cause) {
        return new DatabaseException(reasonOf(cause), action, subject, words(cause), trueNow, remedy, cause);
    }

    /**
     * Says what no answer of a server says.
     *
     * @param why the reason in words, without secrets
     */
    static DatabaseException because(
            Reason reason, String action, String subject, String why, String trueNow, String remedy) {
        return new DatabaseException(reason, action, subject, why, trueNow, remedy, null);
    }

    /** Returns why it did not come about. */
    public Reason reason() {
        return reason;
    }

    /** Returns what it was tried on, such as {@code table public.orders of the source}. */
    public String subject() {
        return subject;
    }

    /** Returns what is true now, after the failure, as a sentence. */
    public String trueNow() {
        return trueNow;
    }

    /** Returns what to do next, as a sentence. */
    public String remedy() {
        return remedy;
    }

    /** Tells the reason by the SQLSTATE (PostgreSQL's appendix "Error Codes"), which a pool may hide in a cause. */
    static Reason reasonOf(SQLException exception) {
        String state = state(exception);
        if (state == null) {
            if (exception instanceof SQLTimeoutException) {
                return Reason.TIMED_OUT;
            }
            boolean connecting = exception instanceof SQLTransientConnectionException
                    || exception instanceof SQLNonTransientConnectionException;
            return connecting ? Reason.UNREACHABLE : Reason.REFUSED;
        }
        return switch (state) {
            case "08001", "08004", "57P03" -> Reason.UNREACHABLE;
            case "57P01", "57P02", "57P05", "25P03" -> Reason.CONNECTION_LOST;
            case "28000", "28P01", "3D000" -> Reason.LOGIN_REFUSED;
            case "53300" -> Reason.TOO_MANY_CONNECTIONS;
            case "42501" -> Reason.NO_PERMISSION;
            case "57014", "55P03", "25P04" -> Reason.TIMED_OUT;
            case "42P01", "42703", "42704", "42883", "3F000" -> Reason.CHANGED_MEANWHILE;
            case "25006" -> Reason.READ_ONLY;
            default -> state.startsWith("08") ? Reason.CONNECTION_LOST : Reason.REFUSED;
        };
    }

    /** A pool may hide it in a cause. */
    private static @Nullable AccessException noWay(SQLException exception) {
        for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
            if (cause instanceof AccessException noWay) {
                return noWay;
            }
        }
        return null;
    }

    private static @Nullable String state(SQLException exception) {
        for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return null;
    }

    /** The first line says what is wrong; the others show the statement, and hint at it. */
    static String words(SQLException exception) {
        AccessException noWay = noWay(exception);
        if (noWay != null) {
            return withoutSecrets(noWay.why());
        }
        String message = withoutSecrets(String.valueOf(exception.getMessage()).strip());
        String state = state(exception);
        return message.lines().findFirst().orElse("") + (state == null ? "" : " [SQLSTATE " + state + "]");
    }

    private static String sentence(String text) {
        String start = text.isEmpty() ? "" : Character.toUpperCase(text.charAt(0)) + text.substring(1);
        return start.endsWith(".") ? start : start + ".";
    }

    private static String withoutSecrets(String text) {
        return PASSWORD.matcher(ADDRESS.matcher(text).replaceAll("(address)")).replaceAll("$1$2***");
    }

    /** A cause that holds no secret, nor any in the causes below it, is kept; otherwise one stands in for all of them. */
    private static SQLException withoutSecrets(SQLException cause) {
        boolean clean = true;
        for (Throwable t = cause; t != null && clean; t = t.getCause()) {
            String message = String.valueOf(t.getMessage());
            clean = message.equals(withoutSecrets(message)) && t.getSuppressed().length == 0;
        }
        if (clean && cause.getNextException() == null) {
            return cause;
        }
        SQLException standIn = new SQLException(
                withoutSecrets(String.valueOf(cause.getMessage())), state(cause), cause.getErrorCode());
        standIn.setStackTrace(cause.getStackTrace());
        return standIn;
    }
}
