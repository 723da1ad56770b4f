package io.github.divio4j.examples.temporal;

import com.fasterxml.jackson.core.type.TypeReference;
import io.github.divio4j.upgrade.EnvironmentPlan;
import io.github.divio4j.upgrade.SavedPlan;
import io.github.divio4j.upgrade.run.Observer;
import io.github.divio4j.upgrade.run.StepExecutor;
import io.github.divio4j.upgrade.store.PlanFile;
import io.grpc.StatusRuntimeException;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowStub;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The upgrades of a Temporal cluster: starts them, works on them, approves waves and asks for reports. Safe for use by several threads.
 */
public final class TemporalUpgrade implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int CALLS_AT_ONCE = 32;

    private final WorkflowServiceStubs service;
    private final WorkflowClient client;

    private TemporalUpgrade(WorkflowServiceStubs service, String namespace) {
        this.service = service;
        this.client = WorkflowClient.newInstance(
                service,
                WorkflowClientOptions.newBuilder().setNamespace(namespace).build());
    }

    /**
     * Connects to a cluster.
     *
     * @param address host and port, such as {@code 127.0.0.1:7233}
     * @throws TemporalException if nothing answers there
     */
    public static TemporalUpgrade connect(String address, String namespace) throws TemporalException {
        WorkflowServiceStubsOptions options =
                WorkflowServiceStubsOptions.newBuilder().setTarget(address).build();
        WorkflowServiceStubs service = WorkflowServiceStubs.newServiceStubs(options);
        try {
            service.connect(PATIENCE);
            return new TemporalUpgrade(service, namespace);
        } catch (RuntimeException e) {
            // The address may be wrong in many ways; each has an exception of its own.
            service.shutdownNow();
            throw new TemporalException(
                    "Temporal does not answer at " + address
                            + ": nothing was started and nothing was changed. Start it,"
                            + " or say where it is (--temporal HOST:PORT), and try again.",
                    e);
        }
    }

    /**
     * Starts a worker, which runs until the factory is shut down.
     *
     * @param testServer whether the cluster is Temporal's test server, on which workflows of a dead worker hang unless workers are told not
     *     to keep workflows to themselves
     */
    public WorkerFactory work(Observer observer, StepExecutor executor, boolean testServer) {
        WorkerFactory factory = WorkerFactory.newInstance(client);
        WorkerOptions.Builder options = WorkerOptions.newBuilder().setMaxConcurrentActivityExecutionSize(CALLS_AT_ONCE);
        if (testServer) {
            options.setStickyQueueScheduleToStartTimeout(Duration.ZERO);
        }
        Worker worker = factory.newWorker(Names.TASK_QUEUE, options.build());
        worker.registerWorkflowImplementationTypes(FleetUpgrade.class, WaveUpgrade.class, EnvironmentUpgrade.class);
        worker.registerActivitiesImplementations(new CheckedActivities(observer, executor));
        factory.start();
        return factory;
    }

    /**
     * Starts the upgrade of an application; workers do it.
     *
     * @throws TemporalException if one of this application is under way already, or Temporal does not answer
     */
    public void start(String application, SavedPlan plan, Settings settings) throws TemporalException {
        FleetWorkflow fleet = client.newWorkflowStub(
                FleetWorkflow.class,
                WorkflowOptions.newBuilder()
                        .setTaskQueue(Names.TASK_QUEUE)
                        .setWorkflowId(Names.fleet(application))
                        .build());
        try {
            WorkflowClient.start(fleet::upgrade, PlanFile.toJson(plan), settings);
        } catch (WorkflowExecutionAlreadyStarted e) {
            throw new TemporalException(
                    "An upgrade of " + application + " is under way already, so none was started. Ask for its report.",
                    e);
        } catch (WorkflowServiceException | StatusRuntimeException e) {
            throw notReached(e);
        }
    }

    /**
     * Waits until an upgrade is through.
     *
     * @throws TemporalException if there is none
     */
    public List<EnvironmentWorkflow.Result> await(String application) throws TemporalException {
        try {
            @SuppressWarnings("unchecked")
            List<EnvironmentWorkflow.Result> results = stub(Names.fleet(application))
                    .getResult(
                            Long.MAX_VALUE,
                            TimeUnit.MILLISECONDS,
                            List.class,
                            new TypeReference<List<EnvironmentWorkflow.Result>>() {}.getType());
            return results;
        } catch (WorkflowNotFoundException e) {
            throw unknown(application, e);
        } catch (WorkflowServiceException e) {
            throw notReached(e);
        } catch (WorkflowFailedException e) {
            throw new TemporalException(
                    "The upgrade of " + application + " was ended from outside: " + e.getMessage(), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Lets a wave migrate that waits for approval.
     *
     * @throws TemporalException if there is none
     */
    public void approve(String application, int wave) throws TemporalException {
        signal(application, wave, "approve");
    }

    /**
     * Keeps a wave, and all later ones, from beginning to migrate.
     *
     * @throws TemporalException if there is none
     */
    public void stop(String application, int wave) throws TemporalException {
        signal(application, wave, "stop");
    }

    private void signal(String application, int wave, String name) throws TemporalException {
        try {
            stub(Names.wave(Names.fleet(application), wave)).signal(name);
        } catch (WorkflowNotFoundException e) {
            throw new TemporalException(
                    "No wave " + wave + " of " + application + " is under way. Ask for the report to see which are.",
                    e);
        } catch (WorkflowServiceException | StatusRuntimeException e) {
            throw notReached(e);
        }
    }

    /**
     * What was done and what is going on, for people: the fleet, its waves and its environments.
     *
     * @param plan the plan that it was started with
     * @throws TemporalException if there is none
     */
    public String report(String application, SavedPlan plan) throws TemporalException {
        String fleet = Names.fleet(application);
        StringBuilder text = new StringBuilder(application)
                .append(": ")
                .append(ask(fleet).orElseThrow(() -> unknown(application, null)));
        for (SavedPlan.Planned planned : plan.environments()) {
            if (planned.plan() instanceof EnvironmentPlan.Ready ready) {
                String name = ready.environment().toString();
                String lines = ask(Names.environment(Names.wave(fleet, ready.wave()), name))
                        .orElse("about to begin");
                text.append("\n").append(name).append(":\n    ").append(lines.replace("\n", "\n    "));
            }
        }
        return text.toString();
    }

    /** Empty if there is no such workflow. */
    private Optional<String> ask(String workflow) throws TemporalException {
        try {
            return Optional.of(stub(workflow).query("report", String.class));
        } catch (WorkflowNotFoundException e) {
            return Optional.empty();
        } catch (WorkflowServiceException | StatusRuntimeException e) {
            throw notReached(e);
        }
    }

    private WorkflowStub stub(String id) {
        return client.newUntypedWorkflowStub(id);
    }

    private static TemporalException unknown(String application, @Nullable Throwable cause) {
        return new TemporalException("Temporal knows of no upgrade of " + application + ". Start one.", cause);
    }

    private static TemporalException notReached(RuntimeException cause) {
        return new TemporalException(
                "Temporal did not answer, so it is not known whether it did what it was asked for. Try again when it answers;"
                        + " nothing is done twice.",
                cause);
    }

    @Override
    public void close() {
        service.shutdownNow();
    }
}
