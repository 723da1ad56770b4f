package io.github.divio4j.upgrade.postgres;

import static java.util.Objects.requireNonNull;

import io.github.divio4j.upgrade.PostgresVersion;
import io.github.divio4j.upgrade.postgres.DatabaseException.Reason;
import io.github.divio4j.upgrade.postgres.Finding.Severity;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Looks, before an upgrade begins, for what would break it: objects that the new version does not take, extensions that the target lacks,
 * what a dump leaves behind, what the application should know, how long it will take.
 *
 * <pre>{@code
 * PreflightResult result = Preflight.of(source, PostgresVersion.parse("17"))
 *         .target(target)                      // compares extensions, locales and roles
 *         .rehearsal(Rehearsal.of(login))      // restores the schema there, and takes it back
 *         .build()
 *         .run();
 * if (!result.passed()) {
 *     throw new IllegalStateException(result.describe());
 * }
 * }</pre>
 *
 * <p>Checked are versions from 9.6 to 18, in both databases as an ordinary owner. Neither is changed: the source is asked in transactions
 * that only read, and a rehearsal is rolled back. Only the difference of the two versions counts: what has been gone since version 12 is
 * nothing to an upgrade from 13. A check that cannot be made, for lack of a right or of time, is a finding.
 *
 * <p>An instance can be used again and by several threads.
 */
public final class Preflight {

    /** What was used where nobody said what a restore takes: about three minutes for a gigabyte. */
    private static final long BYTES_PER_SECOND = 6_000_000;

    private final DataSource source;
    private final @Nullable DataSource target;
    private final PostgresVersion targetVersion;
    private final @Nullable Rehearsal rehearsal;
    private final Duration statementTimeout;
    private final Duration sampling;
    private final long bytesPerSecond;
    private final Pause pause;

    private Preflight(Builder builder) {
        this.source = builder.source;
        this.target = builder.target;
        this.targetVersion = builder.targetVersion;
        this.rehearsal = builder.rehearsal;
        this.statementTimeout = builder.statementTimeout;
        this.sampling = builder.sampling;
        this.bytesPerSecond = builder.bytesPerSecond;
        this.pause = builder.pause;
    }

    /**
     * Returns a builder for a preflight of one database.
     *
     * @param source as the role that makes the backup: what it may not read, a dump by it lacks
     * @param targetVersion where to
     */
    public static Builder of(DataSource source, PostgresVersion targetVersion) {
        return new Builder(source, targetVersion);
    }

    /** Waits for a moment. */
    @FunctionalInterface
    interface Pause {
        void of(Duration time) throws InterruptedException;
    }

    /** Says how to look. Not for several threads. */
    public static final class Builder {
        private final DataSource source;
        private final PostgresVersion targetVersion;
        private @Nullable DataSource target;
        private @Nullable Rehearsal rehearsal;
        private Duration statementTimeout = Duration.ofSeconds(30);
        private Duration sampling = Duration.ofSeconds(5);
        private long bytesPerSecond = BYTES_PER_SECOND;
        private Pause pause = time -> Thread.sleep(time.toMillis());

        private Builder(DataSource source, PostgresVersion targetVersion) {
            this.source = requireNonNull(source, "source");
            this.targetVersion = requireNonNull(targetVersion, "targetVersion");
        }

        /** Sets the way to the target, as the role that will own what is restored; by default there is none. */
        public Builder target(DataSource target) {
            this.target = requireNonNull(target, "target");
            return this;
        }

        /** Restores the schema into the target, and takes it back; by default that is not done. It needs a {@link #target}. */
        public Builder rehearsal(Rehearsal rehearsal) {
            this.rehearsal = requireNonNull(rehearsal, "rehearsal");
            return this;
        }

        /**
         * Sets how long a statement of a check, or its wait for a lock, may take; by default 30 seconds.
         *
         * @param timeout a millisecond or more
         */
        public Builder statementTimeout(Duration timeout) {
            if (timeout.toMillis() < 1) {
                throw new IllegalArgumentException(
                        "the time that a statement may take must be a millisecond or more: " + timeout);
            }
            this.statementTimeout = timeout;
            return this;
        }

        /**
         * Sets how long writes are counted at least; by default 5 seconds. Servers up to 14 learn of writes up to a second late.
         *
         * @param time zero to leave it out
         */
        public Builder sampling(Duration time) {
            if (time.isNegative()) {
                throw new IllegalArgumentException("the time of sampling must not be negative, but is " + time);
            }
            this.sampling = time;
            return this;
        }

        /**
         * Sets how many bytes of a database are backed up and restored in a second, from what earlier ones took; by default six
         * million.
         *
         * @param bytes 1 or more
         */
        public Builder bytesPerSecond(long bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("bytesPerSecond must be 1 or more, but is " + bytes);
            }
            this.bytesPerSecond = bytes;
            return this;
        }

        Builder pause(Pause pause) {
            this.pause = pause;
            return this;
        }

