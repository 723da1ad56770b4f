package io.github.divio4j.examples.upgrade;

import io.github.divio4j.client.DivioClient;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.divio.DivioUpgrade;
import io.github.divio4j.upgrade.run.RunReport;
import java.time.Duration;

/** An upgrade in a process of its own, to be killed. Arguments: base URL and application; the token is in TOKEN. */
final class UpgradeProcess {

    private UpgradeProcess() {}

    public static void main(String[] args) throws InterruptedException {
        try (DivioClient divio = DivioClient.builder()
                .baseUrl(args[0])
                .token(System.getenv("TOKEN"))
                .build()) {
            RunReport report = DivioUpgrade.builder(divio, args[1])
                    .pollInterval(Duration.ofMillis(20))
                    .build()
                    .runner()
                    .build()
                    .run(UpgradeSpec.to("15").build());
            System.exit(report.succeeded() ? 0 : 1);
        }
    }
}
