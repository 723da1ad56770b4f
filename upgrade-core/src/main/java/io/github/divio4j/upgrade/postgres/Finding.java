package io.github.divio4j.upgrade.postgres;

import static java.util.Objects.requireNonNull;

/**
 * Something that a {@link Preflight} found.
 *
 * @param id of the check that found it: {@code C01} to {@code C30}; {@code SERVER} for what is true of a server as a whole,
 *     {@code LOCK} for a migration tool's lock, {@code REHEARSAL} for what the rehearsal showed
 * @param severity how bad it is
 * @param object what it is about, with its kind and its schema: {@code table public.orders}
 * @param why what is wrong with it, as sentences
 * @param remedy what to do, as sentences
 */
public record Finding(String id, Severity severity, String object, String why, String remedy) {

    /** How bad a finding is, the worst first. */
    public enum Severity {
        /** The backup cannot be made or restored as it is, or loses data: an upgrade would fail. */
        BLOCKS_RESTORE("blocks the restore"),
        /** The restore succeeds, but something gets lost or behaves differently. */
        WARNING("warning"),
        /** The database moves well, but the application or its driver may trip over the new version. */
        APPLICATION("application"),
        /** Good to know. */
        INFORMATION("information");

        private final String words;

        Severity(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /** Checks the parts. */
    public Finding {
        requireNonNull(id, "id");
        requireNonNull(severity, "severity");
        requireNonNull(object, "object");
        requireNonNull(why, "why");
        requireNonNull(remedy, "remedy");
    }

    /** Returns all of it in one line, for people. */
    public String describe() {
        return severity + ": " + id + ", " + object + ": " + why + (remedy.isEmpty() ? "" : " " + remedy);
    }
}
