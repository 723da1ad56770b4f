package io.github.divio4j.upgrade.run;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.Observation;
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
     * How many calls to the platform were made so far, those of the step executor beside it included, for the report. Empty, as by
     * default, if they are not counted.
     */
    default OptionalLong calls() {
        return OptionalLong.empty();
    }
}
