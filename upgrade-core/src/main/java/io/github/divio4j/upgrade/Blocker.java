package io.github.divio4j.upgrade;

import static java.util.Objects.requireNonNull;

/**
 * Why an environment cannot be planned now, and what to do about it.
 *
 * @param reason which rule stands in the way
 * @param environment where
 * @param message what is wrong, as a sentence with the names of the things it is about
 * @param remedy what a person can do, as a sentence
 */
public record Blocker(Reason reason, EnvironmentRef environment, String message, String remedy) {

    /** The rules. */
    public enum Reason {
        /** The environment has no PostgreSQL instance. */
        NO_POSTGRES,
        /** The environment has PostgreSQL, but none that could be the source. */
        NO_SOURCE,
        /** More than one instance could be the source. */
        SEVERAL_SOURCES,
        /** A database belongs to a service whose version cannot be told. */
        UNKNOWN_VERSION,
        /** The only PostgreSQL is newer than the wished version. */
        DOWNGRADE,
        /** The catalogue of the region does not offer the wished version. */
        TARGET_NOT_OFFERED,
        /** The catalogue offers the wished version more than once. */
        SEVERAL_TARGET_SERVICES,
        /** The staging, the retired or the original prefix is carried by something else. */
        PREFIX_TAKEN,
        /** The source was renamed and nothing tells which prefix it had. */
        ORIGINAL_PREFIX_UNKNOWN,
        /** The application does not run on the source. */
        SOURCE_NOT_ATTACHED,
        /** The application can see the instance that would be overwritten. */
        TARGET_VISIBLE,
        /** The instance under the staging prefix may hold somebody's data. */
        TARGET_NOT_OURS,
        /** Something in the source would break its restore into the target, or would be lost by it. */
        PREFLIGHT_FAILED,
        /** The prefixes were swapped and nothing proves that the target holds the source's data. */
        RESTORE_NOT_PROVEN,
        /** The prefixes were swapped and the backup in the target is older than allowed. */
        BACKUP_TOO_OLD,
        /** The application moved so long after the backup that the target lacks what was written in between. */
        WRITES_MAY_BE_MISSING,
        /** The target carries the original prefix, the source is gone, and the application does not use the target. */
        TARGET_NOT_DEPLOYED,
        /** The platform does not have a call that a step needs, or not in the form in which it would be made. */
        CALL_NOT_SUPPORTED,
        /** A rollback has nothing to go back to: the source was deleted. */
        SOURCE_GONE,
        /** The target is being provisioned while its upgrade is to be rolled back. It ends by itself. */
        PROVISIONING_RUNNING,
        /** A restore runs into the target that is to be deleted, or keeps another one from being begun. It ends by itself. */
        RESTORE_RUNNING,
        /** A backup runs that an upgrade from another prefix began. It ends by itself. */
        BACKUP_RUNNING,
        /** A deployment of the environment runs. It ends by itself. */
        DEPLOYMENT_RUNNING,
        /** The prefixes were swapped and no fence has kept the source as it was backed up. */
        NOT_FENCED,
        /** The prefixes were swapped and the target was not compared with the source. */
        NOT_VERIFIED,
        /** Beside other reasons: the source refuses the application's writes until the environment goes on or back. */
        WRITES_REFUSED,
        /** The platform calls the status of an instance by a word that is not known. */
        UNKNOWN_STATUS,
        /** What is to be done now, or what it is to be done to, is not what a {@link SavedPlan} says. */
        LEFT_SAVED_PLAN;

        /** Whether waiting is all that is needed, or this one says so of the others beside it. */
        public boolean passesByItself() {
            return this == DEPLOYMENT_RUNNING
                    || this == BACKUP_RUNNING
                    || this == RESTORE_RUNNING
                    || this == PROVISIONING_RUNNING
                    || this == WRITES_REFUSED;
        }
    }

    /** Checks that nothing is missing. */
    public Blocker {
        requireNonNull(reason, "reason");
        requireNonNull(environment, "environment");
        requireNonNull(message, "message");
        requireNonNull(remedy, "remedy");
    }

    /** {@code shop/test: the message. The remedy.} */
    @Override
    public String toString() {
        return environment + ": " + message + " " + remedy;
    }
}
