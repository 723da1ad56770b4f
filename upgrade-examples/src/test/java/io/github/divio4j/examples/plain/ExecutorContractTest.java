package io.github.divio4j.examples.plain;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.client.DivioClient;
import io.github.divio4j.examples.sandbox.Databases;
import io.github.divio4j.examples.sandbox.Sandbox;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.divio.DivioUpgrade;
import io.github.divio4j.upgrade.run.Observer;
import io.github.divio4j.upgrade.run.StepExecutor;
import io.github.divio4j.upgrade.run.Timer;
import io.github.divio4j.upgrade.testing.StepExecutorContract;
import io.github.divio4j.upgrade.testing.StepExecutorContract.Platform;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The executor for Divio, and the pool around another, keep the contract of step executors. */
@Timeout(120)
class ExecutorContractTest {

    private static final UpgradeSpec TO_15 = UpgradeSpec.to("15").build();
    private static final ExecutorService THREADS = Executors.newCachedThreadPool();

    @AfterAll
    static void stop() {
        THREADS.shutdownNow();
    }

    @Test
    void theExecutorForDivioKeepsIt() {
        assertThat(StepExecutorContract.violations(OnDivio::new, TO_15)).isEmpty();
    }

    @Test
    void theThreadPoolKeepsIt() {
        assertThat(StepExecutorContract.violations(
                        () -> Platform.simulated(executor -> ThreadPool.on(THREADS, executor)), TO_15))
                .isEmpty();
    }

    /** The executor for Divio, and a sandbox as the platform. */
    private static final class OnDivio implements Platform {
        private static final String ANY = ".*";

        private final Sandbox sandbox = Sandbox.builder()
                .databases(Databases.NONE)
                .environments(List.of("live"))
                .speed(50)
                .start();
        private final DivioClient divio = DivioClient.builder()
                .baseUrl(sandbox.baseUrl())
                .token(sandbox.token())
                .build();
        private final int before = sandbox.requests().changes().size();

        private DivioUpgrade upgrade() {
            return DivioUpgrade.builder(divio, sandbox.applicationSlug())
                    .pollInterval(Duration.ofMillis(20))
                    .build();
        }

        @Override
        public Observer observer() {
            return upgrade().observer();
        }

        @Override
        public StepExecutor executor() {
            return upgrade().executor();
        }

        @Override
        public Timer timer() {
            return Timer.SYSTEM;
        }

        @Override
        public int changes() {
            return sandbox.requests().changes().size() - before;
        }

        @Override
        public void loseNextAnswer() {
            sandbox.faults().clear();
            List.of("POST", "PATCH", "DELETE")
                    .forEach(method -> sandbox.faults().dropAfter(method, ANY));
        }

        @Override
        public Set<String> secrets() {
            return Set.of(sandbox.token());
        }

        @Override
        public void close() {
            divio.close();
            sandbox.close();
        }
    }
}
