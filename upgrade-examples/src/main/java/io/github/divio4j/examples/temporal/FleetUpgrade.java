package io.github.divio4j.examples.temporal;

import io.github.divio4j.upgrade.Blocker;
import io.github.divio4j.upgrade.EnvironmentPlan.Blocked;
import io.github.divio4j.upgrade.EnvironmentPlan.Ready;
import io.github.divio4j.upgrade.SavedPlan;
import io.github.divio4j.upgrade.store.PlanFile;
import io.temporal.workflow.Async;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Sees to the order of the waves. When something could not be finished, or is blocked from the start, no later wave migrates; when it could
 * not even be prepared, none does.
 */
public final class FleetUpgrade implements FleetWorkflow {

    private final Set<Integer> prepared = new HashSet<>();
    private final List<EnvironmentWorkflow.Result> results = new ArrayList<>();
    private boolean preparedWell = true;
    private String now = "about to begin";

    private record Wave(int number, WaveWorkflow workflow, Promise<List<EnvironmentWorkflow.Result>> end) {}

    /** Makes a workflow; Temporal does. */
    public FleetUpgrade() {}

    @Override
    public List<EnvironmentWorkflow.Result> upgrade(String json, Settings settings) {
        SavedPlan plan = PlanFile.fromJson(json);
        Map<Integer, WaveWorkflow.Order> orders = new TreeMap<>();
        int lastWave = Integer.MAX_VALUE;
        for (SavedPlan.Planned planned : plan.environments()) {
            if (planned.plan() instanceof Ready ready) {
                WaveWorkflow.Order order = orders.computeIfAbsent(
                        ready.wave(),
                        number -> new WaveWorkflow.Order(number, new ArrayList<>(), new ArrayList<>(), settings));
                order.plans().add(PlanFile.toJson(new SavedPlan(plan.goal(), plan.spec(), List.of(planned))));
                order.environments().add(ready.environment().toString());
            } else if (planned.plan() instanceof Blocked blocked && holdsBack(blocked)) {
                lastWave = Math.min(
                        lastWave, plan.spec().waveOf(blocked.environment()).orElse(Integer.MAX_VALUE));
            }
        }
        run(orders, lastWave);
        now = "through";
        return results;
    }

    private static boolean holdsBack(Blocked blocked) {
        return blocked.blockers().stream().anyMatch(b -> b.reason() != Blocker.Reason.NO_POSTGRES);
    }

    private void run(Map<Integer, WaveWorkflow.Order> orders, int lastWave) {
        List<Wave> waves = new ArrayList<>();
        String self = Workflow.getInfo().getWorkflowId();
        now = "preparing";
        orders.forEach((number, order) -> {
            WaveWorkflow wave = Workflow.newChildWorkflowStub(
                    WaveWorkflow.class,
                    ChildWorkflowOptions.newBuilder()
                            .setWorkflowId(Names.wave(self, number))
                            .build());
            waves.add(new Wave(number, wave, Async.function(wave::upgrade, order)));
        });
        Workflow.await(() -> prepared.containsAll(orders.keySet()));
        boolean goesOn = preparedWell;
        for (Wave wave : waves) {
            Workflow.getWorkflowExecution(wave.workflow()).get();
            now = "wave " + wave.number();
            if (goesOn && wave.number() <= lastWave) {
                wave.workflow().begin();
            } else {
                wave.workflow().stop();
            }
            List<EnvironmentWorkflow.Result> ofWave = wave.end().get();
            results.addAll(ofWave);
            goesOn &= ofWave.stream().allMatch(r -> r.kind() == EnvironmentWorkflow.Kind.UPGRADED);
        }
    }

    @Override
    public void prepared(int wave, boolean well) {
        prepared.add(wave);
        preparedWell &= well;
    }

    @Override
    public String report() {
        StringBuilder text = new StringBuilder("now: ").append(now);
        results.forEach(result -> text.append('\n').append(result));
        return text.toString();
    }
}