        /** Returns the preflight. */
        public Preflight build() {
            return new Preflight(this);
        }
    }

    /**
     * Looks. Blocks until it has.
     *
     * @throws DatabaseException if one of the databases cannot be reached or is lost meanwhile, or the thread is interrupted; nothing
     *     was changed
     */
    public PreflightResult run() {
        try (Connected before = connect(source, Look.SOURCE)) {
            if (target == null) {
                return look(before, null);
            }
            try (Connected after = connect(target, Look.TARGET)) {
                return look(before, after);
            }
        } catch (SQLException e) {
            throw DatabaseException.of(Look.ACTION, "the databases", "nothing was changed", e);
        }
    }

    private static Connected connect(DataSource database, String subject) {
        try {
            return Connected.to(database);
        } catch (SQLException e) {
            throw DatabaseException.of("connect", subject, "nothing was changed", e);
        }
    }

    /** What a server says of itself. */
    private record Server(int number, String name) {
        static Server of(Connected connected, String subject) {
            try {
                Server server = connected.row(
                        "SELECT current_setting('server_version_num')::integer, current_setting('server_version')",
                        row -> new Server(row.getInt(1), row.getString(2)));
                if (server.number < 90600) {
                    throw DatabaseException.because(
                            Reason.UNSUPPORTED,
                            Look.ACTION,
                            subject,
                            "its server is PostgreSQL " + server.name,
                            "nothing was changed",
                            Reason.UNSUPPORTED.remedy());
                }
                return server;
            } catch (SQLException e) {
                throw DatabaseException.of(Look.ACTION, subject, "nothing was changed", e);
            }
        }

        int major() {
            return number / 10_000;
        }
    }

    private PreflightResult look(Connected before, @Nullable Connected after) {
        Server from = Server.of(before, Look.SOURCE);
        Server to = after == null ? null : Server.of(after, Look.TARGET);
        Look look = new Look(
                before, after, from.major(), to == null ? targetVersion.first() : to.major(), statementTimeout);
        if (to != null && to.major() != targetVersion.first()) {
            look.found(
                    "SERVER",
                    Severity.WARNING,
                    Look.TARGET,
                    "Its server is PostgreSQL " + to.name() + ", not " + targetVersion + " as was asked for.",
                    "See that it is the right one; what follows is about " + to.name() + ".");
        }
        WriteRate rate = new WriteRate(look);
        ServerChecks.check(look);
        Checks.run(look);
        StoredCode.check(look);
        Duration rehearsed = rehearsal == null ? null : rehearsal.run(look);
        Long bytes = size(look);
        Duration duration = duration(bytes, rehearsed);
        Double writesPerSecond = rate.perSecond(duration);
        return new PreflightResult(
                from.name(),
                to == null ? targetVersion.toString() : to.name(),
                look.findings(),
                bytes,
                writesPerSecond,
                duration,
                String.format(
                        Locale.ROOT,
                        "It is assumed that %.1f MB of the database are backed up and restored in a second%s.",
                        bytesPerSecond / 1e6,
                        rehearsed == null
                                ? ""
                                : String.format(
                                        Locale.ROOT,
                                        "; the schema alone took %.1f s in the rehearsal",
                                        rehearsed.toMillis() / 1e3)),
                rehearsed);
    }

    private @Nullable Duration duration(@Nullable Long bytes, @Nullable Duration rehearsed) {
        if (bytes == null) {
            return null;
        }
        Duration rows = Duration.ofMillis(Math.round(bytes * 1e3 / bytesPerSecond));
        return rehearsed == null ? rows : rows.plus(rehearsed);
    }

    private static @Nullable Long size(Look look) {
        Long[] bytes = new Long[1];
        look.askSource(
                "C25",
                () -> look.source()
                        .each(
                                "SELECT pg_database_size(current_database()),"
                                        + " (SELECT count(*) FROM pg_class WHERE oid >= 16384),"
                                        + " (SELECT count(*) FROM pg_largeobject_metadata)",
                                0,
                                row -> {
                                    bytes[0] = row.getLong(1);
                                    look.found(
                                            "C25",
                                            Severity.INFORMATION,
                                            Look.SOURCE,
                                            String.format(
                                                    Locale.ROOT,
                                                    "It takes %.1f MB, with %d tables, indexes and the like, and %d large objects.",
                                                    row.getLong(1) / 1e6,
                                                    row.getLong(2),
                                                    row.getLong(3)),
                                            "See that the new service has room for it.");
                                }));
        return bytes[0];
    }

    /** How many rows are written while the preflight runs, or a little longer. */
    private final class WriteRate {
        private final Look look;
        private final long begin = System.nanoTime();
        private @Nullable Writes first;

        WriteRate(Look look) {
            this.look = look;
            if (!sampling.isZero()) {
                look.askSource("C26", () -> first = Writes.counted(look.source()));
            }
        }

        @Nullable
        Double perSecond(@Nullable Duration duration) {
            Writes counted = first;
            if (counted == null) {
                return null;
            }
            Duration rest = sampling.minusNanos(System.nanoTime() - begin);
            if (!rest.isNegative()) {
                try {
                    pause.of(rest);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw DatabaseException.because(
                            Reason.INTERRUPTED,
                            Look.ACTION,
                            Look.SOURCE,
                            "the thread was interrupted",
                            "nothing was changed",
                            Reason.INTERRUPTED.remedy());
                }
            }
            Double[] rate = new Double[1];
            look.askSource("C26", () -> {
                Writes now = Writes.counted(look.source());
                double seconds = (System.nanoTime() - begin) / 1e9;
                if (!now.restartedSince(counted)) {
                    rate[0] = (now.inserted()
                                    - counted.inserted()
                                    + now.updated()
                                    - counted.updated()
                                    + now.deleted()
                                    - counted.deleted())
                            / seconds;
                    report(rate[0], seconds, duration);
                }
            });
            return rate[0];
        }

        private void report(double perSecond, double seconds, @Nullable Duration duration) {
            look.found(
                    "C26",
                    Severity.INFORMATION,
                    Look.SOURCE,
                    String.format(Locale.ROOT, "%.1f rows a second were written in %.0f s.", perSecond, seconds)
                            + (duration == null || perSecond == 0
                                    ? ""
                                    : String.format(
                                            Locale.ROOT,
                                            " Without a fence about %.0f rows would be lost in the %d s that backup and restore"
                                                    + " may take.",
                                            perSecond * duration.toMillis() / 1e3,
                                            Math.max(1, duration.toSeconds()))),
                    "Fence the writes (WriteFence), or choose an hour with fewer.");
        }
    }
}
