package io.github.divio4j.examples.measure;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Named numbers in the order in which they were put; as text they are {@code key=value key=value}. */
final class Numbers {
    private final Map<String, String> values = new LinkedHashMap<>();

    Numbers put(String name, long value) {
        values.put(name, Long.toString(value));
        return this;
    }

    /** Puts a number that is shown with three digits after the point. */
    Numbers put(String name, double value) {
        values.put(name, String.format(Locale.ROOT, "%.3f", value));
        return this;
    }

    /** Puts all of the others behind its own. */
    Numbers put(Numbers others) {
        values.putAll(others.values);
        return this;
    }

    /** Reads what {@link #toString} wrote. */
    static Numbers parse(String text) {
        Numbers numbers = new Numbers();
        for (String number : text.split(" ", -1)) {
            int at = number.indexOf('=');
            if (at < 1) {
                throw new IllegalArgumentException("not numbers: " + text);
            }
            numbers.values.put(number.substring(0, at), number.substring(at + 1));
        }
        return numbers;
    }

    /** Returns the middle one; between the two in the middle when their count is even. */
    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    @Override
    public String toString() {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(" "));
    }
}
