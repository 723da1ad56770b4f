package io.github.divio4j.upgrade;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is wished: the version to move to, and how. Immutable; two specs with the same settings are equal.
 *
 * <p>Defaults: the source is found by itself (the one PostgreSQL instance that is older than the target), the target
 * service is the region's only one of the wished version, staging prefix {@code NEW}, retired prefix {@code OLD}; writes go
 * on as in Divio's manual, and may be lost; a backup may be 1 hour old when the application moves over, and is not
 * downloaded; nothing is looked for before, nothing is compared and no statistics are collected, which takes access to the databases; a step may take 2
 * hours; the target is provisioned by the call for that, and a restore names it as its target; the old instance is deleted
 * at once; and every environment but {@code live} goes in the first wave, {@code live} in the second. {@link #to} starts
 * from these, {@link #withoutLoss} from safer ones.
 *
 * <p>Gates, limits and what else belongs to a run rather than to the wish is set at the {@code UpgradeRunner}.
 */
public final class UpgradeSpec {

    private static final Pattern PREFIX = Pattern.compile("[A-Z][A-Z0-9_]*");
    private static final String LIVE = "live";
    private static final OptionalInt FIRST = OptionalInt.of(0);
    private static final OptionalInt SECOND = OptionalInt.of(1);

    /** What happens to the old instance after the application has moved. */
    public enum OldInstance {
        /** It is deleted as the last step. Its data is gone then. */
        DELETE,
        /** It stays, detached, under the retired prefix. */
        KEEP
    }

    /** What becomes of what the application writes while its data is copied. */
    public enum WritesPolicy {
        /** A fence keeps the source from being written to from the backup on, or nothing is begun. */
        FENCE_REQUIRED,
        /** A fence where one is possible; elsewhere as {@link #ACCEPT_LOSS}. */
        FENCE_IF_POSSIBLE,
        /** What is written between the backup and the deployment is lost, as in Divio's manual. */
        ACCEPT_LOSS
    }

    /** How thoroughly the target is compared with the source before the application moves. From less to more. */
    public enum Verification {
        /** Not at all. */
        NONE,
        /** What there is, and how many rows each table has. */
        COUNTS,
        /** The contents of all tables, too. */
        CHECKSUMS
    }

    /** How the target is set up. */
    public enum Provisioning {
        /** By the platform's call for that, which no source of Divio shows, as in step 3 of its manual. */
        BY_CALL,
        /**
         * By deploying, which is documented: the target is attached by a first deployment and detached by a second, so that it
         * can be filled unseen. Each environment is deployed twice more, in its wave. A backup whose note names the target is
         * taken before, which shows later that the target was empty then.
         */
        BY_DEPLOYMENT
    }

    /** How the data gets into the target. */
    public enum Restoring {
        /** The restore names the target, in a field that no source of Divio shows. */
        INTO_TARGET,
        /**
         * By calls that Divio's own tool makes: the backup is downloaded, uploaded again as a backup of the target, and that is
         * restored. All data goes through this machine, twice, by way of a temporary file that only this user can read; a process
         * that is killed leaves it there.
         */
        BY_UPLOAD
    }

    private final PostgresVersion targetVersion;
    private final @Nullable String targetServiceId;
    private final @Nullable Predicate<CatalogueService> targetSelector;
    private final @Nullable String sourcePrefix;
    private final @Nullable String sourceInstanceId;
    private final String stagingPrefix;
    private final String retiredPrefix;
    private final WritesPolicy writes;
    private final Duration maximumBackupAge;
    private final Verification verification;
    private final boolean preflight;
    private final boolean analyze;
    private final boolean downloadBackup;
    private final Provisioning provisioning;
    private final Restoring restoring;
    private final Duration deadline;
    private final Map<Step.Kind, Duration> deadlines;
    private final OldInstance oldInstance;
    private final Duration retention;
    private final List<List<String>> waves;
    private final @Nullable ToIntFunction<EnvironmentRef> waveFunction;

    private UpgradeSpec(Builder builder) {
        this.targetVersion = builder.targetVersion;
        this.targetServiceId = builder.targetServiceId;
        this.targetSelector = builder.targetSelector;
        this.sourcePrefix = builder.sourcePrefix;
        this.sourceInstanceId = builder.sourceInstanceId;
        this.stagingPrefix = builder.stagingPrefix;
        this.retiredPrefix = builder.retiredPrefix;
        this.writes = builder.writes;
        this.maximumBackupAge = builder.maximumBackupAge;
        this.verification = builder.verification;
        this.preflight = builder.preflight;
        this.analyze = builder.analyze;
        this.downloadBackup = builder.downloadBackup;
        this.provisioning = builder.provisioning;
        this.restoring = builder.restoring;
        this.deadline = builder.deadline;
        this.deadlines = Map.copyOf(builder.deadlines);
        this.oldInstance = builder.oldInstance;
        this.retention = builder.retention;
        this.waves = List.copyOf(builder.waves);
        this.waveFunction = builder.waveFunction;
    }

    /** Starts a spec that moves to a version. */
    public static Builder to(PostgresVersion version) {
        return new Builder(version);
    }

    /**
     * Starts a spec that moves to a version, written as in {@link PostgresVersion#parse}.
     *
     * @throws IllegalArgumentException if it is no version of PostgreSQL
     */
    public static Builder to(String version) {
        return new Builder(PostgresVersion.parse(version));
    }

    /**
     * Starts a spec that loses nothing and can be checked: what would break the upgrade is looked for before, a fence is required, the
     * contents of all tables are compared, statistics are collected, the backup is downloaded, and the old instance is kept for 7 days. It takes access to the
     * databases. Each of these can be set otherwise.
     *
     * @throws IllegalArgumentException if it is no version of PostgreSQL
     */
    public static Builder withoutLoss(String version) {
        return to(version)
                .writes(WritesPolicy.FENCE_REQUIRED)
                .verification(Verification.CHECKSUMS)
                .preflight()
                .analyze()
                .downloadBackup()
                .deleteOldInstanceAfter(Duration.ofDays(7));
    }

    /** The version to move to. */
    public PostgresVersion targetVersion() {
        return targetVersion;
    }

    /** The catalogue entry to move to; null to find it by version. */
    public @Nullable String targetServiceId() {
        return targetServiceId;
    }

    /** What chooses among the region's services of the wished version; null if nothing needs to. */
    public @Nullable Predicate<CatalogueService> targetSelector() {
        return targetSelector;
    }

    /** The id of the service instance to leave; null to find the source by prefix or version. */
    public @Nullable String sourceInstanceId() {
        return sourceInstanceId;
    }

    /** The source's prefix before the upgrade; null to find the source by its version. */
    public @Nullable String sourcePrefix() {
        return sourcePrefix;
    }

    /** The prefix that the target carries until the cutover. */
    public String stagingPrefix() {
        return stagingPrefix;
    }

    /** The prefix that the source carries from the cutover on. */
    public String retiredPrefix() {
        return retiredPrefix;
    }

    /** What becomes of what the application writes while its data is copied. */
    public WritesPolicy writes() {
        return writes;
    }

    /**
     * How old a backup may be, counted from its start, for the application to move to what was restored from it. What was
     * backed up under a fence that still holds does not grow old.
     */
    public Duration maximumBackupAge() {
        return maximumBackupAge;
    }

    /** How thoroughly the target is compared with the source before the application moves. */
    public Verification verification() {
        return verification;
    }

    /** Whether it is looked for what would break the upgrade before it is begun. */
    public boolean preflight() {
        return preflight;
    }

    /** Whether statistics of the target are collected before the application moves. */
    public boolean analyze() {
        return analyze;
    }

    /** How the target is set up. */
    public Provisioning provisioning() {
        return provisioning;
    }

    /** How the data gets into the target. */
    public Restoring restoring() {
        return restoring;
    }

    /** How long a step of a kind may take before it counts as failed. */
    public Duration deadline(Step.Kind kind) {
        return deadlines.getOrDefault(kind, deadline);
    }

    /** How long a step of a kind without a deadline of its own may take. */
    public Duration deadline() {
        return deadline;
    }

    /** The kinds of steps that have a deadline of their own. */
    public Map<Step.Kind, Duration> deadlines() {
        return deadlines;
    }

    /** Whether the backup is downloaded before the old instance is deleted (step 6 of Divio's manual). */
    public boolean downloadBackup() {
        return downloadBackup;
    }

    /** What happens to the old instance. */
    public OldInstance oldInstance() {
        return oldInstance;
    }

    /** How long after the application has moved the old instance stays before it is deleted; zero for not at all. */
    public Duration retention() {
        return retention;
    }

    /** What tells the wave of an environment; null if the waves are listed or the default ones. */
    public @Nullable ToIntFunction<EnvironmentRef> waveFunction() {
        return waveFunction;
    }

    /** The slugs of the environments of each wave; empty for the default waves. */
    public List<List<String>> waves() {
        return waves;
    }

    /** The number of an environment's wave, from 0; empty if the spec leaves the environment alone. */
    public OptionalInt waveOf(EnvironmentRef environment) {
        if (waveFunction != null) {
            int wave = waveFunction.applyAsInt(environment);
            return wave < 0 ? OptionalInt.empty() : OptionalInt.of(wave);
        }
        if (waves.isEmpty()) {
            return environment.slug().equals(LIVE) ? SECOND : FIRST;
        }
        for (int i = 0; i < waves.size(); i++) {
            if (waves.get(i).contains(environment.slug())) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    /** The same with listed waves in place of a function. */
    UpgradeSpec withWaves(List<List<String>> listed) {
        Builder builder = toBuilder();
        builder.waveFunction = null;
        builder.waves.clear();
        builder.waves.addAll(listed);
        return builder.build();
    }

    /** The same with a named target service in place of a selector; with neither if it is null. */
    UpgradeSpec withTargetService(@Nullable String serviceId) {
        Builder builder = toBuilder();
        builder.targetSelector = null;
        builder.targetServiceId = serviceId;
        return builder.build();
    }

    Builder toBuilder() {
        Builder builder = new Builder(targetVersion);
        builder.targetServiceId = targetServiceId;
        builder.targetSelector = targetSelector;
        builder.sourcePrefix = sourcePrefix;
        builder.sourceInstanceId = sourceInstanceId;
        builder.stagingPrefix = stagingPrefix;
        builder.retiredPrefix = retiredPrefix;
        builder.writes = writes;
        builder.maximumBackupAge = maximumBackupAge;
        builder.verification = verification;
        builder.preflight = preflight;
        builder.analyze = analyze;
        builder.downloadBackup = downloadBackup;
        builder.provisioning = provisioning;
        builder.restoring = restoring;
        builder.deadline = deadline;
        builder.deadlines.putAll(deadlines);
        builder.oldInstance = oldInstance;
        builder.retention = retention;
        builder.waves.addAll(waves);
        builder.waveFunction = waveFunction;
        return builder;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof UpgradeSpec spec && values().equals(spec.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    private List<?> values() {
        return Arrays.asList(
                targetVersion,
                targetServiceId,
                targetSelector,
                sourcePrefix,
                sourceInstanceId,
                stagingPrefix,
                retiredPrefix,
                writes,
                maximumBackupAge,
                verification,
                preflight,
                analyze,
                downloadBackup,
                provisioning,
                restoring,
                deadline,
                deadlines,
                oldInstance,
                retention,
                waves,
                waveFunction);
    }

    @Override
    public String toString() {
        String source = sourcePrefix == null ? "automatic" : "at " + sourcePrefix;
        return "UpgradeSpec[to PostgreSQL " + targetVersion + ", source "
                + (sourceInstanceId == null ? source : sourceInstanceId) + ", staging " + stagingPrefix
                + ", retired "
                + retiredPrefix + ", writes " + writes + ", backup at most " + maximumBackupAge + " old, "
                + (downloadBackup ? "downloaded" : "not downloaded") + ", verification " + verification
                + (preflight ? ", preflight" : "") + (analyze ? ", analyzed" : "") + ", provisioning " + provisioning
                + ", restoring " + restoring
                + ", deadline " + deadline + (deadlines.isEmpty() ? "" : " but " + new TreeMap<>(deadlines))
                + ", old instance " + oldInstance
                + (retention.isZero() ? "" : " after " + retention)
                + ", waves "
                + (waveFunction != null ? "by a function" : waves.isEmpty() ? "default" : waves) + "]";
    }

    /** Collects the settings of an {@link UpgradeSpec}. Not safe for use by several threads. */
    public static final class Builder {
        private final PostgresVersion targetVersion;
        private @Nullable String targetServiceId;
        private @Nullable Predicate<CatalogueService> targetSelector;
        private @Nullable String sourcePrefix;
        private @Nullable String sourceInstanceId;
        private String stagingPrefix = "NEW";
        private String retiredPrefix = "OLD";
        private WritesPolicy writes = WritesPolicy.ACCEPT_LOSS;
        private Duration maximumBackupAge = Duration.ofHours(1);
        private Verification verification = Verification.NONE;
        private boolean preflight;
        private boolean analyze;
        private boolean downloadBackup;
        private Provisioning provisioning = Provisioning.BY_CALL;
        private Restoring restoring = Restoring.INTO_TARGET;
        private Duration deadline = Duration.ofHours(2);
        private final Map<Step.Kind, Duration> deadlines = new EnumMap<>(Step.Kind.class);
        private OldInstance oldInstance = OldInstance.DELETE;
        private Duration retention = Duration.ZERO;
        private final List<List<String>> waves = new ArrayList<>();
        private @Nullable ToIntFunction<EnvironmentRef> waveFunction;

        private Builder(PostgresVersion targetVersion) {
            this.targetVersion = requireNonNull(targetVersion, "targetVersion");
        }

        /** Names the catalogue entry to move to, where a region offers several of the version or hides the version. */
        public Builder targetService(String serviceId) {
            this.targetServiceId = requireNonNull(serviceId, "serviceId");
            return this;
        }

        /**
         * Chooses among the region's services of the wished version, where a region offers several of it.
         *
         * @param selector is asked for each of them, possibly by several threads; must answer the same each time
         */
        public Builder targetSelector(Predicate<CatalogueService> selector) {
            this.targetSelector = requireNonNull(selector, "selector");
            return this;
        }

        /**
         * Names the source by its id, where an environment has several candidates. It belongs to one environment: list that one
         * alone in a {@link #wave wave}, because in the others this source is missing, which blocks them.
         */
        public Builder sourceInstance(String instanceId) {
            this.sourceInstanceId = requireNonNull(instanceId, "instanceId");
            return this;
        }

        /** Names the source by the prefix it has before the upgrade, where an environment has several candidates. */
        public Builder sourcePrefix(String prefix) {
            this.sourcePrefix = checked(prefix);
            return this;
        }

        /** Sets the prefix that the target carries until the cutover. Default {@code NEW}. */
        public Builder stagingPrefix(String prefix) {
            this.stagingPrefix = checked(prefix);
            return this;
        }

        /** Sets the prefix that the source carries from the cutover on. Default {@code OLD}. */
        public Builder retiredPrefix(String prefix) {
            this.retiredPrefix = checked(prefix);
            return this;
        }

        /** Says what becomes of what the application writes while its data is copied. Default {@link WritesPolicy#ACCEPT_LOSS}. */
        public Builder writes(WritesPolicy policy) {
            this.writes = requireNonNull(policy, "policy");
            return this;
        }

        /**
         * Lets the target be compared with the source before the application moves, while a fence keeps the source as it was
         * backed up: under {@link WritesPolicy#FENCE_IF_POSSIBLE} it is compared where there is a fence. The old instance is
         * deleted only after that. Default {@link Verification#NONE}.
         */
        public Builder verification(Verification level) {
            this.verification = requireNonNull(level, "level");
            return this;
        }

        /**
         * Looks, before anything else is done to an environment's data, for what would break the restore or get lost by it; that becomes
         * blockers. It takes access to the databases. Default: it is not looked for.
         */
        public Builder preflight() {
            this.preflight = true;
            return this;
        }

        /**
         * Lets statistics of the target be collected before the application moves: a restore brings none, and queries are
         * planned badly without. Default: they are not.
         */
        public Builder analyze() {
            this.analyze = true;
            return this;
        }

        /** Says how the target is set up. Default {@link Provisioning#BY_CALL}. */
        public Builder provisioning(Provisioning route) {
            this.provisioning = requireNonNull(route, "route");
            return this;
        }

        /** Says how the data gets into the target. Default {@link Restoring#INTO_TARGET}. */
        public Builder restoring(Restoring route) {
            this.restoring = requireNonNull(route, "route");
            return this;
        }

        /**
         * Sets how long a step may take before it counts as failed. What it began goes on at the platform, may still end well,
         * and is found by the next run. Default 2 hours.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder deadline(Duration time) {
            this.deadline = positive(time);
            return this;
        }

        /**
         * Sets how long a step of one kind may take, other than {@link #deadline(Duration)} says.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder deadline(Step.Kind kind, Duration time) {
            deadlines.put(requireNonNull(kind, "kind"), positive(time));
            return this;
        }

        private static Duration positive(Duration deadline) {
            if (deadline.isNegative() || deadline.isZero()) {
                throw new IllegalArgumentException("a deadline must be positive, not " + deadline);
            }
            return deadline;
        }

        /**
         * Sets how old a backup may be when the application moves over. An older one is taken again. Default 1 hour.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder maximumBackupAge(Duration age) {
            if (age.isNegative() || age.isZero()) {
                throw new IllegalArgumentException("the maximum backup age must be positive, not " + age);
            }
            this.maximumBackupAge = age;
            return this;
        }

        /**
         * Lets the backup be downloaded once the application has moved, before the old instance is deleted. What executes the
         * steps knows where to. Default: it is not.
         */
        public Builder downloadBackup() {
            this.downloadBackup = true;
            return this;
        }

        /**
         * Lets the old instance be deleted some time after the application has moved. Until then the environment is up to
         * date, and a later run deletes it.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder deleteOldInstanceAfter(Duration time) {
            if (time.isNegative() || time.isZero()) {
                throw new IllegalArgumentException("the old instance must stay for a positive time, not " + time);
            }
            this.oldInstance = OldInstance.DELETE;
            this.retention = time;
            return this;
        }

        /** Says what happens to the old instance. Default {@link OldInstance#DELETE}. */
        public Builder oldInstance(OldInstance choice) {
            this.oldInstance = requireNonNull(choice, "choice");
            this.retention = Duration.ZERO;
            return this;
        }

        /**
         * Adds a wave: environments, by slug, that migrate after all waves added before. Once a wave is listed,
         * environments that are in none are left alone.
         *
         * @throws IllegalArgumentException if no slug is given
         */
        public Builder wave(String... environmentSlugs) {
            if (environmentSlugs.length == 0) {
                throw new IllegalArgumentException("a wave needs at least one environment");
            }
            waves.add(List.of(environmentSlugs));
            return this;
        }

        /**
         * Tells the wave of each environment by a function.
         *
         * @param function the number of the wave, from 0; negative for environments to leave alone; must answer the same each
         *     time
         */
        public Builder waves(ToIntFunction<EnvironmentRef> function) {
            this.waveFunction = requireNonNull(function, "function");
            return this;
        }

        /**
         * Makes the spec.
         *
         * @throws IllegalArgumentException if two of the prefixes are the same, an environment is in two waves, or two settings
         *     contradict each other
         */
        public UpgradeSpec build() {
            if (stagingPrefix.equals(retiredPrefix)) {
                throw new IllegalArgumentException("staging and retired prefix are both " + stagingPrefix
                        + "; they are carried at the same time and must differ");
            }
            if (stagingPrefix.equals(sourcePrefix) || retiredPrefix.equals(sourcePrefix)) {
                throw new IllegalArgumentException("the source prefix " + sourcePrefix
                        + " is also the staging or the retired prefix; choose another one for that");
            }
            if (waveFunction != null && !waves.isEmpty()) {
                throw new IllegalArgumentException("waves are either listed or told by a function");
            }
            if (targetServiceId != null && targetSelector != null) {
                throw new IllegalArgumentException("the target service is either named or selected");
            }
            if (verification != Verification.NONE && writes == WritesPolicy.ACCEPT_LOSS) {
                throw new IllegalArgumentException("the target can be compared only with a source that stands still:"
                        + " verification needs a writes policy with a fence (writes)");
            }
            Set<String> seen = new HashSet<>();
            for (List<String> wave : waves) {
                for (String slug : wave) {
                    if (!seen.add(slug)) {
                        throw new IllegalArgumentException("environment " + slug + " is listed in the waves twice");
                    }
                }
            }
            return new UpgradeSpec(this);
        }

        private static String checked(String prefix) {
            if (!PREFIX.matcher(prefix).matches()) {
                throw new IllegalArgumentException("not a prefix: \"" + prefix
                        + "\"; use upper-case letters, digits and underscores, a letter first: it becomes part of"
                        + " the name of an environment variable");
            }
            return prefix;
        }
    }
}
