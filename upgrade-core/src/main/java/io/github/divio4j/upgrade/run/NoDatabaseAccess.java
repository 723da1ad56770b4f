package io.github.divio4j.upgrade.run;

import io.github.divio4j.upgrade.DatabaseFacts;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.Step;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** Databases to which nobody has access: nothing is known of them, and nothing can be done. */
final class NoDatabaseAccess implements DatabaseWork {

    private static final Map<Step.Kind, String> UNSUPPORTED = Arrays.stream(Step.Kind.values())
            .filter(Step.Kind::isInsideDatabase)
            .collect(Collectors.toUnmodifiableMap(
                    kind -> kind, kind -> "no access to the databases was given (databases)."));

    @Override
    public Map<Step.Kind, String> unsupported(Observation seen) {
        return UNSUPPORTED;
    }

    @Override
    public DatabaseFacts look(Observation seen) {
        return DatabaseFacts.NONE;
    }

    @Override
    public StepOutcome execute(Step step, StepContext context) {
        return new StepOutcome.Failed(
                "No access to the databases was given (databases).", "Nothing was changed.", false, Map.of());
    }
}
