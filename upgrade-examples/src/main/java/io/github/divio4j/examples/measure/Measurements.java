package io.github.divio4j.examples.measure;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs one measurement by its name and ends with the line {@code MEASURE NAME key=value ...}.
 *
 * <p>Exit codes: 0 if it ran, whatever the numbers are; 1 if it could not run; 2 if there is none of this name, or it does not understand
 * its arguments.
 */
public final class Measurements {
    private static final int RAN = 0;
    private static final int FAILED = 1;
    private static final int REFUSED = 2;

    private static final Map<String, Measurement> BY_NAME = new TreeMap<>(Map.ofEntries(
            Map.entry("chaos", new ChaosMeasurement()),
            Map.entry("client", new ClientMeasurement()),
            Map.entry("compose", new ComposeMeasurement()),
            Map.entry("faults", new FaultsMeasurement()),
            Map.entry("fleet", new FleetMeasurement()),
            Map.entry("lost-writes", new LostWritesMeasurement()),
            Map.entry("planner", new PlannerMeasurement()),
            Map.entry("simulate", new SimulateMeasurement()),
            Map.entry("temporal", new TemporalMeasurement()),
            Map.entry("verify", new VerifyMeasurement()),
            Map.entry("window", new WindowMeasurement())));

    private Measurements() {}

    /** Runs the measurement that the first argument names, and ends the JVM with its exit code. */
    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(Arrays.asList(arguments), out, err));
    }

    static int run(List<String> arguments, PrintStream out, PrintStream err) {
        String name = arguments.isEmpty() ? "" : arguments.get(0);
        Measurement measurement = BY_NAME.get(name);
        if (measurement == null) {
            err.println((name.isEmpty() ? "No measurement was named" : "There is no measurement \"" + name + "\"")
                    + ". Name one with -Dmeasure=NAME: " + String.join(", ", BY_NAME.keySet()));
            return REFUSED;
        }
        try {
            Numbers numbers = measurement.run(arguments.subList(1, arguments.size()), out);
            out.println("MEASURE " + name + " " + numbers);
            return RAN;
        } catch (WrongArgumentException e) {
            err.println(e.getMessage());
            return REFUSED;
        } catch (Exception e) {
            err.println("The measurement " + name + " could not run.");
            e.printStackTrace(err);
            return FAILED;
        }
    }
}
