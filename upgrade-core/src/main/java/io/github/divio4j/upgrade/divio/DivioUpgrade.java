package io.github.divio4j.upgrade.divio;

import static java.util.Objects.requireNonNull;

import io.github.divio4j.client.DivioClient;
import io.github.divio4j.upgrade.run.DatabaseWork;
import io.github.divio4j.upgrade.run.Observer;
import io.github.divio4j.upgrade.run.StepExecutor;
import io.github.divio4j.upgrade.run.UpgradeRunner;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The environments of one application on Divio, ready to be upgraded: the {@link Observer} that looks at them and the
 * {@link StepExecutor} that changes them. Safe for use by several threads, as the client is. It does not close the client.
 */
public final class DivioUpgrade {

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(3);

    private final Observer observer;
    private final StepExecutor executor;

    private DivioUpgrade(Builder builder) {
        StartedOperations started = new StartedOperations();
        DivioClient divio = builder.divio;
        Clock clock = builder.clock;
        Duration longest = builder.pollInterval;
        OperationPace pace = new OperationPace(clock, builder.jitter, longest, divio::callsThrottled);
        Duration lookAgain = longest.compareTo(LOOK_AGAIN) < 0 ? longest : LOOK_AGAIN;
        BackupStore backups =
                builder.backupDirectory == null ? null : new BackupStore(builder.backupDirectory, divio, clock);
        this.observer = builder.databases.around(new DivioObserver(
                divio, builder.applicationSlug, started, clock, builder.trustAssumedRestore, backups));
        this.executor = builder.databases.around(
                new DivioStepExecutor(divio, started, clock, pace, lookAgain, builder.patience, backups));
    }

    /**
     * Starts the settings for an application.
     *
     * @param divio the client to use
     * @param applicationSlug the application's slug, as in its address in the control panel
     */
    public static Builder builder(DivioClient divio, String applicationSlug) {
        return new Builder(divio, applicationSlug);
    }

    /**
     * What looks at the application's environments. After a step it reads only what the step can have changed and what the
     * next change must know; an operation that runs is read alone. Its {@link Observer#calls()} are those of the client.
     */
    public Observer observer() {
        return observer;
    }

    /** What executes steps. */
    public StepExecutor executor() {
        return executor;
    }

    /** Starts the settings of a runner for this application. */
    public UpgradeRunner.Builder runner() {
        return UpgradeRunner.builder(observer, executor);
    }

    /** Collects the settings of a {@link DivioUpgrade}. Not safe for use by several threads. */
    public static final class Builder {
        private final DivioClient divio;
        private final String applicationSlug;
        private Duration pollInterval = Duration.ofSeconds(30);
        private Duration patience = Duration.ofMinutes(2);
        private boolean trustAssumedRestore;
        private @Nullable Path backupDirectory;
        private DatabaseWork databases = DatabaseWork.none();
        private Clock clock = Clock.systemUTC();
        private DoubleSupplier jitter = () -> ThreadLocalRandom.current().nextDouble();

        private Builder(DivioClient divio, String applicationSlug) {
            this.divio = requireNonNull(divio, "divio");
            this.applicationSlug = requireNonNull(applicationSlug, "applicationSlug");
        }

        /**
         * Sets the longest time between two looks at an operation that runs. Default 30 seconds.
         *
         * <p>Within that, it is looked at after each fortieth of the time that it has run, and not before 100 ms or, once
         * operations of its kind were seen to end, not long before the earliest of them did. All operations together are
         * looked at 40 times a second at most; after answers that say "too many requests", less often.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder pollInterval(Duration interval) {
            this.pollInterval = positive(interval, "poll interval");
            return this;
        }

        /**
         * Sets how long to look for the effect of a change whose answer was lost. After that, a backup, a restore or a
         * deployment counts as failed, to be looked after by a person, because it might run twice; what names an instance
         * is asked for again. Default 2 minutes.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder patience(Duration duration) {
            this.patience = positive(duration, "patience");
            return this;
        }

        /**
         * Allows restores on a platform that does not describe them. By default its description of itself is read before the
         * first step ({@code divio.contract().verify()}), and a plan is blocked if it contradicts a call that a step needs,
         * or does not say that a restore takes another instance as its target: no source of Divio shows that field, and a
         * platform that ignored it would overwrite the source. Say this only if you have seen such a restore go where it was
         * sent, in an application that you could lose.
         */
        public Builder trustAssumedRestore() {
            this.trustAssumedRestore = true;
            return this;
        }

        /** Sets the time of day to go by. Default: the machine's. For virtual time, with the runner's timer. */
        public Builder clock(Clock value) {
            this.clock = requireNonNull(value, "clock");
            return this;
        }

        /**
         * Sets the folder that backups are downloaded to, for specs that ask for it ({@code downloadBackup}): {@code
         * application/environment/BACKUP.dump}, its SHA-256 and a manifest beside it. A file of these names is complete. The
         * folder is made if it is not there. Dumps hold all data of a database: choose a place that only you can read.
         */
        public Builder backupDirectory(Path directory) {
            this.backupDirectory = requireNonNull(directory, "directory");
            return this;
        }

        /**
         * Sets who does what is done inside the databases: fences, comparisons, statistics. Default: nobody; specs that need it
         * are blocked then, and those that take it where it is possible do without.
         */
        public Builder databases(DatabaseWork work) {
            this.databases = requireNonNull(work, "work");
            return this;
        }

        /**
         * Sets where the randomness of delays comes from. Default: the thread's own generator. For tests that must be the
         * same each time.
         *
         * @param value numbers from 0 (inclusive) to 1 (exclusive); it is called by several threads
         */
        public Builder jitter(DoubleSupplier value) {
            this.jitter = requireNonNull(value, "jitter");
            return this;
        }

        private static Duration positive(Duration duration, String what) {
            if (duration.isNegative() || duration.isZero()) {
                throw new IllegalArgumentException("the " + what + " must be positive, not " + duration);
            }
            return duration;
        }

        /** Makes it. Calls nothing yet. */
        public DivioUpgrade build() {
            return new DivioUpgrade(this);
        }
    }
}
