package io.github.divio4j.examples.measure;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Named whole numbers, such as {@code --rows 1000}. */
final class Arguments {
    private final String measurement;
    private final Map<String, Long> values;

    private Arguments(String measurement, Map<String, Long> values) {
        this.measurement = measurement;
        this.values = values;
    }

    /**
     * Reads what the user gave.
     *
     * @param defaults all names that there are, and what holds for those that were not given
     */
    static Arguments of(String measurement, List<String> given, Map<String, Long> defaults)
            throws WrongArgumentException {
        Map<String, Long> values = new TreeMap<>(defaults);
        Iterator<String> rest = given.iterator();
        while (rest.hasNext()) {
            String name = rest.next();
            String number = rest.hasNext() ? rest.next() : "";
            if (!defaults.containsKey(name) || !number.matches("-?\\d{1,18}")) {
                throw new WrongArgumentException(measurement + " takes "
                        + String.join(", ", new TreeMap<>(defaults).keySet()) + ", each with a number, but not: "
                        + (name + " " + number).strip());
            }
            values.put(name, Long.parseLong(number));
        }
        return new Arguments(measurement, values);
    }

    /** Returns a number that must be within these bounds. */
    int number(String name, int least, int most) throws WrongArgumentException {
        long value = any(name);
        if (value < least || value > most) {
            throw new WrongArgumentException(
                    measurement + " takes " + name + " from " + least + " to " + most + ", but not " + value);
        }
        return (int) value;
    }

    /** Returns any number. */
    long any(String name) {
        Long value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name);
        }
        return value;
    }
}
