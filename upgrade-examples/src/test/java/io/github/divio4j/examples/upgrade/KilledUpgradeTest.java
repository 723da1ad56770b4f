package io.github.divio4j.examples.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.examples.sandbox.Databases;
import io.github.divio4j.examples.sandbox.InstanceSnapshot;
import io.github.divio4j.examples.sandbox.Sandbox;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real process is killed (SIGKILL) as soon as its next change has reached the platform, again and again. */
@Timeout(120)
class KilledUpgradeTest {

    private static final int CHANGES_OF_ONE_ENVIRONMENT = 9;

    @Test
    void aProcessKilledAtEveryChangeIsFollowedByOneThatFinishesAndRepeatsNothing() throws Exception {
        try (Sandbox sandbox = Sandbox.builder()
                .databases(Databases.NONE)
                .environments(List.of("live"))
                .speed(5)
                .start()) {
            sandbox.requests().clear();
            int kills = 0;
            while (true) {
                Process upgrade = start(sandbox);
                if (endsBeforeItsNextChange(upgrade, sandbox)) {
                    assertThat(upgrade.exitValue()).isZero();
                    break;
                }
                upgrade.destroyForcibly().waitFor();
                kills++;
            }

            assertThat(sandbox.instances())
                    .extracting(InstanceSnapshot::summary)
                    .containsExactlyInAnyOrder(
                            "live/Object Storage/DEFAULT/ATTACHED", "live/PostgreSQL Database 15/DEFAULT/ATTACHED");
            assertThat(sandbox.requests().changes()).hasSize(CHANGES_OF_ONE_ENVIRONMENT);
            // The last process may be done before its last change is noticed.
            assertThat(kills).isBetween(CHANGES_OF_ONE_ENVIRONMENT - 1, CHANGES_OF_ONE_ENVIRONMENT);
        }
    }

    private static boolean endsBeforeItsNextChange(Process upgrade, Sandbox sandbox) throws InterruptedException {
        int before = sandbox.requests().changes().size();
        while (sandbox.requests().changes().size() == before) {
            if (upgrade.waitFor(2, TimeUnit.MILLISECONDS)) {
                return true;
            }
        }
        return false;
    }

    private static Process start(Sandbox sandbox) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                UpgradeProcess.class.getName(),
                sandbox.baseUrl().toString(),
                sandbox.applicationSlug());
        builder.environment().put("TOKEN", sandbox.token());
        return builder.inheritIO().start();
    }
}
