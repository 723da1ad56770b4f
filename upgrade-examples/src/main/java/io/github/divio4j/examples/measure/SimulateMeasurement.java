package io.github.divio4j.examples.measure;

import io.github.divio4j.upgrade.run.Simulations;
import java.io.PrintStream;
import java.util.Iterator;
import java.util.List;

/** Plays simulated upgrades in which everything goes wrong, and counts what must not happen. */
final class SimulateMeasurement implements Measurement {

    @Override
    public Numbers run(List<String> arguments, PrintStream out) throws Exception {
        int from = 0;
        int schedules = 10_000;
        long seed = 1;
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String name = rest.next();
            long value = number(name, rest);
            switch (name) {
                case "--schedules" -> schedules = Math.toIntExact(value);
                case "--seed" -> seed = value;
                case "--only" -> {
                    from = Math.toIntExact(value);
                    schedules = 1;
                }
                default ->
                    throw new WrongArgumentException("simulate takes --schedules, --seed and --only, not " + name);
            }
        }
        long begin = System.nanoTime();
        Simulations played = Simulations.play(seed, from, schedules, verdict -> out.println(verdict + "\n"));
        double seconds = (System.nanoTime() - begin) / 1e9;
        out.println("Environments ended: " + played.ends());
        out.println("Injected: " + played.injected());
        return new Numbers()
                .put("schedules", schedules)
                .put("violations", played.violating())
                .put("stuck", played.stuck())
                .put("worlds", played.worlds())
                .put("seconds", seconds);
    }

    private static long number(String name, Iterator<String> rest) throws WrongArgumentException {
        try {
            if (rest.hasNext()) {
                long number = Long.parseLong(rest.next());
                if (number >= 0 || name.equals("--seed")) {
                    return number;
                }
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new WrongArgumentException(name + " needs a number");
    }
}
