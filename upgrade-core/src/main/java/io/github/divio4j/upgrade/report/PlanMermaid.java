package io.github.divio4j.upgrade.report;

import io.github.divio4j.upgrade.EnvironmentPlan;
import io.github.divio4j.upgrade.EnvironmentPlan.Ready;
import io.github.divio4j.upgrade.UpgradePlan;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A plan as a Mermaid flowchart: the steps of each environment, and waves one after the other. */
final class PlanMermaid {

    /** Mermaid refuses more than 500 arrows. */
    static final int STEPS = 250;

    private PlanMermaid() {}

    static String of(UpgradePlan plan) {
        StringBuilder chart = new StringBuilder("flowchart TD\n");
        TreeMap<Integer, List<Ready>> waves = PlanForms.ready(plan).stream()
                .collect(Collectors.groupingBy(Ready::wave, TreeMap::new, Collectors.toList()));
        boolean small = plan.steps().size() <= STEPS && plan.environments().size() <= STEPS;
        waves.forEach((wave, environments) -> {
            if (small) {
                chart.append("  subgraph wave")
                        .append(wave)
                        .append("[\"wave ")
                        .append(wave)
                        .append("\"]\n");
                environments.forEach(e -> steps(chart, plan.environments().indexOf(e), e));
                chart.append("  end\n");
            } else {
                int steps =
                        environments.stream().mapToInt(e -> e.steps().size()).sum();
                node(
                        chart,
                        "wave" + wave,
                        "wave " + wave + ": " + Words.count(environments.size(), "environment") + ", "
                                + Words.count(steps, "step"));
            }
        });
        List<Integer> order = List.copyOf(waves.keySet());
        IntStream.range(1, order.size())
                .forEach(i -> chart.append("  wave")
                        .append(order.get(i - 1))
                        .append(" --> wave")
                        .append(order.get(i))
                        .append('\n'));
        List<EnvironmentPlan> others =
                plan.environments().stream().filter(e -> !(e instanceof Ready)).toList();
        if (small) {
            others.forEach(e ->
                    node(chart, "e" + plan.environments().indexOf(e), e.environment() + ": " + PlanForms.state(e)));
        } else {
            others.stream()
                    .collect(Collectors.groupingBy(PlanForms::state, TreeMap::new, Collectors.counting()))
                    .forEach((state, count) ->
                            node(chart, state.replace(' ', '-'), Words.count(count, "environment") + " " + state));
        }
        if (plan.environments().isEmpty()) {
            node(chart, "none", "no environments");
        }
        return chart.toString();
    }

    private static void steps(StringBuilder chart, int number, Ready environment) {
        String id = "e" + number;
        chart.append("    subgraph ")
                .append(id)
                .append("[\"")
                .append(Escape.mermaid(environment.environment() + ": " + PlanForms.state(environment)))
                .append("\"]\n");
        for (int i = 0; i < environment.steps().size(); i++) {
            chart.append("    ");
            node(chart, id + "s" + i, environment.steps().get(i).describe());
            if (i > 0) {
                chart.append("      ")
                        .append(id + "s" + (i - 1))
                        .append(" --> ")
                        .append(id + "s" + i)
                        .append('\n');
            }
        }
        chart.append("    end\n");
    }

    private static void node(StringBuilder chart, String id, String label) {
        chart.append("  ")
                .append(id)
                .append("[\"")
                .append(Escape.mermaid(label))
                .append("\"]\n");
    }
}
