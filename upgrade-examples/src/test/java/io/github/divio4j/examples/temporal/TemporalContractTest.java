package io.github.divio4j.examples.temporal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.SavedPlan;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.UpgradePlanner;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.run.Observer;
import io.github.divio4j.upgrade.run.StepContext;
import io.github.divio4j.upgrade.run.StepExecutor;
import io.github.divio4j.upgrade.run.StepOutcome;
import io.github.divio4j.upgrade.run.Timer;
import io.github.divio4j.upgrade.store.PlanFile;
import io.github.divio4j.upgrade.testing.StepExecutorContract;
import io.github.divio4j.upgrade.testing.StepExecutorContract.Platform;
import io.temporal.activity.ActivityOptions;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.testserver.TestServer;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A call that goes through Temporal, as an activity of ours in a worker, keeps the contract of step executors. */
@Timeout(120)
class TemporalContractTest {

    private static final UpgradeSpec TO_15 = UpgradeSpec.to("15").build();

    private final AtomicInteger queues = new AtomicInteger();
    private final List<WorkerFactory> workers = new ArrayList<>();
    private TestServer.PortBoundTestServer server;
    private WorkflowServiceStubs service;
    private WorkflowClient client;

    /** One activity, as a workflow of an environment calls it. */
    @WorkflowInterface
    public interface OneCall {
        /** Makes it. */
        @WorkflowMethod
        Answer call(String plan, String step, Map<String, String> facts);
    }

    /** The same. */
    public static final class OneCallWorkflow implements OneCall {
        @Override
        public Answer call(String plan, String step, Map<String, String> facts) {
            ActivityOptions options = ActivityOptions.newBuilder()
                    .setStartToCloseTimeout(Duration.ofMinutes(1))
                    .setHeartbeatTimeout(Duration.ofSeconds(10))
                    .build();
            return Workflow.newActivityStub(StepActivities.class, options).execute(plan, step, facts);
        }
    }

    @BeforeEach
    void start() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        server = TestServer.createPortBoundServer(port);
        service = WorkflowServiceStubs.newServiceStubs(WorkflowServiceStubsOptions.newBuilder()
                .setTarget("127.0.0.1:" + port)
                .build());
        client = WorkflowClient.newInstance(service);
    }

    @AfterEach
    void stop() {
        workers.forEach(WorkerFactory::shutdownNow);
        service.shutdownNow();
        server.close();
    }

    @Test
    void aCallThroughTemporalKeepsIt() {
        assertThat(StepExecutorContract.violations(ThroughTemporal::new, TO_15)).isEmpty();
    }

    /** A worker of its own for each executor: what one keeps in memory, the next does not know. */
    private final class ThroughTemporal implements Platform {
        private final Platform platform = Platform.simulated(executor -> executor);
        private final String plan = plan();

        @Override
        public StepExecutor executor() {
            String queue = "queue-" + queues.incrementAndGet();
            WorkerFactory factory = WorkerFactory.newInstance(client);
            Worker worker = factory.newWorker(
                    queue,
                    WorkerOptions.newBuilder()
                            .setStickyQueueScheduleToStartTimeout(Duration.ZERO)
                            .build());
            worker.registerWorkflowImplementationTypes(OneCallWorkflow.class);
            worker.registerActivitiesImplementations(new CheckedActivities(platform.observer(), platform.executor()));
            factory.start();
            workers.add(factory);
            return (step, context) -> call(queue, step, context);
        }

        private String plan() {
            List<Observation> seen = platform.observer().environments().stream()
                    .map(platform.observer()::observe)
                    .toList();
            return PlanFile.toJson(SavedPlan.of(UpgradePlanner.plan(seen, TO_15), seen));
        }

        private StepOutcome call(String queue, Step step, StepContext context) throws InterruptedException {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            OneCall workflow = client.newWorkflowStub(
                    OneCall.class,
                    WorkflowOptions.newBuilder().setTaskQueue(queue).build());
            CompletableFuture<Answer> call =
                    WorkflowClient.execute(workflow::call, plan, step.id().text(), context.facts());
            try {
                return outcome(call.get());
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }

        private static StepOutcome outcome(Answer answer) {
            return switch (answer.kind()) {
                case DONE -> new StepOutcome.Done(answer.facts());
                case IN_PROGRESS ->
                    new StepOutcome.InProgress(
                            Duration.ofMillis(answer.lookAgainMillis()), answer.text(), answer.facts());
                case FAILED -> new StepOutcome.Failed(answer.text(), "", answer.mayRetry(), answer.facts());
            };
        }

        @Override
        public Observer observer() {
            return platform.observer();
        }

        @Override
        public Timer timer() {
            return platform.timer();
        }

        @Override
        public int changes() {
            return platform.changes();
        }

        @Override
        public void loseNextAnswer() {
            platform.loseNextAnswer();
        }
    }
}
