package io.github.divio4j.upgrade.postgres;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether a {@link WriteFence} is up, whose it is, and what gets past it.
 *
 * @param owner who raised it, as they called themselves; null if there is none
 * @param since when, by the server's clock; null if there is none
 * @param gaps what gets past it, or may; empty if there is no fence
 */
public record FenceState(@Nullable String owner, @Nullable Instant since, List<Gap> gaps) {

    /** What gets past a fence. More kinds may be added in minor versions. */
    public enum Kind {
        /** Raising it did not come to its end: raise it again, or lift it. */
        UNPROVEN(true),
        /** Somebody changed the setting of the database that is the fence. */
        SETTING_CHANGED(true),
        /** The role itself, or its connection, has a setting that counts more than that of the database. */
        OVERRIDDEN(true),
        /** Rows were written after the fence was proven to hold. */
        WRITTEN(true),
        /** A prepared transaction, which can be committed in spite of any fence. */
        PREPARED_TRANSACTION(true),
        /** A session that may be older than the fence, and that this role could not end. */
        OLDER_SESSION(false),
        /** Another role has a setting that counts more than that of the database. */
        ROLE_SETTING(false),
        /** A session that has written, or used temporary tables. */
        WRITING_SESSION(false),
        /** There are large objects, and up to PostgreSQL 15 a read-only transaction may write them. */
        LARGE_OBJECTS(false),
        /** The server no longer knows what it had counted, so that it cannot tell whether rows were written. */
        COUNTERS_RESET(false);

        private final boolean breach;

        Kind(boolean breach) {
            this.breach = breach;
        }

        /** Returns true if the fence does not hold because of it; false if it may still hold. */
        public boolean breach() {
            return breach;
        }
    }

    /**
     * One way past the fence.
     *
     * @param description what it is, as a sentence
     */
    public record Gap(Kind kind, String description) {}

    /** Copies the list. */
    public FenceState {
        gaps = List.copyOf(gaps);
    }

    /** Returns true if there is a fence, whether it holds or not. */
    public boolean up() {
        return owner != null;
    }

    /** Returns true if there is a fence that was proven to hold, and nothing was found since that says otherwise. */
    public boolean holds() {
        return up() && gaps.stream().noneMatch(gap -> gap.kind().breach());
    }

    /** Says it in one line. */
    @Override
    public String toString() {
        if (!up()) {
            return "no fence";
        }
        return "fence of " + owner + " since " + since + (holds() ? ", which holds" : ", which does not hold")
                + (gaps.isEmpty()
                        ? ""
                        : gaps.stream().map(Gap::description).collect(Collectors.joining(" ", ": ", "")));
    }
}
