package io.github.divio4j.upgrade;

import static java.util.Objects.requireNonNull;

import java.util.List;

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
     * @param steps what is missing, in order; never empty
     */
    record Ready(
            EnvironmentRef environment,
            int wave,
            PostgresVersion from,
            PostgresVersion to,
            String prefix,
            boolean inCutover,
            List<Step> steps)
            implements EnvironmentPlan {
        /** Checks that there is something to do. */
        public Ready {
            requireNonNull(environment, "environment");
            requireNonNull(from, "from");
            requireNonNull(to, "to");
            requireNonNull(prefix, "prefix");
            steps = List.copyOf(steps);
            if (steps.isEmpty()) {
                throw new IllegalArgumentException("nothing to do in " + environment + ": it is up to date");
            }
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
