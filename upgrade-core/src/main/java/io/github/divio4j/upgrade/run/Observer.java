package io.github.divio4j.upgrade.run;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.Step;
import java.util.List;
import java.util.OptionalLong;

/** Looks at the environments. To be implemented for each platform; must be safe for use by several threads. */
public interface Observer {

    /**
     * The environments to upgrade, in any order.
     *
     * @throws ObservationException if it cannot be told
     */
    List<EnvironmentRef> environments();

    /**
     * What is true of an environment now. Changes nothing.
     *
     * @throws ObservationException if it cannot be told; nothing is assumed then, and the caller looks again or stops
     */
    Observation observe(EnvironmentRef environment);

    /**
     * What is true of an environment now, for a caller who looked before and has executed one step since, or is about to
     * execute a first step that prepares the environment. It may take over from the look before what that step cannot have
     * changed and what the next change need not know afresh; as long as the step's operation runs, it need not look at
     * anything else. By default it looks at everything.
     *
     * <p>What has to be fresh: before a restore, a rename, a detachment, a deployment and a deletion, whether a deployment
     * runs and the service instances with their prefixes and statuses; before a restore and the first rename after it, too,
     * what other runs have begun.
     *
     * @param before the look before, of the same environment
     * @param step the step that was executed after it, and is under way or done, or the one to begin with
     * @throws ObservationException if it cannot be told; nothing is assumed then, and the caller looks again or stops
     */
    default Observation observe(EnvironmentRef environment, Observation before, Step step) {
        return observe(environment);
    }

    /**
     * How many calls to the platform were made so far, those of the step executor beside it included, for the report. Empty, as by
     * default, if they are not counted.
     */
    default OptionalLong calls() {
        return OptionalLong.empty();
    }
}
