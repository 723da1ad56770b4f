package io.github.divio4j.examples.temporal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Temporal's test server, the sandbox and two workers, each in a process of its own; one worker is killed (SIGKILL). */
@Timeout(120)
class KilledWorkerTest {

    private static final int ENVIRONMENTS = 3;
    private static final int SOMEWHERE_IN_THE_MIDDLE = 12;

    @Test
    void aWorkerKilledInTheMiddleIsFollowedByTheOtherWhichRepeatsNothing() throws Exception {
        try (SeparateProcesses processes =
                new SeparateProcesses(System.getProperty("java.class.path"), ENVIRONMENTS, 5, false)) {
            processes.startWorker();
            processes.startWorker();
            processes.awaitChanges(SOMEWHERE_IN_THE_MIDDLE);
            processes.killWorker();

            assertThat(processes.await())
                    .hasSize(ENVIRONMENTS)
                    .allMatch(r -> r.kind() == EnvironmentWorkflow.Kind.UPGRADED);
            assertThat(processes.judge()).isEqualTo("upgraded=" + ENVIRONMENTS + " repeated_effects=0 violations=0");
        }
    }
}
