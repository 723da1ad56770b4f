package io.github.divio4j.upgrade.run;

import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.UpgradeSpec.OldInstance;
import io.github.divio4j.upgrade.UpgradeSpec.Provisioning;
import io.github.divio4j.upgrade.UpgradeSpec.Restoring;
import io.github.divio4j.upgrade.UpgradeSpec.Verification;
import io.github.divio4j.upgrade.UpgradeSpec.WritesPolicy;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * What befalls one simulated upgrade. All decisions come from one generator, so the same seed and number lead to the same
 * upgrade. Each schedule draws the few things that can happen in it, so that they meet in many combinations.
 */
final class Schedule {

    /** What can happen. */
    enum Injection {
        CRASH_BEFORE,
        CRASH_AFTER,
        KILL,
        STOP,
        LOSE_ANSWER,
        THROW_BEFORE,
        THROW_AFTER,
        FAIL,
        THROTTLE,
        DUPLICATE,
        BLIND,
        SLOW,
        STUCK,
        DEPLOYED_BY_OTHERS,
        RENAMED_BY_OTHERS,
        TARGET_DELETED_BY_OTHERS,
        SOURCE_DELETED_BY_OTHERS,
        BACKUPS_EXPIRE,
        SECOND_RUNNER,
        JOURNAL_LOST,
        JOURNAL_TORN,
        CLOCK_JUMP,
        TURNED_ROUND
    }

    /** How far a runner's clock may be from the platform's. */
    static final Duration SKEW = Duration.ofMinutes(10);

    private static final Duration USUAL = Duration.ofMinutes(1);
    private static final int CALLS_FOR_A_CHANGE = 4;
    private static final List<Double> RATES = List.of(0.01, 0.03, 0.1);

    final RandomGenerator random;
    final int environments;
    final String prefix;
    private final OldInstance oldInstance;
    private final boolean downloads;
    private final Duration retention;
    private final WritesPolicy writes;
    private final Verification verification;
    private final boolean analyze;
    private final Provisioning provisioning;
    private final Restoring restoring;
    final int sideBySide;
    final boolean foreignInstances;
    final HaltRule haltRule;
    /** How many calls are made before everything is calm. */
    final int faultyCalls;

    private final Set<Injection> drawn = EnumSet.noneOf(Injection.class);
    private final Map<Injection, Integer> counts = new EnumMap<>(Injection.class);
    private final double rate;
    private boolean calm;

    /**
     * Draws a schedule.
     *
     * @param certain what can happen in it in any case
     */
    Schedule(long seed, int number, Set<Injection> certain) {
        random = new SplittableRandom(new SplittableRandom(seed).nextLong() + number * 0x9E3779B97F4A7C15L);
        environments = random.nextInt(4) == 0 ? 3 : 1 + random.nextInt(2);
        prefix = random.nextInt(4) == 0 ? "MAIN" : "DEFAULT";
        oldInstance = random.nextInt(4) == 0 ? OldInstance.KEEP : OldInstance.DELETE;
        downloads = random.nextInt(4) == 0;
        retention = Duration.ofHours(random.nextInt(6) == 0 ? 3 : 0);
        writes = random.nextInt(2) == 0 ? WritesPolicy.ACCEPT_LOSS : oneOf(List.of(WritesPolicy.values()));
        verification = writes == WritesPolicy.ACCEPT_LOSS ? Verification.NONE : oneOf(List.of(Verification.values()));
        analyze = random.nextInt(4) == 0;
        provisioning = random.nextInt(4) == 0 ? Provisioning.BY_DEPLOYMENT : Provisioning.BY_CALL;
        restoring = random.nextInt(4) == 0 ? Restoring.BY_UPLOAD : Restoring.INTO_TARGET;
        sideBySide = 1 + random.nextInt(environments);
        foreignInstances = random.nextInt(4) == 0;
        haltRule = oneOf(List.of(HaltRule.values()));
        faultyCalls = 40 + random.nextInt(220);
        rate = oneOf(RATES);
        for (Injection injection : Injection.values()) {
            // What somebody destroys hides what else may go wrong.
            boolean destroys = injection == Injection.RENAMED_BY_OTHERS
                    || injection == Injection.TARGET_DELETED_BY_OTHERS
                    || injection == Injection.SOURCE_DELETED_BY_OTHERS
                    || injection == Injection.BACKUPS_EXPIRE;
            if (random.nextInt(destroys ? 10 : 4) == 0) {
                drawn.add(injection);
            }
        }
        drawn.addAll(certain);
    }

    UpgradeSpec spec() {
        UpgradeSpec.Builder spec = UpgradeSpec.to("15")
                .oldInstance(oldInstance)
                .writes(writes)
                .verification(verification)
                .provisioning(provisioning)
                .restoring(restoring);
        if (analyze) {
            spec.preflight().analyze();
        }
        if (downloads) {
            spec.downloadBackup();
        }
        return (retention.isZero() ? spec : spec.deleteOldInstanceAfter(retention)).build();
    }

    <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** Whether it happens now. */
    boolean strikes(Injection injection) {
        return strikes(injection, rate);
    }

    /** Whether it happens to a change: there is one change among many calls. */
    boolean strikesChange(Injection injection) {
        return strikes(injection, CALLS_FOR_A_CHANGE * rate);
    }

    private boolean strikes(Injection injection, double probability) {
        boolean strikes = isDrawn(injection) && random.nextDouble() < probability;
        if (strikes) {
            count(injection);
        }
        return strikes;
    }

    /** Whether it can happen in this schedule now. */
    boolean isDrawn(Injection injection) {
        return !calm && drawn.contains(injection);
    }

    void count(Injection injection) {
        counts.merge(injection, 1, Integer::sum);
    }

    /** From now on nothing happens any more. */
    void calmDown() {
        calm = true;
    }

    /** How often what happened. */
    Map<Injection, Integer> counts() {
        return counts;
    }

    /** How long an operation of the platform takes. */
    Duration duration(Step.Kind kind) {
        if (strikesChange(Injection.STUCK)) {
            return Duration.ofMinutes(60 + random.nextInt(600));
        }
        if (isDrawn(Injection.SLOW)) {
            count(Injection.SLOW);
            double factor = Math.exp(random.nextGaussian() * 1.3);
            return Duration.ofSeconds(Math.min(43_200, 1 + (long) (120 * factor)));
        }
        return kind == Step.Kind.PROVISION ? USUAL.multipliedBy(2) : USUAL;
    }

    /** How long it takes until somebody runs again. */
    Duration pause() {
        return Duration.ofSeconds(1 + (long) (300 * Math.exp(random.nextGaussian() * 1.5)));
    }

    @Override
    public String toString() {
        return environments + " environments, " + sideBySide + " side by side, prefix " + prefix + ", old instance "
                + oldInstance + (downloads ? ", backups stored" : "") + ", writes " + writes + ", verification "
                + verification + (analyze ? ", analyzed" : "") + ", provisioning " + provisioning + ", restoring " + restoring
                + (retention.isZero() ? "" : ", deleted after " + retention) + ", " + haltRule + ", " + faultyCalls + " calls with " + drawn + " at a rate of " + rate;
    }
}
