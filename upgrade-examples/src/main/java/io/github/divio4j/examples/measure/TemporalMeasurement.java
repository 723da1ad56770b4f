package io.github.divio4j.examples.measure;

import io.github.divio4j.examples.temporal.EnvironmentWorkflow;
import io.github.divio4j.examples.temporal.SeparateProcesses;
import java.io.PrintStream;
import java.util.List;

/** Lets Temporal upgrade many environments by two workers, of which one is killed now and then and replaced. */
final class TemporalMeasurement implements Measurement {
    private static final int CHANGES_OF_ONE_ENVIRONMENT = 9;
    private static final double SPEED = 2;

    @Override
    public Numbers run(List<String> arguments, PrintStream out) throws Exception {
        int environments = 100;
        int kills = 3;
        for (int i = 0; i < arguments.size(); i += 2) {
            int value = i + 1 < arguments.size() && arguments.get(i + 1).matches("\\d{1,4}")
                    ? Integer.parseInt(arguments.get(i + 1))
                    : 0;
            switch (arguments.get(i)) {
                case "--environments" -> environments = value;
                case "--kills" -> kills = value;
                default -> throw wrong(arguments);
            }
        }
        if (environments < 1 || arguments.size() % 2 != 0) {
            throw wrong(arguments);
        }
        return measure(environments, kills, out);
    }

    private static WrongArgumentException wrong(List<String> arguments) {
        return new WrongArgumentException(
                "temporal takes --environments N, at least 1, and --kills N, but not: " + String.join(" ", arguments));
    }

    private static Numbers measure(int environments, int kills, PrintStream out) throws Exception {
        try (SeparateProcesses processes = new SeparateProcesses(NewJvm.classPath(), environments, SPEED, false)) {
            long began = System.nanoTime();
            processes.startWorker();
            processes.startWorker();
            int all = environments * CHANGES_OF_ONE_ENVIRONMENT;
            for (int kill = 1; kill <= kills; kill++) {
                processes.awaitChanges(all * kill / (kills + 1));
                processes.killWorker();
                out.println("killed a worker after " + processes.changes() + " changes");
                processes.startWorker();
            }
            List<EnvironmentWorkflow.Result> results = processes.await();
            double seconds = (System.nanoTime() - began) / 1e9;
            results.stream()
                    .filter(r -> r.kind() != EnvironmentWorkflow.Kind.UPGRADED)
                    .forEach(out::println);
            String[] judged = processes.judge().split(" ", 2);
            return new Numbers()
                    .put("environments", environments)
                    .put(Numbers.parse(judged[0]))
                    .put("kills", kills)
                    .put(Numbers.parse(judged[1]))
                    .put("seconds", seconds);
        }
    }
}
