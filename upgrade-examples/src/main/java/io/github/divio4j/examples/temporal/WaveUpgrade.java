package io.github.divio4j.examples.temporal;

import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Prepares all environments, waits for its turn and for the approval, and lets them migrate. */
public final class WaveUpgrade implements WaveWorkflow {

    private final Set<String> prepared = new HashSet<>();
    private final List<Promise<EnvironmentWorkflow.Result>> results = new ArrayList<>();
    private boolean begun;
    private boolean approved;
    private boolean stopped;
    private String now = "preparing";

    /** Makes a workflow; Temporal does. */
    public WaveUpgrade() {}

    @Override
    public List<EnvironmentWorkflow.Result> upgrade(Order order) {
        String self = Workflow.getInfo().getWorkflowId();
        for (int i = 0; i < order.plans().size(); i++) {
            EnvironmentWorkflow child = Workflow.newChildWorkflowStub(
                    EnvironmentWorkflow.class,
                    ChildWorkflowOptions.newBuilder()
                            .setWorkflowId(
                                    Names.environment(self, order.environments().get(i)))
                            .build());
            results.add(Async.function(
                    child::upgrade,
                    new EnvironmentWorkflow.Order(
                            order.plans().get(i), order.settings(), EnvironmentWorkflow.SoFar.NOTHING)));
        }
        Workflow.await(() -> prepared.size() + ended() >= order.plans().size());
        Workflow.getInfo()
                .getParentWorkflowId()
                .ifPresent(fleet -> Workflow.newExternalWorkflowStub(FleetWorkflow.class, fleet)
                        .prepared(order.number(), !failed()));
        now = "waiting for its turn";
        Workflow.await(() -> begun || stopped);
        if (order.settings().gates() && !stopped) {
            now = "waiting for approval";
            Workflow.await(() -> approved || stopped);
        }
        now = stopped ? "stopped" : "migrating";
        for (int i = 0; i < results.size(); i++) {
            if (!results.get(i).isCompleted()) {
                tell(Names.environment(self, order.environments().get(i)));
            }
        }
        List<EnvironmentWorkflow.Result> all = new ArrayList<>();
        results.forEach(result -> all.add(result.get()));
        now = "through";
        return all;
    }

    /** By its id alone, because it may have gone on in a new workflow. */
    private void tell(String id) {
        EnvironmentWorkflow child = Workflow.newExternalWorkflowStub(EnvironmentWorkflow.class, id);
        try {
            if (stopped) {
                child.stop();
            } else {
                child.migrate();
            }
        } catch (ApplicationFailure e) {
            if (!e.getType().endsWith("NOT_FOUND")) {
                throw e;
            }
            // It was in the middle of its migration from the start, did not wait for its turn, and is through.
        }
    }

    private boolean failed() {
        return results.stream().anyMatch(r -> r.isCompleted() && r.get().kind() == EnvironmentWorkflow.Kind.FAILED);
    }

    /** Those that ended without having been prepared: there was nothing to migrate, or something failed. */
    private int ended() {
        return (int) results.stream()
                .filter(Promise::isCompleted)
                .map(Promise::get)
                .filter(result -> !prepared.contains(result.environment()))
                .count();
    }

    @Override
    public void prepared(String environment) {
        prepared.add(environment);
    }

    @Override
    public void begin() {
        begun = true;
    }

    @Override
    public void approve() {
        approved = true;
    }

    @Override
    public void stop() {
        stopped = true;
    }

    @Override
    public String report() {
        long through = results.stream().filter(Promise::isCompleted).count();
        return now + ", " + through + " of " + results.size() + " environments through";
    }
}
