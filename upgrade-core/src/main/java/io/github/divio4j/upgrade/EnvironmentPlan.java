package io.github.divio4j.upgrade;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the planner found for one environment. */
public sealed interface EnvironmentPlan {

    /** The environment. */
    EnvironmentRef environment();

    /** The steps that are missing, in order; empty unless {@link Ready}. */
    default List<Step> steps() {
        return List.of();
    }

    /**
     * The environment can go on.
     *
     * @param environment the environment
     * @param wave its wave, from 0
     * @param from the version it leaves
     * @param to the version it moves to
     * @param prefix the prefix that source and then target carry for the application
     * @param inCutover whether the prefixes are being swapped already: then nothing may come before its next step
     * @param loss what the steps may lose
     * @param steps what is missing, in order; never empty
     */
    record Ready(
            EnvironmentRef environment,
            int wave,
            PostgresVersion from,
            PostgresVersion to,
            String prefix,
            boolean inCutover,
            Loss loss,
            List<Step> steps)
            implements EnvironmentPlan {
        /** Checks that there is something to do. */
        public Ready {
            requireNonNull(environment, "environment");
            requireNonNull(from, "from");
            requireNonNull(to, "to");
            requireNonNull(prefix, "prefix");
            requireNonNull(loss, "loss");
            steps = List.copyOf(steps);
            if (steps.isEmpty()) {
                throw new IllegalArgumentException("nothing to do in " + environment + ": it is up to date");
            }
        }
    }

    /**
     * What may be lost when the steps of a plan are done: rows that are written to a database that the application then
     * leaves.
     *
     * @param kind which rows
     * @param since for {@link Kind#WRITES_SINCE_SWITCH}: no later than the moment the application moved to the target, as
     *     far as the platform tells; otherwise null
     */
    record Loss(Kind kind, @Nullable Instant since) {
        /** Which rows may be lost. */
        public enum Kind {
            /** None. */
            NOTHING,
            /** Those written to the source from its backup to the end of the deployment, unless writing is stopped. */
            UNPROTECTED_WINDOW,
            /** Those written to the target since the application moved to it. */
            WRITES_SINCE_SWITCH
        }

        static final Loss NOTHING = new Loss(Kind.NOTHING, null);
        static final Loss UNPROTECTED_WINDOW = new Loss(Kind.UNPROTECTED_WINDOW, null);

        /** Checks that nothing is missing. */
        public Loss {
            requireNonNull(kind, "kind");
        }

        static Loss writesSince(@Nullable Instant switched) {
            return new Loss(Kind.WRITES_SINCE_SWITCH, switched);
        }
    }

    /**
     * Nothing is left to do.
     *
     * @param environment the environment
     * @param reason why, as a sentence
     */
    record UpToDate(EnvironmentRef environment, String reason) implements EnvironmentPlan {
        /** Checks that nothing is missing. */
        public UpToDate {
            requireNonNull(environment, "environment");
            requireNonNull(reason, "reason");
        }
    }

    /**
     * The spec lists its waves and the environment is in none of them, so nothing is planned for it.
     *
     * @param environment the environment
     */
    record LeftAlone(EnvironmentRef environment) implements EnvironmentPlan {
        /** Checks that nothing is missing. */
        public LeftAlone {
            requireNonNull(environment, "environment");
        }
    }

    /**
     * The environment cannot go on.
     *
     * @param environment the environment
     * @param blockers everything that stands in the way; never empty
     */
    record Blocked(EnvironmentRef environment, List<Blocker> blockers) implements EnvironmentPlan {
        /** Checks that there is a reason. */
        public Blocked {
            requireNonNull(environment, "environment");
            blockers = List.copyOf(blockers);
            if (blockers.isEmpty()) {
                throw new IllegalArgumentException(environment + " is blocked by nothing");
            }
        }
    }
}
