package io.github.divio4j.examples.quickstart;

import io.github.divio4j.examples.sandbox.InstanceStatus;
import io.github.divio4j.examples.sandbox.Sandbox;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the environments look like before the upgrade. All but the first cannot be upgraded as they are. */
enum Scenario {
    /** One PostgreSQL and one object storage, both under DEFAULT. */
    USUAL,
    /** The staging prefix is carried by a database of somebody else. */
    NEW_TAKEN,
    /** The retired prefix is carried by a database of somebody else. */
    OLD_TAKEN,
    /** There is nothing to upgrade. */
    NO_POSTGRES,
    /** Two databases could be meant. */
    TWO_CANDIDATES;

    static Scenario parse(String text) throws WrongUseException {
        try {
            return valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            throw new WrongUseException("There is no scenario \"" + text + "\": choose one of "
                    + Arrays.stream(values()).map(Scenario::text).collect(Collectors.joining(", ")) + ".");
        }
    }

    private String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    void applyTo(Sandbox.Builder sandbox, Options options) {
        for (String environment : options.environments()) {
            switch (this) {
                case USUAL -> {}
                case NEW_TAKEN -> sandbox.instance(environment, "MySQL Database", "NEW", InstanceStatus.ATTACHED);
                case OLD_TAKEN -> sandbox.instance(environment, "MySQL Database", "OLD", InstanceStatus.ATTACHED);
                case NO_POSTGRES -> sandbox.withoutPostgres();
                case TWO_CANDIDATES ->
                    sandbox.instance(
                            environment, "PostgreSQL Database " + options.from(), "REPORTS", InstanceStatus.ATTACHED);
            }
        }
    }
}
